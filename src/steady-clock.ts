/** A clock that stands where the other one is set back: for how long something is still to be waited, not for when. */
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
