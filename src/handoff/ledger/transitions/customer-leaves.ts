/** Applies the leave and the return of a customer while a handoff is open. Pure. */
import type { Ledger } from "../../../model/handoff.ts";
import type { Session } from "../../../model/session.ts";

/**
 * Ends the wait of a customer in a queue. A deferred or parked handoff stays: it is owed. Answers' own element ends its session
 * when it passes the customer on.
 */
export function withCustomerLeft({ handoff, steps }: Ledger, now: number): Ledger {
  const isInQueue = handoff.state === "pending" || handoff.state === "routed";
  if (!isInQueue || handoff.routedBy === "answers") return { handoff, steps };
  return { handoff: { ...handoff, leftAt: now, dueAt: Math.min(handoff.dueAt ?? now, now) }, steps };
}

/** True if the customer of an open handoff left, and is back with another event than the end of a session. */
export const isBackAgain = (session: Session, type: string): boolean =>
  session.control === "nobody" && type !== "session.ended";

/**
 * Applies the customer's return. They lose their place in the queue, since the bot has them now; the conversation stays with the
 * agents. A handoff that was not in the queue yet goes on.
 */
export function withCustomerBack({ handoff, steps }: Ledger, now: number): Ledger {
  if (handoff.state !== "routed") return { handoff: { ...handoff, leftAt: null }, steps };
  return { handoff: { ...handoff, state: "returned", agentId: null, dueAt: now, updatedAt: now }, steps };
}
