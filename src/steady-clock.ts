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
