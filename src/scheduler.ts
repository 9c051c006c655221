/** Jobs that time brings about. An engine lists them once, and both runtimes run that list: none can be forgotten on one. */

export interface Job {
  name: string;
  /** When the record has something for it to do without an event; null: never. */
  dueAt(): number | null;
  /** Starts with the process: takes up what an earlier run left, and keeps timers of its own from then on. */
  begin(): Promise<void> | void;
  /** Does what has come due, where no timer did. */
  run(): Promise<void> | void;
  /** Starts nothing more, and resolves when what is on its way has ended. */
  stop(): Promise<void> | void;
}

/** Returns the earliest of some times; null: there is none. */
export function earliest(times: Iterable<number | null>): number | null {
  let first: number | null = null;
  for (const time of times) if (time !== null && (first === null || time < first)) first = time;
  return first;
}

/** Runs jobs in the order of their list: on Node by their timers, on Workers whenever the alarm of `dueAt` goes off. */
export const createScheduler = (jobs: readonly Job[]) => ({
  dueAt: (): number | null => earliest(jobs.map((job) => job.dueAt())),
  async begin(): Promise<void> {
    for (const job of jobs) await job.begin();
  },
  async run(): Promise<void> {
    for (const job of jobs) await job.run();
  },
  async stop(): Promise<void> {
    await Promise.all(jobs.map((job) => job.stop()));
  },
});

interface RepetitionDeps {
  run: () => Promise<unknown>;
  /** Asked after each run. */
  waitMs: () => number;
  setTimer: (wake: () => void, ms: number) => () => void;
  onFailure: (error: unknown) => void;
}

/** Runs work again and again, each time a while after the last run ended, also where that failed. */
export function createRepetition({ run, waitMs, setTimer, onFailure }: RepetitionDeps) {
  let cancel: (() => void) | undefined;
  let isStopped = false;

  function arm(): void {
    if (!isStopped) cancel = setTimer(() => void runNow(), waitMs());
  }

  async function runNow(): Promise<void> {
    cancel?.();
    try {
      await run();
    } catch (error) {
      onFailure(error);
    } finally {
      arm();
    }
  }

  return {
    /** Resolves with the end of this run. */
    runNow,
    /** Waits before the first run. */
    arm,
    stop(): void {
      isStopped = true;
      cancel?.();
    },
  };
}
