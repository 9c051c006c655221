/** What the platform's word of a conversation means for its handoff. Pure: the same words in any order, the same end. */

import type { KnownConversation } from "../../../model/conversation-state.ts";
import type { Handoff, Ledger, Step } from "../../../model/handoff.ts";
import { conversationOf, isOwnConversation } from "../queries.ts";

type Standing = Pick<Handoff, "state" | "agentId" | "returnedBecause">;

type End = "closed" | "deleted";
const isEnd = (status: string | null): status is End => status === "closed" || status === "deleted";

/** Why we closed a conversation of our own, where nobody came; null: we did not. */
export const releasedBecause = (steps: readonly Step[]): Handoff["returnedBecause"] =>
  isOwnConversation(steps)
    ? (steps.flatMap(({ arguments: args, sends }) =>
        args.kind === "release" && args.because !== "ended" && sends > 0 ? [args.because] : [],
      )[0] ?? null)
    : null;

const isClosed = ({ handoff: { returnedBecause }, steps }: Ledger): boolean =>
  isEnd(returnedBecause) ||
  (releasedBecause(steps) !== null &&
    steps.some(({ arguments: args, state }) => args.kind === "release" && state === "done"));

/** How a handoff stands by what is known; null: nothing follows from it. */
function standing({ handoff, steps }: Ledger, known: KnownConversation): Standing | null {
  const read = conversationOf(steps);
  if (read === null) return null;
  // What happened before we read it ourselves is in what we read. In the same moment a person came after.
  const since = read.platformAt ?? read.seenAt;
  const isNews = known.assigneeAt > since || (known.assigneeAt === since && known.assignee === "human");
  const isHuman = isNews ? known.assignee === "human" : read.assignee === "human";
  const agentId = isNews ? known.agentId : read.agentId;
  const assigned: Standing = { state: "assigned", agentId, returnedBecause: null };
  // Until it is routed, only a person who already has the chat changes what is to be done.
  if (handoff.state === "pending" || handoff.state === "parked") return isHuman && isNews ? assigned : null;
  const returned = (returnedBecause: NonNullable<Standing["returnedBecause"]>): Standing => ({
    state: "returned",
    agentId: isHuman ? agentId : null,
    returnedBecause,
  });
  if (isEnd(known.status)) return returned(releasedBecause(steps) ?? known.status);
  if (known.status === "solved" && known.statusAt > since && handoff.decision.handBack.when === "solved") {
    return returned("solved");
  }
  if (isHuman) return assigned;
  if (isNews && known.assignee === "bot") return returned("given-to-bot");
  return { state: "routed", agentId: null, returnedBecause: null };
}

const isEnded = ({ state, returnedBecause }: Handoff): boolean => state === "returned" && returnedBecause === "ended";

/** Tells whether a person has a customer whom an operator gave back: another one, or the same, who writes to them again. */
const isBack = ({ agentId, endedAt }: Handoff, next: Standing, known: KnownConversation): boolean =>
  next.state === "assigned" && (next.agentId !== agentId || known.agentWroteAt > (endedAt ?? 0));

/**
 * The ledger by what is known of its conversation. `mayReopen`: no later round of the session has begun, so that a person
 * who has the customer again has them in this one.
 */
export function heard(ledger: Ledger, known: KnownConversation, mayReopen: boolean): Ledger {
  const { handoff } = ledger;
  switch (handoff.state) {
    case "deferred":
    case "cancelled":
      return ledger;
    case "returned":
      // It was seen closed by ourselves, or closed: nothing said of an earlier time opens it again.
      if (!mayReopen || (isClosed(ledger) && !isEnd(known.status))) return ledger;
      break;
    case "pending":
    case "parked":
    case "routed":
    case "assigned":
      break;
  }
  const next = standing(ledger, known);
  if (next === null) return ledger;
  if (isEnded(handoff) && !isEnd(known.status) && !isBack(handoff, next, known)) return ledger;
  // What we gave back ourselves waits for nobody: only a person who took it all the same changes that.
  const isOurs =
    handoff.returnedBecause === "waited" ||
    handoff.returnedBecause === "nobody-there" ||
    (handoff.state === "returned" && handoff.returnedBecause === null);
  if (isOurs && (next.state === "routed" || next.returnedBecause === "given-to-bot")) return ledger;
  const isSame =
    next.state === handoff.state &&
    next.agentId === handoff.agentId &&
    next.returnedBecause === handoff.returnedBecause;
  if (isSame) return ledger;
  const endedAt = next.returnedBecause === "ended" ? handoff.endedAt : null;
  const moved = { ...handoff, ...next, endedAt };
  if (next.state !== "routed" || handoff.state === "routed") return { ...ledger, handoff: moved };
  // It waits anew: what was said and done of the time before does not count.
  const waiting = { waitingSince: known.heardAt, waited: 0, alertedAt: null };
  return { ...ledger, handoff: { ...moved, ...waiting, routedAt: handoff.routedAt ?? handoff.updatedAt } };
}
