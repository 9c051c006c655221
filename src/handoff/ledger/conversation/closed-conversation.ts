/** A ledger whose conversation is not its own any more: closed, gone, or the next round's. Pure. */
import type { Ledger, Step } from "../../../model/handoff.ts";
import { releasedBecause } from "../transitions/apply-conversation-state.ts";

/** What is done to a conversation at a hand-back, as long as it is open and no other round has begun in it. */
const AT_HAND_BACK = new Set<Step["arguments"]["kind"]>(["untag", "text"]);
/** What would take the conversation from the next round. */
const AGAINST_NEXT_ROUND = new Set<Step["arguments"]["kind"]>([...AT_HAND_BACK, "release"]);
/** What is written to a conversation after the hand-back: in a closed one nobody reads it. */
const IN_OPEN_CONVERSATION = new Set<Step["arguments"]["kind"]>([...AT_HAND_BACK, "words"]);

/** Leaves out steps that are not settled. The answer to one that is on its way changes nothing any more. */
const without = (steps: readonly Step[], kinds: ReadonlySet<Step["arguments"]["kind"]>): Step[] =>
  steps.map((step) =>
    kinds.has(step.arguments.kind) && ["ready", "unknown", "sent"].includes(step.state)
      ? { ...step, state: "skipped", fence: step.fence + 1 }
      : step,
  );

/** The steps of a handoff whose conversation the next round goes on with: its tags are that round's now. */
export const superseded = (steps: readonly Step[]): Step[] => without(steps, AGAINST_NEXT_ROUND);

/**
 * The conversation is closed or gone: whoever had the customer is done. Where the bot had them back already, what was still
 * to be done to the conversation is left out.
 */
export function closed(ledger: Ledger): Ledger {
  const { handoff } = ledger;
  if (handoff.state === "cancelled") return ledger;
  if (handoff.state === "returned") {
    const steps = without(ledger.steps, IN_OPEN_CONVERSATION);
    return { steps, handoff: { ...handoff, wordsAt: null, returnedBecause: releasedBecause(steps) ?? "closed" } };
  }
  return { ...ledger, handoff: { ...handoff, wordsAt: null, state: "returned", returnedBecause: "closed" } };
}
