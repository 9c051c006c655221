/** Timers that are let go while nothing happens: an object that waits with one stays in memory, and is paid for. */
export interface RestingTimers {
  setTimer: (wake: () => void, ms: number) => () => void;
  /** Lets go of those that wait for longer than this. */
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
