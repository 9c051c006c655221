/** Puts the conversation into the queue that a flow or a bot named, unless a person has it. */
import type { Outcome } from "../../../infobip/outcome.ts";
import type { Ledger } from "../../../model/handoff.ts";
import { conversationOf, routeOf } from "../../ledger/queries.ts";
import type { StepOutcome } from "../../ledger/step-attempt.ts";
import { andThen, type Context, done, NO_RESULT, STEP_LOST, unlessHuman } from "../step-context.ts";
import { CONVERSATION, defineStep } from "../step-kind.ts";

/**
 * Returns the id of the queue that a flow or a bot named. A queue that the account does not have is left out, so the customer
 * does not wait.
 */
export async function queueOf({ account, ledger, log }: Context, queue: string): Promise<Outcome<string | null>> {
  const outcome = await account.directory.queueId(queue);
  if (outcome.kind === "ok" && outcome.value === null) {
    log.warn(
      { handoff: ledger.handoff.id, account: ledger.handoff.account },
      "the account has no such queue; left out",
    );
  }
  return outcome;
}

/** The account has no such queue, so further steps that name it are refused without a call. */
export const withoutQueueSteps = (ledger: Ledger, queue: string): Ledger => ({
  ...ledger,
  steps: ledger.steps.map((step) =>
    step.arguments.kind === "queue" && step.arguments.queue === queue && step.state === "ready"
      ? { ...step, state: "refused" as const }
      : step,
  ),
});

export const queue = defineStep("queue", {
  isRouting: true,
  requests: () => [`PATCH ${CONVERSATION}`],
  isReady({ moment }, _step, { steps, isContextAwaited, isAwaited }) {
    if (moment === "after-route") return routeOf(steps)?.state === "done";
    const isAgentsAwaited = steps.some((it) => it.arguments.kind === "agents" && isAwaited(it));
    return conversationOf(steps) !== null && !isContextAwaited() && !isAgentsAwaited;
  },
  canBeFound: () => false,
  isMootWithHuman: () => true,

  /** A new conversation is created in its queue, and availability is checked again. */
  restart(fresh, { arguments: args }) {
    if (args.kind !== "queue") return fresh;
    return args.moment === "before-route" || args.instead ? { ...fresh, state: "skipped" } : fresh;
  },

  run: (context, args, id) =>
    andThen(queueOf(context, args.queue), (queueId, asked) => {
      const { client } = context.account;
      if (queueId === null) return { kind: "no-queue", queue: args.queue, call: asked };
      const put = async (): Promise<StepOutcome> => {
        if (!context.isHeld()) return STEP_LOST;
        return andThen(client.update(id, { queueId }), (conversation, call) =>
          unlessHuman(context, conversation, call, () => done({ kind: "queue", queueId }, call)),
        );
      };
      if (args.moment === "before-route") return put();
      // The platform does not document whether a route keeps the queue, so it is read.
      return andThen(client.get(id), (conversation, call) => {
        if (conversation.queueId === queueId) return done(NO_RESULT, call);
        if (context.ledger.handoff.keepQueue === "enforce") return unlessHuman(context, conversation, call, put);
        return done({ kind: "moved", queueId: conversation.queueId || null }, call);
      });
    }),
});
