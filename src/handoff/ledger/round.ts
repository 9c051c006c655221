/** Begins rounds of a session. Pure. */

import type { EventType } from "../../events/event.ts";
import { factsOfNextRound } from "../../events/facts.ts";
import type { Session } from "../../model/session.ts";

interface Found {
  /** Type of the event. */
  type: EventType;
  hasOpenHandoff: boolean;
  newRoundAfterMs: number;
  now: number;
}

/** True if nothing has happened in the round yet. */
const isFresh = ({ version, updatedAt, returnedAt }: Session): boolean => version === 0 || updatedAt === returnedAt;

/** Begins a new round if the event does so. A round goes on while a handoff is open: the customer still waits for the agent. */
export function withRound(session: Session, { type, hasOpenHandoff, newRoundAfterMs, now }: Found): Session {
  const next = { epoch: session.epoch + 1, facts: factsOfNextRound(session.facts) };
  if (session.control === "nobody") {
    if (type === "session.ended") return session;
    return {
      ...session,
      ...next,
      control: "bot",
      conversationId: null,
      previousConversationId: session.conversationId ?? session.previousConversationId,
    };
  }
  if (hasOpenHandoff || isFresh(session)) return session;
  const isSilent = now - session.updatedAt > newRoundAfterMs;
  return type === "session.started" || isSilent ? { ...session, ...next } : session;
}
