/** A ledger's changes as they are written: within a commit, together with what they mean for the session. */
import type { Handoff, Ledger } from "../sessions/ledger.ts";
import type { Tables } from "../sessions/record.ts";
import type { Control, Session } from "../sessions/session.ts";

/** Who talks to the customer while a handoff is in a state. A parked one leaves the customer with the bot, not with nobody. */
export function controlOf(handoff: Handoff): Control {
  switch (handoff.state) {
    case "pending":
    case "routed":
      return "queue";
    case "assigned":
      return "agent";
    case "deferred":
    case "parked":
    case "returned":
    case "cancelled":
      return "bot";
  }
}

/** What the next round starts from. A conversation that nobody closed is taken up again, so that there are never two. */
function nextConversation({ state, conversationId }: Handoff): string | null {
  return state === "cancelled" ? conversationId : null;
}

function withHandoff(session: Session, handoff: Handoff): Session {
  const { id, bot, session: name, epoch, facts, version, createdAt, updatedAt } = session;
  const common = { id, bot, session: name, version, createdAt, updatedAt };
  const isOver = handoff.state === "returned" || handoff.state === "cancelled";
  // The next round counts anew: a fallback of before the agent must not call the next one.
  const next = isOver
    ? {
        ...common,
        epoch: epoch + 1,
        conversationId: nextConversation(handoff),
        facts: { ...facts, fallbacks: 0, errors: 0 },
      }
    : { ...common, epoch, conversationId: handoff.conversationId, facts };
  const control = controlOf(handoff);
  return control === "agent" ? { ...next, control, agentId: handoff.agentId } : { ...next, control };
}

/** Writes what changed. A handoff of an earlier round has no say in the session any more. */
export function keep(tables: Tables, before: Ledger, after: Ledger, at: number): void {
  const { handoff, steps } = after;
  for (const step of steps) {
    if (!before.steps.includes(step)) tables.handoffs.saveStep(handoff.id, step);
  }
  tables.handoffs.save(handoff);
  const isMoved = handoff.state !== before.handoff.state || handoff.conversationId !== before.handoff.conversationId;
  const session = isMoved ? tables.sessions.byId(handoff.sessionId) : null;
  if (session !== null && session.epoch === handoff.epoch) tables.sessions.save(withHandoff(session, handoff), at);
}
