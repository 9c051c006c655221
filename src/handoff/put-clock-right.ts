import type { Log } from "../log.ts";
import type { SessionRecord } from "../sessions/record.ts";

interface PutClockRightDeps {
  record: Pick<SessionRecord, "commit">;
  now: () => number;
  log: Pick<Log, "warn">;
}

/** No more than two clocks that are right differ by. */
const AHEAD_MS = 1_000;

/**
 * For a start: the clock may have been ahead when the last run ended. Then what is due waits no longer for the time as that
 * run knew it. By how much it was set back is not known; it is at least by as much as the record is ahead of now.
 */
export async function putClockRight({ record, now, log }: PutClockRightDeps): Promise<void> {
  const ms = await record.commit((tables) => {
    const at = now();
    const by = (tables.handoffs.latestTime() ?? at) - at;
    if (by >= AHEAD_MS) tables.handoffs.clockSetBack(at, by);
    return by;
  });
  if (ms >= AHEAD_MS) log.warn({ ms }, "the clock was ahead before this start: what is due was moved with it");
}
