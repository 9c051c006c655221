/** An object's one alarm: it is durable before the work it is for can be forgotten, and is written as rarely as that allows. */
export interface ObjectAlarm {
  /** Sets the alarm to this time or earlier, within the commit that it belongs to. */
  notLaterThan(at: number): void;
  /** Sets the alarm to about this time; null: nothing is left to do. */
  at(at: number | null): void;
  /** Records that the alarm fired. */
  fired(): void;
}

/** A smaller change is not worth a write. */
const ABOUT_MS = 1_000;
/** Nor is a change of an alarm that is so far away: it fires once too often. */
const FAR_MS = 24 * 3_600_000;

export function createObjectAlarm(
  storage: Pick<DurableObjectStorage, "setAlarm" | "deleteAlarm">,
  known: number | null,
  now: () => number,
): ObjectAlarm {
  let current = known;
  function set(at: number): void {
    current = at;
    void storage.setAlarm(at);
  }
  return {
    notLaterThan(at) {
      if (current === null || current > at) set(at);
    },
    at(at) {
      if (at === null) {
        if (current !== null) void storage.deleteAlarm();
        current = null;
        return;
      }
      const isFar = current !== null && current <= at && current > now() + FAR_MS;
      if (current === null || (Math.abs(current - at) >= ABOUT_MS && !isFar)) set(at);
    },
    fired() {
      current = null;
    },
  };
}
