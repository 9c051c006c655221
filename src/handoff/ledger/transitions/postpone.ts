import type { Ledger, Step } from "../../../model/handoff.ts";
import type { HandoffSettings } from "../../settings.ts";

/**
 * Sends nothing of a ledger before `until`: due steps wait, and that counts as no attempt. A handoff that has waited for as long
 * as retries go on is parked. Pure.
 */
export function postpone(ledger: Ledger, until: number, now: number, settings: HandoffSettings): Ledger {
  const { handoff, steps } = ledger;
  const isDue = (step: Step): boolean => (step.state === "ready" || step.state === "unknown") && step.nextAt <= now;
  const first = steps.find(isDue);
  if (first === undefined) return ledger;
  const since = first.triesSince ?? now;
  if (handoff.state === "pending" && now - since >= settings.giveUpAfterMs) {
    const parkedBecause = "the platform failed for so long that nothing was sent: see that it is well, then retry";
    return { handoff: { ...handoff, state: "parked", parkedBecause, parkedFor: "person" }, steps };
  }
  const waiting = (step: Step): Step => {
    if (!isDue(step)) return step;
    return { ...step, nextAt: until, ...(step === first && { triesSince: since }) };
  };
  return { handoff, steps: steps.map(waiting) };
}
