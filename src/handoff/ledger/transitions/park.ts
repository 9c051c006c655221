/** A ledger that is set aside. Pure. */
import type { Ledger } from "../../../model/handoff.ts";

/** Set aside. What is parked already keeps its reason; what is past parking, because it is routed, stays as it is. */
export function parked(ledger: Ledger, because: string, parkedFor: "person" | "credentials" = "person"): Ledger {
  if (ledger.handoff.state !== "pending") return ledger;
  return { ...ledger, handoff: { ...ledger.handoff, state: "parked", parkedBecause: because, parkedFor } };
}

/** What comes after the route is no reason to park: the customer is where they were to go. */
export const isPending = ({ handoff }: Ledger): boolean => handoff.state === "pending";
