/** A customer who leaves while a handoff is open. Pure. */
import type { Ledger } from "../../../model/handoff.ts";
import type { Session } from "../../../model/session.ts";

/**
 * Whoever waits in a queue waits no more. A handoff that was put off or set aside is kept: it is owed. Answers' own element
 * ends its session when it passes the customer on.
 */
export function withCustomerLeft({ handoff, steps }: Ledger, now: number): Ledger {
  const isInQueue = handoff.state === "pending" || handoff.state === "routed";
  if (!isInQueue || handoff.routedBy === "answers") return { handoff, steps };
  return { handoff: { ...handoff, leftAt: now, dueAt: Math.min(handoff.dueAt ?? now, now) }, steps };
}

/** Whether the customer of an open handoff left, and is here again with another event than the end of a session. */
export const isBackAgain = (session: Session, type: string): boolean =>
  session.control === "nobody" && type !== "session.ended";

/**
 * The customer is here again. In the queue their place is given up, since the bot has them now; the conversation stays with
 * the agents. Before it got there, they go on waiting.
 */
export function withCustomerBack({ handoff, steps }: Ledger, now: number): Ledger {
  if (handoff.state !== "routed") return { handoff: { ...handoff, leftAt: null }, steps };
  return { handoff: { ...handoff, state: "returned", agentId: null, dueAt: now, updatedAt: now }, steps };
}
