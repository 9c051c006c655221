import type { Ledger } from "../../../model/handoff.ts";

const REFUSED = "the platform refuses the account's credentials: check its API key and its scope conversations:manage";

/** Parks a ledger whose account refuses our credentials: it goes on by itself once they are accepted. Pure. */
export function parkForCredentials(ledger: Ledger): Ledger {
  if (ledger.handoff.state !== "pending") return ledger;
  const { steps, handoff } = ledger;
  return { handoff: { ...handoff, state: "parked", parkedBecause: REFUSED, parkedFor: "credentials" }, steps };
}
