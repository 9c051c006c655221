import type { Handoff } from "./handoff.ts";

/** A healthy platform needs less than this for everything. */
const PENDING_FOR_MS = 60_000;

type Waiting = Pick<
  Handoff,
  "state" | "createdAt" | "deferredUntil" | "waitingSince" | "alertedAt" | "leftAt" | "decision"
>;

/**
 * Time at which a handoff without an agent is late; null: it has one, had its alert, or its customer left. A handoff from outside
 * the hours counts from the opening, one that an agent gave back from then.
 */
export function lateAt({ state, createdAt, deferredUntil, waitingSince, alertedAt, leftAt, decision }: Waiting) {
  if (alertedAt !== null || leftAt !== null) return null;
  switch (state) {
    case "pending":
      return (deferredUntil ?? createdAt) + Math.min(PENDING_FOR_MS, decision.alertAfterMs);
    case "routed":
      return Math.max(waitingSince ?? createdAt, decision.opensAt ?? 0) + decision.alertAfterMs;
    case "deferred":
    case "assigned":
    case "returned":
    case "parked":
    case "cancelled":
      return null;
  }
}
