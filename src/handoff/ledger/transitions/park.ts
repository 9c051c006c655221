/** A ledger that is set aside. Pure. */
import type { Ledger } from "../../../model/handoff.ts";
import { isPending } from "../queries.ts";

/** Set aside. What is parked already keeps its reason; what is past parking, because it is routed, stays as it is. */
export function parked(ledger: Ledger, because: string, parkedFor: "person" | "credentials" = "person"): Ledger {
  if (!isPending(ledger)) return ledger;
  return { ...ledger, handoff: { ...ledger.handoff, state: "parked", parkedBecause: because, parkedFor } };
}
