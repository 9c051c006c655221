/** Where a round of a session begins. Pure. */

import type { EventType } from "../../events/event.ts";
import { factsOfNextRound } from "../../events/facts.ts";
import type { Session } from "../../model/session.ts";

interface Found {
  /** The event that finds the session. */
  type: EventType;
  hasOpenHandoff: boolean;
  newRoundAfterMs: number;
  now: number;
}

/** Nothing has happened in the round yet. */
const isFresh = ({ version, updatedAt, returnedAt }: Session): boolean => version === 0 || updatedAt === returnedAt;

/**
 * The session with a new round, where the event begins one. While a handoff is open the round goes on: the customer still
 * waits for the person.
 */
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
