/** Finds a clock that was set back, and moves what it dated ahead. */
import type { Log } from "../../log.ts";
import type { SessionRecord } from "../../store/store.ts";

interface ClockWatchDeps {
  record: Pick<SessionRecord, "commit">;
  now: () => number;
  log: Log;
  onFailure: (error: unknown) => void;
}

/** Clocks of one runtime's machines differ by less. */
const SET_BACK_MS = 1_000;

export function createClockWatch({ record, now, log, onFailure }: ClockWatchDeps) {
  /** The latest time at which anything may have been dated. */
  let latest = now();
  const setBackBy = (): number => latest - now();

  return {
    isSetBack: (): boolean => setBackBy() >= SET_BACK_MS,
    /** Work may have been dated by a clock that is ahead now. */
    note(): void {
      latest = Math.max(latest, now());
    },
    /** Moves times from before the clock was set back by as much. Resolves with whether there was something to move. */
    async putRight(): Promise<boolean> {
      const by = setBackBy();
      const at = now();
      latest = at;
      if (by < SET_BACK_MS) return false;
      try {
        await record.commit((tables) => tables.handoffs.clockSetBack(at, by));
        log.warn({ ms: by }, "the clock was set back: what is due was moved with it");
        return true;
      } catch (error) {
        onFailure(error);
        latest = Math.max(latest, at + by);
        return false;
      }
    },
  };
}
