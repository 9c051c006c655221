import type { Log } from "../../log.ts";

interface RunAlarmDeps {
  storage: Pick<DurableObjectStorage, "get" | "put" | "delete" | "setAlarm">;
  now: () => number;
  log: Log;
  /** Time at which the object may be deleted: a failing alarm waits no longer. */
  keptUntil: () => number;
}

const FAILURES = "alarmFailures";
const FIRST_RETRY_MS = 60_000;
const SLOWEST_RETRY_MS = 24 * 3_600_000;

/**
 * Runs an alarm's work. Never throws, because the platform gives up on an alarm that fails; each failure in a row doubles
 * the wait for the next one. The count is stored: an object that waits so long is evicted in between.
 */
export async function runAlarm(
  { storage, now, log, keptUntil }: RunAlarmDeps,
  work: () => Promise<void>,
): Promise<void> {
  let failures = 0;
  try {
    failures = (await storage.get<number>(FAILURES)) ?? 0;
    await work();
    if (failures > 0) await storage.delete(FAILURES);
  } catch (err) {
    const wait = Math.min(SLOWEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 20));
    log.error({ count: failures + 1, ms: wait, err }, "an alarm failed; Baton tries again");
    await storage.setAlarm(Math.min(now() + wait, expiryAfter(now(), keptUntil)));
    await storage.put(FAILURES, failures + 1);
  }
}

/** Reading may have failed, or the deletion of expired data. */
function expiryAfter(now: number, keptUntil: () => number): number {
  try {
    const at = keptUntil();
    return at > now ? at : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
