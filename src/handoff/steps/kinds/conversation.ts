/** Opens the handoff's conversation: creates one, or updates the given one. */
import type { Call } from "../../../infobip/outcome.ts";
import type { Conversation } from "../../../infobip/schema.ts";
import { linkSummary } from "../../ledger/conversation/link-summary.ts";
import type { StepOutcome } from "../../ledger/step-attempt.ts";
import { withDone } from "../../ledger/step-edits.ts";
import { closeOthers, findByToken, pickSurvivor } from "../duplicate-conversations.ts";
import { andThen, type Context, notSeenYet, readAssignee, STEP_LOST } from "../step-context.ts";
import { type Arguments, CONVERSATION, defineStep } from "../step-kind.ts";
import { queueOf, withoutQueueSteps } from "./queue.ts";

/** The conversation exists. Whatever else fails, Baton must find it again and not create another one. */
async function afterCreate(
  context: Context,
  conversation: Conversation,
  call: Call,
  seenAt: number,
): Promise<StepOutcome> {
  const outcome = await readAssignee(context, conversation, call, seenAt);
  return outcome.kind === "refused" ? { kind: "unknown", why: "assignee-unread", call: outcome.call } : outcome;
}

/** Continues with one of several conversations. The later sweep closes those that cannot be closed now. */
async function keepOnly(
  context: Context,
  open: readonly Conversation[],
  chosen: Conversation,
  call: Call,
  seenAt: number,
): Promise<StepOutcome> {
  if (!context.isHeld()) return STEP_LOST;
  await closeOthers(context.account.client, open, chosen.id);
  return afterCreate(context, chosen, call, seenAt);
}

/** Handles the success of a repeated create: an earlier create may have succeeded, too. */
async function closeDuplicates(context: Context, created: Conversation, call: Call): Promise<StepOutcome> {
  const seenAt = context.now();
  const found = await findByToken(context.account.client, context.ledger, context.settings);
  if (found.kind !== "ok") return { kind: "unknown", why: "duplicates-unread", call: found.call };
  const open = found.value.some((it) => it.id === created.id) ? found.value : [...found.value, created];
  return keepOnly(context, open, pickSurvivor(open) ?? created, call, seenAt);
}

async function create(context: Context, args: Arguments<"conversation">): Promise<StepOutcome> {
  const { account, run, ledger, settings } = context;
  const seenAt = context.now();
  if (run.mayHaveHappened) {
    const found = await findByToken(account.client, ledger, settings);
    if (found.kind !== "ok") return found;
    const chosen = pickSurvivor(found.value);
    if (chosen !== undefined) return keepOnly(context, found.value, chosen, found.call, seenAt);
    if (run.isLookupOnly) return notSeenYet(found.call);
    if (!context.isHeld()) return STEP_LOST;
  }
  const { topic, summary, priority } = args;
  const post = (fields: { queueId?: string }): Promise<StepOutcome> =>
    andThen(account.client.create({ topic, summary, priority, ...fields }), (it, call) =>
      // The record's count decides: a crash leaves no error to remember.
      run.step.sends > 1 ? closeDuplicates(context, it, call) : afterCreate(context, it, call, seenAt),
    );
  if (args.queue === null) return post({});
  return andThen(queueOf(context, args.queue), async (queueId) =>
    queueId === null ? withUnknownQueue(await post({})) : post({ queueId }),
  );
}

/** The conversation was created without its queue: the account has none of that name. */
const withUnknownQueue = (outcome: StepOutcome): StepOutcome =>
  outcome.kind === "done" && outcome.result.kind === "conversation"
    ? { ...outcome, result: { ...outcome.result, isQueueUnknown: true } }
    : outcome;

export const conversation = defineStep("conversation", {
  isEssential: true,
  requests: ({ adopt }) => [adopt === null ? "POST /ccaas/1/conversations" : `PATCH ${CONVERSATION}`],
  textOf: ({ topic }) => topic,
  isReady: () => true,
  canBeFound: ({ adopt }) => adopt === null,
  // Later steps need the id of a new conversation, so its success is written at once.
  canWait: ({ adopt }) => adopt !== null,

  applyResult(ledger, step, result) {
    const written = withDone(ledger, step, result);
    if (result.kind !== "conversation" || step.arguments.kind !== "conversation") return written;
    const opened = { ...written, handoff: { ...written.handoff, conversationId: result.conversationId } };
    const { queue } = step.arguments;
    return result.isQueueUnknown === true && queue !== null ? withoutQueueSteps(opened, queue) : opened;
  },

  restart(fresh, step, { handoff, replaces }) {
    const args = step.arguments;
    if (args.kind !== "conversation") return fresh;
    const summary = linkSummary(args.summary, handoff.token, replaces.at(-1));
    // Earlier creates of this handoff may still have their effect.
    const counted =
      args.adopt === null ? { sends: step.sends, firstSentAt: step.firstSentAt, sentAt: step.sentAt } : {};
    const { priority } = handoff.decision;
    return { ...fresh, ...counted, arguments: { ...args, adopt: null, reopen: false, summary, priority } };
  },

  run(context, args) {
    const { adopt, reopen, topic, summary, priority } = args;
    if (adopt === null) return create(context, args);
    const fields = { topic, summary, priority, ...(reopen && { status: "OPEN" as const }) };
    const seenAt = context.now();
    return andThen(context.account.client.update(adopt, fields), (it, call) => readAssignee(context, it, call, seenAt));
  },
});
