/** An object's one alarm: it is there before what it is for can be forgotten, and is written as seldom as that allows. */
export interface ObjectAlarm {
  /** Not later than this. Part of the commit that it follows. */
  notLaterThan(at: number): void;
  /** Sets the alarm to about this time; null: nothing is left to do. */
  at(at: number | null): void;
  /** It went off. */
  fired(): void;
}

/** Moving it by less is not worth a write. */
const ABOUT_MS = 1_000;
/** Nor is moving one that is so far away: it goes off once too often. */
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
