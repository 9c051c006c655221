/** A bounded number of places, given in the order in which they were asked for. */
export function createSlots(limit: number) {
  let free = limit;
  const waiting: (() => void)[] = [];

  return {
    /** Resolves with one place. */
    take(): Promise<void> {
      if (free > 0) {
        free -= 1;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },

    /** One place, where one is free: then nobody waits for it. */
    takeNow(): boolean {
      if (free === 0) return false;
      free -= 1;
      return true;
    },

    /** Places that nobody else waits for, at most `most`; returns how many. */
    takeMore(most: number): number {
      const taken = Math.min(most, free);
      free -= taken;
      return taken;
    },

    give(count: number): void {
      for (let given = 0; given < count; given += 1) {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
