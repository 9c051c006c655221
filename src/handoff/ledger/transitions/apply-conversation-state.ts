/** Applies the state of a conversation to its handoff. Pure: observations in any order have the same result. */

import type { KnownConversation } from "../../../model/conversation-state.ts";
import type { Handoff, Ledger, Step } from "../../../model/handoff.ts";
import { withoutMootWithHuman } from "../claim-due-steps.ts";
import { endAsClosed } from "../conversation/closed-conversation.ts";
import { releasedBecause } from "../conversation/released.ts";
import { conversationOf, isSettled } from "../queries.ts";

type Standing = Pick<Handoff, "state" | "agentId" | "returnedBecause">;

type End = "closed" | "deleted";
const isEnd = (status: string | null): status is End => status === "closed" || status === "deleted";

const isClosed = ({ handoff: { returnedBecause }, steps }: Ledger): boolean =>
  isEnd(returnedBecause) ||
  (releasedBecause(steps) !== null &&
    steps.some(({ arguments: args, state }) => args.kind === "release" && state === "done"));

/** State of a handoff by the state of its conversation; null: unchanged. */
function standing({ handoff, steps }: Ledger, known: KnownConversation): Standing | null {
  const read = conversationOf(steps);
  if (read === null) return null;
  // Our own look includes everything before it. A person at the same moment came after it.
  const since = read.platformAt ?? read.seenAt;
  const isNews = known.assigneeAt > since || (known.assigneeAt === since && known.assignee === "human");
  const isHuman = isNews ? known.assignee === "human" : read.assignee === "human";
  const agentId = isNews ? known.agentId : read.agentId;
  const assigned: Standing = { state: "assigned", agentId, returnedBecause: null };
  // Only a person who already has the chat changes the next steps before the route.
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

/** True for a give-back and a text that belong to one wait for an agent. */
const isOfWait = ({ arguments: args }: Step): boolean =>
  (args.kind === "release" && args.because !== "ended") || (args.kind === "text" && args.moment === "waiting");

/** Drops what an earlier wait still had to do, also what is on its way: a person had the conversation meanwhile. */
const withoutFormerWait = (steps: readonly Step[]): Step[] =>
  withoutMootWithHuman(steps, (step) => isOfWait(step) && !isSettled(step));

const isEnded = ({ state, returnedBecause }: Handoff): boolean => state === "returned" && returnedBecause === "ended";

/** True if a person has a customer again whom an operator gave back: another person, or the same one by a new message. */
const isBack = ({ agentId, endedAt }: Handoff, next: Standing, known: KnownConversation): boolean =>
  next.state === "assigned" && (next.agentId !== agentId || known.agentWroteAt > (endedAt ?? 0));

/**
 * Applies the state of a conversation to its ledger. `mayReopen`: no later round of the session has begun, so a person who has
 * the customer again has them in this one.
 */
export function applyConversationState(ledger: Ledger, known: KnownConversation, mayReopen: boolean): Ledger {
  const { handoff } = ledger;
  switch (handoff.state) {
    case "deferred":
    case "cancelled":
      return ledger;
    case "returned":
      // A conversation that Baton closed, or saw closed, stays closed: an observation of an earlier time does not reopen it.
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
  // A conversation that Baton gave back waits for nobody: only a person who took it anyway changes that.
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
  const moved = { ...handoff, ...next, endedAt: null };
  // Baton closed it, also if the answer to that is lost: words on their way have no reader any more.
  if (isEnd(known.status) && !isEnd(next.returnedBecause)) return endAsClosed({ ...ledger, handoff: moved });
  if (next.state !== "routed" || handoff.state === "routed") return { ...ledger, handoff: moved };
  // The wait starts again: texts, alerts and a give-back of the time before do not count.
  const waiting = { waitingSince: known.heardAt, waited: 0, alertedAt: null };
  const anew = { ...moved, ...waiting, routedAt: handoff.routedAt ?? handoff.updatedAt };
  return { handoff: anew, steps: withoutFormerWait(ledger.steps) };
}
