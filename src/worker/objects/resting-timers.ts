/** Timers that are dropped while nothing happens: an object with a timer stays in memory, and is paid for. */
export interface RestingTimers {
  setTimer: (wake: () => void, ms: number) => () => void;
  /** Drops timers that wait for longer than this. */
  drop(longerThanMs: number): void;
}

export function createRestingTimers(steady: () => number, fired: () => void): RestingTimers {
  const timers = new Map<ReturnType<typeof setTimeout>, number>();
  return {
    setTimer(wake, ms) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        wake();
        fired();
      }, ms);
      timers.set(timer, steady() + ms);
      return () => {
        clearTimeout(timer);
        timers.delete(timer);
      };
    },
    drop(longerThanMs) {
      for (const [timer, due] of timers) {
        if (due - steady() <= longerThanMs) continue;
        clearTimeout(timer);
        timers.delete(timer);
      }
    },
  };
}
