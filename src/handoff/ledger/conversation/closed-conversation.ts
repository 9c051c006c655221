/** A ledger whose conversation is not its own any more: closed, gone, or the next round's. Pure. */
import type { Ledger, Step } from "../../../model/handoff.ts";
import type { StepRules } from "../../steps/step-kind.ts";
import { rulesOf } from "../../steps/step-table.ts";
import { isSettled } from "../queries.ts";
import { releasedBecause } from "../transitions/apply-conversation-state.ts";

/** Leaves out steps that are not settled. The answer to one that is on its way changes nothing any more. */
const without = (steps: readonly Step[], isOut: (rules: StepRules) => boolean): Step[] =>
  steps.map((step) =>
    isOut(rulesOf(step)) && !isSettled(step) ? { ...step, state: "skipped", fence: step.fence + 1 } : step,
  );

/** The steps of a handoff whose conversation the next round goes on with: its tags are that round's now. */
export const superseded = (steps: readonly Step[]): Step[] => without(steps, ({ endsWithRound }) => endsWithRound);

/**
 * The conversation is closed or gone: whoever had the customer is done. Where the bot had them back already, what was still
 * to be done to the conversation is left out.
 */
export function closed(ledger: Ledger): Ledger {
  const { handoff } = ledger;
  if (handoff.state === "cancelled") return ledger;
  if (handoff.state === "returned") {
    const steps = without(ledger.steps, ({ endsWithConversation }) => endsWithConversation);
    return { steps, handoff: { ...handoff, wordsAt: null, returnedBecause: releasedBecause(steps) ?? "closed" } };
  }
  return { ...ledger, handoff: { ...handoff, wordsAt: null, state: "returned", returnedBecause: "closed" } };
}
