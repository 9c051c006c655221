/** Counts work under way, and the part of it that only waits for its time. */
export function createWaiting(sleep: (ms: number) => Promise<void>) {
  let underWay = 0;
  let resting = 0;
  const waiters = new Set<{ isDone: () => boolean; resolve: () => void }>();

  function look(): void {
    for (const waiter of waiters) {
      if (!waiter.isDone()) continue;
      waiters.delete(waiter);
      waiter.resolve();
    }
  }
  const until = (isDone: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      waiters.add({ isDone, resolve });
      look();
    });

  return {
    /** Counts the work until it ends. */
    begin(work: () => Promise<void>): void {
      underWay += 1;
      void work().finally(() => {
        underWay -= 1;
        look();
      });
    },
    async rest(ms: number): Promise<void> {
      if (ms <= 0) return;
      resting += 1;
      look();
      await sleep(ms);
      resting -= 1;
    },
    /** Resolves once only waiting work is left. */
    idle: () => until(() => underWay === resting),
    /** Resolves once no work is left. */
    settled: () => until(() => underWay === 0),
  };
}
export type Waiting = ReturnType<typeof createWaiting>;
