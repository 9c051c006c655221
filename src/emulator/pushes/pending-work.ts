/** Counts what is under way and what of it only waits for its time. */
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
    /** Counts until its end. */
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
    /** Nothing more can be done now. */
    idle: () => until(() => underWay === resting),
    /** Nothing is left. */
    settled: () => until(() => underWay === 0),
  };
}
export type Waiting = ReturnType<typeof createWaiting>;
