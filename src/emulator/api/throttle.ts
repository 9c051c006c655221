import type { OperationName } from "../settings/operations.ts";
import type { EmulatorSettings } from "../settings/settings.ts";

const MINUTE_MS = 60_000;

/** Counts requests by operation and minute of the clock; tells whether one more is within the limit. */
export function createThrottle(deps: { now: () => number; settings: EmulatorSettings }) {
  const counts = new Map<OperationName, { minute: number; requests: number }>();
  return (operation: OperationName): boolean => {
    const limit = deps.settings.requestsPerMinute[operation];
    if (limit === undefined) return true;
    const minute = Math.floor(deps.now() / MINUTE_MS);
    const count = counts.get(operation);
    const requests = (count?.minute === minute ? count.requests : 0) + 1;
    counts.set(operation, { minute, requests });
    return requests <= limit;
  };
}
