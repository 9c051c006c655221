import type { Ledger, Step } from "../../../model/handoff.ts";
import { rulesOf } from "../../steps/step-table.ts";

/**
 * Resumes a parked handoff under the same token, from its first unfinished step, with a new schedule. Baton first looks up what
 * may have happened. Attempts on their way end by themselves. Pure.
 */
export function resume({ handoff, steps }: Ledger, now: number): Ledger {
  const resetWithoutTries = (step: Step): Step => {
    // The sweep comes at its time in any state of the handoff.
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
        // A tag or a note that was left out stays out: nothing waits for it.
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
    steps: steps.map(resetWithoutTries),
  };
}
