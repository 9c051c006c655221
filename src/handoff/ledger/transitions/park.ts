/** Parks a ledger. Pure. */
import type { Ledger } from "../../../model/handoff.ts";
import { isPending } from "../queries.ts";

/** Parks a pending handoff. A parked one keeps its reason, and one that is routed or over stays as it is. */
export function park(ledger: Ledger, because: string, parkedFor: "person" | "credentials" = "person"): Ledger {
  if (!isPending(ledger)) return ledger;
  return { ...ledger, handoff: { ...ledger.handoff, state: "parked", parkedBecause: because, parkedFor } };
}
