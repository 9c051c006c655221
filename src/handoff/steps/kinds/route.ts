/**
 * Sends the conversation to the agents. A route removes the current assignee, so it is never sent while a person has the
 * conversation.
 */
import { holdsRoute } from "../../ledger/later-words.ts";
import { conversationOf } from "../../ledger/queries.ts";
import type { StepOutcome } from "../../ledger/step-attempt.ts";
import { andThen, type Context, done, notSeenYet, readAssignee, STEP_LOST } from "../step-context.ts";
import { CONVERSATION, defineStep } from "../step-kind.ts";

/** Reads the conversation and returns why a route must not be sent; null: it may be sent. */
async function reasonNotToRoute(context: Context, id: string): Promise<StepOutcome | null> {
  const { account, ledger, run } = context;
  const current = await account.client.get(id);
  if (current.kind !== "ok") return current;
  const { call, value } = current;
  const isRepeat = run.mayHaveHappened;
  if (value.status === "CLOSED")
    return isRepeat ? { kind: "over", call } : { kind: "refused", refusal: { reason: "closed" }, call };
  const who = await readAssignee(context, value, call, context.now());
  if (who.kind !== "done" || who.result.kind !== "conversation") return who;
  if (who.result.assignee === "human") return { kind: "human", seen: who.result, call };
  const before = conversationOf(ledger.steps);
  // A queue that Baton set itself is no sign of a route.
  const given = ledger.steps.flatMap(({ result }) => (result?.kind === "queue" ? [result.queueId] : []));
  const isMoved = before !== null && ![before.queueId, ...given].includes(who.result.queueId);
  const isUnassigned = before?.assignee === "bot" && who.result.assignee === "none";
  if (isRepeat && (isMoved || isUnassigned)) return done({ kind: "route", queueId: who.result.queueId }, call);
  return run.isLookupOnly ? notSeenYet(call) : null;
}

export const route = defineStep("route", {
  isEssential: true,
  isRouting: true,
  goesStale: true,
  requests: () => [`POST ${CONVERSATION}/route`],
  isReady: (_args, step, { steps, isAwaited, isBeforeRoute }) =>
    conversationOf(steps) !== null && !steps.some((it) => (isBeforeRoute(it, step) && isAwaited(it)) || holdsRoute(it)),
  canBeFound: () => true,
  isMootWithHuman: () => true,

  async run(context, _args, id) {
    if (context.run.mayHaveHappened || context.run.isStale) {
      const standing = await reasonNotToRoute(context, id);
      if (standing !== null) return standing;
      if (!context.isHeld()) return STEP_LOST;
    }
    return andThen(context.account.client.route(id), (conversation, call) =>
      done({ kind: "route", queueId: conversation?.queueId ?? null }, call),
    );
  },
});
