import type { FullLedger, SessionView } from "../handoff/core.ts";
import { controlOf } from "../handoff/keep.ts";
import type { CallbackAttempt } from "../sessions/callback.ts";
import type { Attempt, Handoff } from "../sessions/ledger.ts";

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

const showAttempt = (attempt: Attempt | CallbackAttempt) => ({
  at: time(attempt.sentAt),
  ms: attempt.endedAt === null ? null : attempt.endedAt - attempt.sentAt,
  outcome: attempt.outcome,
  status: attempt.status,
  requestId: "requestId" in attempt ? attempt.requestId : null,
  reason: attempt.code,
});

/** A handoff with every step, what the bot was told of it, and every attempt. */
export const showLedger = ({ handoff, steps, attempts, callbacks }: FullLedger) => ({
  ...showHandoff(handoff),
  steps: [
    ...steps.map((step) => ({
      name: step.name,
      state: step.state,
      attempts: attempts.filter(({ position }) => position === step.position).map(showAttempt),
    })),
    ...callbacks.map(({ callback, attempts: tries }) => ({
      name: `callback:${callback.type}`,
      state: callback.state,
      attempts: tries.map(showAttempt),
    })),
  ],
});

export const showSession = ({ session, lastHandoff: last }: SessionView) => ({
  bot: session.bot,
  session: session.session,
  control: session.control,
  conversationId: session.conversationId,
  handoff: last === null ? null : { id: last.id, state: last.state, reason: last.reason },
});
