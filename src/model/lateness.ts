import type { Handoff } from "./handoff.ts";

/** A healthy platform needs less than this for everything. */
const PENDING_FOR_MS = 60_000;

type Waiting = Pick<
  Handoff,
  "state" | "createdAt" | "deferredUntil" | "waitingSince" | "alertedAt" | "leftAt" | "decision"
>;

/**
 * When a handoff that still has no agent is late; null: it has one, or that was told, or its customer left. One that came
 * while nobody was there counts from their opening, and one that an agent gave back from then.
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
