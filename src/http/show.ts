import { controlOf } from "../handoff/keep.ts";
import type { Attempt, Handoff, Ledger } from "../sessions/ledger.ts";
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

/** A handoff with every step and every attempt. */
export const showLedger = ({ handoff, steps }: Ledger, attempts: readonly Attempt[]) => ({
  ...showHandoff(handoff),
  steps: steps.map((step) => ({
    name: step.name,
    state: step.state,
    attempts: attempts
      .filter((attempt) => attempt.position === step.position)
      .map(({ sentAt, endedAt, outcome, status, requestId, code }) => ({
        at: time(sentAt),
        ms: endedAt === null ? null : endedAt - sentAt,
        outcome,
        status,
        requestId,
        reason: code,
      })),
  })),
});

export const showSession = (session: Session, last: Handoff | null) => ({
  bot: session.bot,
  session: session.session,
  control: session.control,
  conversationId: session.conversationId,
  handoff: last === null ? null : { id: last.id, state: last.state, reason: last.reason },
});
