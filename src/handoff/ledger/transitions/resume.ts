import type { Ledger, Step } from "../../../model/handoff.ts";
import { rulesOf } from "../../steps/step-table.ts";

/**
 * A parked handoff that goes on: under the same token, from the first step that is not proved, its schedule begun anew.
 * What may have happened is looked up first. What is still on its way ends by itself. Pure.
 */
export function resumed({ handoff, steps }: Ledger, now: number): Ledger {
  const again = (step: Step): Step => {
    // What creates left is looked for at its time, whatever becomes of the handoff.
    if (rulesOf(step).isApart) return step;
    const fresh = { ...step, tries: 0, triesSince: null };
    switch (step.state) {
      case "done":
      case "skipped":
      case "sent":
        return step;
      case "ready":
      case "unknown":
        return { ...fresh, nextAt: now };
      case "refused":
        // A tag or a note that was left out stays out: nobody waits for it.
        return rulesOf(step).isEssential ? { ...fresh, state: "ready", nextAt: now } : step;
    }
  };
  return {
    handoff: {
      ...handoff,
      state: "pending",
      parkedBecause: null,
      parkedFor: null,
      replacements: 0,
      failures: 0,
      dueAt: now,
      updatedAt: now,
    },
    steps: steps.map(again),
  };
}
