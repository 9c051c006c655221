/** Context that all attempts of steps share. */

import { readTimestamp } from "../../events/reading/timestamp.ts";
import type { ConversationsClient } from "../../infobip/client.ts";
import type { Call, Outcome } from "../../infobip/outcome.ts";
import type { Conversation } from "../../infobip/schema.ts";
import type { Log } from "../../log.ts";
import { believedAt } from "../../model/conversation-state.ts";
import type { ConversationResult, Ledger, StepResult } from "../../model/handoff.ts";
import type { Directory } from "../account/directory.ts";
import type { Run, StepOutcome } from "../ledger/step-attempt.ts";
import type { HandoffSettings } from "../settings.ts";

/** One Infobip account, as the steps need it. */
export interface Account {
  client: ConversationsClient;
  directory: Directory;
}

export interface Context {
  account: Account;
  ledger: Ledger;
  run: Run;
  /** True while the step still belongs to this attempt: meanwhile it may have been reset, or given to another attempt. */
  isHeld: () => boolean;
  now: () => number;
  settings: HandoffSettings;
  log: Log;
}

export const NO_RESULT: StepResult = { kind: "plain" };
/** Outcome of an attempt that lost its step. Nothing waits for it. */
export const STEP_LOST: StepOutcome = { kind: "unknown", why: "internal", call: null };
/** The effect is not there, or cannot be seen yet. */
export const notSeenYet = (call: Call): StepOutcome => ({ kind: "unknown", why: "not-seen-yet", call });
export const done = (result: StepResult, call: Call | null): StepOutcome => ({ kind: "done", result, call });

/** Turns an outcome into a step's outcome. `ok` gives the meaning of a success. */
export async function andThen<T>(
  pending: Promise<Outcome<T>>,
  ok: (value: T, call: Call) => StepOutcome | Promise<StepOutcome>,
): Promise<StepOutcome> {
  const outcome = await pending;
  return outcome.kind === "ok" ? ok(outcome.value, outcome.call) : outcome;
}

/** Limits the time as that of pushes, so that later pushes count as later. */
function platformTimeOf({ updatedAt }: Conversation, seenAt: number): number | null {
  const at = readTimestamp(updatedAt);
  return at === undefined ? null : believedAt(Date.parse(at), seenAt);
}

/**
 * Reads the assignee of a conversation, so that a route never takes it from a person. `seenAt`: a time before the request. The
 * process may have stood still since the answer, so the time of reading says nothing of its age.
 */
export function readAssignee(
  { account, now }: Context,
  conversation: Conversation,
  call: Call,
  seenAt: number,
): Promise<StepOutcome> | StepOutcome {
  const agentId = conversation.agentId || null;
  const result: ConversationResult = {
    kind: "conversation",
    conversationId: conversation.id,
    assignee: "none",
    agentId,
    queueId: conversation.queueId || null,
    seenAt,
    platformAt: platformTimeOf(conversation, now()),
    channel: conversation.channel || null,
  };
  if (agentId === null) return done(result, call);
  return andThen(account.directory.isBot(agentId), (isBot) =>
    done({ ...result, assignee: isBot ? "bot" : "human" }, call),
  );
}

/**
 * Calls `otherwise` unless a person already has the conversation: then Baton neither routes it nor changes its queue. Where the
 * assignee cannot be told from a bot, the ledger keeps that, so that no route is sent without a look.
 */
export async function unlessHuman(
  context: Context,
  conversation: Conversation,
  call: Call,
  otherwise: () => StepOutcome | Promise<StepOutcome>,
): Promise<StepOutcome> {
  const who = await readAssignee(context, conversation, call, context.now());
  if (who.kind !== "done" || who.result.kind !== "conversation") {
    const retryAfterMs = who.kind === "refused" && who.refusal.reason === "throttled" ? who.refusal.retryAfterMs : null;
    return { kind: "unknown", why: "assignee-unread", call, retryAfterMs };
  }
  return who.result.assignee === "human" ? { kind: "human", seen: who.result, call } : otherwise();
}
