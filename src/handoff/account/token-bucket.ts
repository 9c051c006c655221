/**
 * So many requests a second, and so many at once after a pause. Whoever comes when it is empty is told from when on theirs may
 * leave, in the order in which they came.
 */
export function createBucket({ now, perSecond, burst }: { now: () => number; perSecond: number; burst: number }) {
  /** When all that was given has left at the steady pace. */
  let paidUntil = 0;
  const msOf = (requests: number): number => (requests / perSecond) * 1_000;

  return {
    /** From when on so many may leave. */
    take(requests: number): number {
      const at = now();
      paidUntil = Math.max(paidUntil, at) + msOf(requests);
      return Math.max(at, paidUntil - msOf(burst));
    },
    /** They do not leave. */
    giveBack(requests: number): void {
      paidUntil -= msOf(requests);
    },
    /** How long who comes now waits. */
    waitMs: (): number => Math.max(0, paidUntil - msOf(burst) - now()),
  };
}
