/** A customer who leaves while a handoff is open. Pure. */
import { NOTE_MAX } from "../conversations/schema.ts";
import { pagesOf } from "../escalation/pages.ts";
import type { Ledger } from "../sessions/ledger.ts";
import type { Session } from "../sessions/session.ts";
import { nextPosition } from "./nobody-there.ts";
import { newStep } from "./plan.ts";

/** As for what is asked again: a bot that ends its session for ever must not grow a ledger without bound. */
const MAX_TIMES = 10;
const TEXT = "The customer left the chat.";

/** Tells the agent. Whoever waits in a queue waits no more; a handoff that was put off or set aside is kept: it is owed. */
export function withCustomerLeft(ledger: Ledger, hasNotes: boolean, now: number): Ledger {
  const { handoff, steps } = ledger;
  const isInQueue = handoff.state === "pending" || handoff.state === "routed";
  const notes = steps.filter(({ arguments: args }) => args.kind === "note");
  const times = notes.filter(({ name }) => name.startsWith("note:left")).length + 1;
  // Of its own, so that it is not taken for a note that is there already.
  const [content = ""] = pagesOf([TEXT], `${handoff.token}/left-${times}`, NOTE_MAX);
  const note = newStep(
    nextPosition(steps),
    times === 1 ? "note:left" : `note:left-${times}`,
    { kind: "note", content, part: notes.length + 1 },
    now,
  );
  return {
    handoff: {
      ...handoff,
      leftAt: isInQueue ? now : handoff.leftAt,
      dueAt: handoff.state === "deferred" ? handoff.dueAt : now,
    },
    steps: hasNotes && times <= MAX_TIMES ? [...steps, note] : steps,
  };
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
