/** Requests that wait for a handoff: until it is proved, or until nothing more can be done for it now. */

interface AwaitedHandoffsDeps {
  isPending: (id: string) => boolean;
  /** True while work on a handoff goes on, or waits for a place. */
  isBusy: (id: string) => boolean;
  isStopped: () => boolean;
  /** Calls `wake` once, after `ms`. Returns a function that cancels it. */
  setTimer: (wake: () => void, ms: number) => () => void;
  onFailure: (id: string, error: unknown) => void;
}

export function createAwaitedHandoffs({ isPending, isBusy, isStopped, setTimer, onFailure }: AwaitedHandoffsDeps) {
  const watchers = new Map<string, Set<() => void>>();
  /** Number of requests that wait for each handoff. */
  const awaited = new Map<string, number>();

  /** Calls `tell` whenever work on a handoff rests. Returns a function that ends that. */
  function watch(id: string, tell: () => void): () => void {
    const all = watchers.get(id) ?? new Set();
    watchers.set(id, all.add(tell));
    return () => {
      all.delete(tell);
      if (all.size === 0) watchers.delete(id);
    };
  }

  function countAwaited(id: string, more: 1 | -1): void {
    const count = (awaited.get(id) ?? 0) + more;
    if (count === 0) awaited.delete(id);
    else awaited.set(id, count);
  }

  /** Work on a handoff rests. */
  function notify(id: string): void {
    for (const tell of [...(watchers.get(id) ?? [])]) {
      try {
        tell();
      } catch (error) {
        onFailure(id, error);
      }
    }
  }

  return {
    notify,
    notifyAll(): void {
      for (const id of [...watchers.keys()]) notify(id);
    },
    isAwaited: (id: string): boolean => awaited.has(id),
    settled(id: string, ms: number): Promise<void> {
      if (isStopped() || !isPending(id)) return Promise.resolve();
      return new Promise((resolve) => {
        const end = (): void => {
          cancel();
          unwatch();
          countAwaited(id, -1);
          resolve();
        };
        countAwaited(id, 1);
        const cancel = setTimer(end, ms);
        const unwatch = watch(id, () => {
          if (isStopped() || !isPending(id)) end();
        });
      });
    },
    idle(id: string): Promise<void> {
      if (!isBusy(id)) return Promise.resolve();
      return new Promise((resolve) => {
        const unwatch = watch(id, () => {
          unwatch();
          resolve();
        });
      });
    },
  };
}
