/**
 * Makes a clock for how long something is still to be waited, not for when: it stands where the other one is set back. Where the
 * runtime has a clock that nobody sets, that one serves better, since it does not jump ahead either.
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

/** The runtime's own clock that nobody sets, where there is one. The record's times, made from it, are whole milliseconds. */
export const steadyClockOf = (own: (() => number) | undefined, now: () => number): (() => number) =>
  own === undefined ? createSteadyClock(now) : () => Math.floor(own());
