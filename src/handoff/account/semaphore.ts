/** A bounded number of places, given in the order of requests. */
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

    /** Takes a place if one is free: then nobody waits for one. */
    takeNow(): boolean {
      if (free === 0) return false;
      free -= 1;
      return true;
    },

    /** Takes at most `most` places that nobody waits for; returns their number. */
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
