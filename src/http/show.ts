import { controlOf } from "../handoff/control.ts";
import type { FullLedger, SessionErased, SessionExport, SessionView } from "../handoff/core.ts";
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
      callback: callback.id,
      setAsideBecause: callback.setAsideBecause,
      nextAttemptAt: time(callback.state === "ready" ? callback.nextAt : null),
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

const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

/** Lists the effects of a handoff on the platform, in the order of its steps. */
function showSent({ steps }: FullLedger) {
  const all = steps.map((step) => step.arguments);
  const conversation = all.find((it) => it.kind === "conversation");
  return {
    topic: conversation?.topic ?? null,
    summary: conversation?.summary ?? null,
    notes: all.flatMap((it) => (it.kind === "words" ? it.pages : it.kind === "note" && it.content ? [it.content] : [])),
    metadata: all.find((it) => it.kind === "metadata")?.data ?? null,
    texts: all.flatMap((it) => (it.kind === "text" ? [it.text] : [])),
  };
}

/** Everything recorded of a session. */
export const showExport = ({ session, events, next, handoffs, conversations }: SessionExport) => ({
  session: {
    bot: session.bot,
    session: session.session,
    control: session.control,
    agentId: session.control === "agent" ? session.agentId : null,
    epoch: session.epoch,
    conversationId: session.conversationId,
    follows: session.follows,
    previousConversationId: session.previousConversationId,
    facts: session.facts,
    notice: session.notice,
    returnedAt: time(session.returnedAt),
    createdAt: time(session.createdAt),
    updatedAt: time(session.updatedAt),
  },
  events: events.map((event) => ({
    source: event.source,
    id: event.eventId,
    type: event.type,
    at: time(event.occurredAt),
    receivedAt: time(event.receivedAt),
    body: parsed(event.body),
    outcome: event.outcome,
    rule: event.rule,
    why: parsed(event.why),
    handoffId: event.handoffId,
    message: event.message,
    leftOut: parsed(event.leftOut),
  })),
  next,
  handoffs: handoffs.map((ledger) => ({
    ...showLedger(ledger),
    sent: showSent(ledger),
    callbacks: ledger.callbacks.map(({ callback }) => ({
      type: callback.type,
      state: callback.state,
      at: time(callback.createdAt),
      data: callback.data,
    })),
  })),
  conversations: conversations.map(({ id, account, status, assignee, agentId, agentName, queueId, heardAt }) => ({
    ...{ id, account, status, assignee, agentId, agentName, queueId },
    heardAt: time(heardAt),
  })),
});

/** Shows the erased data, and the data that is not ours to erase. */
export const showErased = ({ conversations, ...erased }: Extract<SessionErased, { ok: true }>["value"]) => ({
  erased,
  atPlatform: {
    conversations,
    detail:
      conversations.length === 0
        ? "No conversation of it was known."
        : "These conversations stay at the platform, with their notes and messages: delete them there.",
  },
});
