/**
 * Makes a clock for the length of waits, not for times: it stands still when the other one is set back. A runtime's own monotonic
 * clock serves better, since it does not jump ahead either.
 */
export function createSteadyClock(now: () => number): () => number {
  let last = now();
  let ahead = 0;
  return () => {
    const at = now();
    ahead += Math.max(0, last - at);
    last = at;
    return at + ahead;
  };
}

/** The runtime's monotonic clock, if it has one. The record's times, made from it, are whole milliseconds. */
export const steadyClockOf = (own: (() => number) | undefined, now: () => number): (() => number) =>
  own === undefined ? createSteadyClock(now) : () => Math.floor(own());
