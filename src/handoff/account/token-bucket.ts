/**
 * Allows so many requests a second, and a burst after a pause. Requests that come when it is empty get a later time, in their
 * order.
 */
export function createBucket({ now, perSecond, burst }: { now: () => number; perSecond: number; burst: number }) {
  /** Time at which all granted requests have left at the steady pace. */
  let paidUntil = 0;
  const msOf = (requests: number): number => (requests / perSecond) * 1_000;

  return {
    /** Returns the time from which so many requests may leave. */
    take(requests: number): number {
      const at = now();
      paidUntil = Math.max(paidUntil, at) + msOf(requests);
      return Math.max(at, paidUntil - msOf(burst));
    },
    /** Gives back requests that do not leave. */
    giveBack(requests: number): void {
      paidUntil -= msOf(requests);
    },
    /** Milliseconds that a new request waits. */
    waitMs: (): number => Math.max(0, paidUntil - msOf(burst) - now()),
  };
}
