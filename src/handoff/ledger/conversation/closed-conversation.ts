/** Applies the loss of a handoff's conversation: it is closed, gone, or the next round's. Pure. */
import type { Ledger, Step } from "../../../model/handoff.ts";
import type { StepRules } from "../../steps/step-kind.ts";
import { rulesOf } from "../../steps/step-table.ts";
import { isSettled } from "../queries.ts";
import { releasedBecause } from "./released.ts";

/** Skips unfinished steps of these kinds. The answer to one on its way changes nothing any more. */
const without = (steps: readonly Step[], isOut: (rules: StepRules) => boolean): Step[] =>
  steps.map((step) =>
    isOut(rulesOf(step)) && !isSettled(step) ? { ...step, state: "skipped", fence: step.fence + 1 } : step,
  );

/** Steps of a handoff whose conversation the next round uses: its tags belong to that round now. */
export const withoutSuperseded = (steps: readonly Step[]): Step[] =>
  without(steps, ({ endsWithRound }) => endsWithRound);

/**
 * The conversation is closed or gone, so the agent is done. If the bot already had the customer, or Baton closed it without an
 * agent, the unfinished steps in the conversation are skipped.
 */
export function endAsClosed(ledger: Ledger): Ledger {
  const { handoff, steps } = ledger;
  if (handoff.state === "cancelled") return ledger;
  const released = releasedBecause(steps);
  const hasNoReader = handoff.state === "returned" || released !== null;
  return {
    steps: hasNoReader ? without(steps, ({ endsWithConversation }) => endsWithConversation) : steps,
    handoff: { ...handoff, wordsAt: null, state: "returned", returnedBecause: released ?? "closed" },
  };
}
