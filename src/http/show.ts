import { controlOf } from "../handoff/keep.ts";
import type { Callback, CallbackAttempt } from "../sessions/callback.ts";
import type { Attempt, Handoff, Ledger } from "../sessions/ledger.ts";
import type { Tables } from "../sessions/record.ts";
import type { Session } from "../sessions/session.ts";

const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** A handoff without its ledger, as lists show it. */
export const showHandoff = (handoff: Handoff) => ({
  id: handoff.id,
  bot: handoff.bot,
  session: handoff.session,
  flow: handoff.flow,
  account: handoff.account,
  state: handoff.state,
  reason: handoff.reason,
  rule: handoff.rule,
  control: controlOf(handoff),
  conversationId: handoff.conversationId,
  agentId: handoff.agentId,
  replaces: handoff.replaces,
  continues: handoff.continues,
  tags: handoff.decision.tags,
  priority: handoff.decision.priority,
  queue: handoff.decision.queue,
  leftOut: handoff.decision.leftOut,
  message: handoff.message,
  returnedBecause: handoff.returnedBecause,
  deferredUntil: time(handoff.deferredUntil),
  lateSince: time(handoff.alertedAt),
  parkedBecause: handoff.parkedBecause,
  parkedFor: handoff.parkedFor,
  nextAttemptAt: time(handoff.dueAt),
  createdAt: time(handoff.createdAt),
  routedAt: time(handoff.routedAt),
});

/** Every try of whatever left this process: to the platform, or to the bot. */
export interface LedgerAttempts {
  steps: readonly Attempt[];
  callbacks: readonly { callback: Callback; attempts: readonly CallbackAttempt[] }[];
}

export const attemptsOf = ({ handoffs, callbacks }: Tables, id: string): LedgerAttempts => ({
  steps: handoffs.attemptsOf(id),
  callbacks: callbacks.ofHandoff(id).map((callback) => ({ callback, attempts: callbacks.attemptsOf(callback.id) })),
});

const showAttempt = (attempt: Attempt | CallbackAttempt) => ({
  at: time(attempt.sentAt),
  ms: attempt.endedAt === null ? null : attempt.endedAt - attempt.sentAt,
  outcome: attempt.outcome,
  status: attempt.status,
  requestId: "requestId" in attempt ? attempt.requestId : null,
  reason: attempt.code,
});

/** A handoff with every step, what the bot was told of it, and every attempt. */
export const showLedger = ({ handoff, steps }: Ledger, attempts: LedgerAttempts) => ({
  ...showHandoff(handoff),
  steps: [
    ...steps.map((step) => ({
      name: step.name,
      state: step.state,
      attempts: attempts.steps.filter(({ position }) => position === step.position).map(showAttempt),
    })),
    ...attempts.callbacks.map(({ callback, attempts: tries }) => ({
      name: `callback:${callback.type}`,
      state: callback.state,
      attempts: tries.map(showAttempt),
    })),
  ],
});

export const showSession = (session: Session, last: Handoff | null) => ({
  bot: session.bot,
  session: session.session,
  control: session.control,
  conversationId: session.conversationId,
  handoff: last === null ? null : { id: last.id, state: last.state, reason: last.reason },
});
