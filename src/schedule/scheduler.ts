/** Runs jobs at their times: by one timer, and on a runtime that rests by its alarm. Whatever is scheduled runs on both. */

export interface Job {
  name: string;
  /** Time of its next run; null: it has nothing to do by itself. */
  dueAt(): number | null;
  /** Does what has come due. It is not called again before it ends. */
  run(): unknown;
  /** Runs once at the start of the process, after that of the jobs scheduled before. */
  begin?(): unknown;
  /** Starts nothing more, and resolves when what is on its way has ended. */
  stop?(): unknown;
  /** True: its time wakes no runtime that rests. There it runs whenever the alarm goes off for another job. */
  isPeriodic?: boolean;
}

export interface Scheduled {
  /** The job's time may have changed. */
  changed(): void;
  /** The job has something to do at this time. */
  notLaterThan(at: number): void;
}
export type Schedule = (job: Job) => Scheduled;

export interface SchedulerDeps {
  now: () => number;
  /** A clock that only moves forward, however `now` is set. */
  steady: () => number;
  /** Calls `wake` once, after `ms`. Returns a function that cancels it. */
  setTimer: (wake: () => void, ms: number) => () => void;
  onFailure: (job: string, error: unknown) => void;
  /** True: the runtime lets go of timers and has an alarm, set to `dueAt`, that calls `run`. */
  rests?: boolean | undefined;
}

interface Entry {
  job: Job;
  isRunning: boolean;
  /** Times of the steady clock. An entry that has not begun has none. */
  runsAt: number;
  readsAt: number;
  /** Its last run failed. */
  failure: { error: unknown } | null;
}

/** A job's time may change without a word, the clock may be set, and a timer may be lost: its time is read again by then. */
const READ_AGAIN_MS = 15_000;
const SHORTEST_WAIT_MS = 20;
const AFTER_FAILURE_MS = 1_000;
const NEVER = Number.POSITIVE_INFINITY;

/** Returns the earliest of some times; null: there is none. */
export function earliest(times: Iterable<number | null>): number | null {
  let first: number | null = null;
  for (const time of times) if (time !== null && (first === null || time < first)) first = time;
  return first;
}

export function createScheduler({ now, steady, setTimer, onFailure, rests = false }: SchedulerDeps) {
  const entries: Entry[] = [];
  let cancelTimer: (() => void) | undefined;
  let isStopped = false;

  /** Reads the time of a job, which runs after `leastMs` at the earliest. */
  function read(entry: Entry, leastMs: number): void {
    const { job } = entry;
    if (entry.isRunning || (rests && job.isPeriodic)) return;
    entry.readsAt = steady() + READ_AGAIN_MS;
    try {
      const at = job.dueAt();
      entry.runsAt = at === null ? NEVER : steady() + Math.max(leastMs, at - now());
    } catch (error) {
      entry.readsAt = steady() + AFTER_FAILURE_MS;
      onFailure(job.name, error);
    }
  }

  function setTheTimer(): void {
    cancelTimer?.();
    const at = entries.reduce((first, { runsAt, readsAt }) => Math.min(first, runsAt, readsAt), NEVER);
    cancelTimer = isStopped || at === NEVER ? undefined : setTimer(wake, Math.max(1, at - steady()));
  }

  function end(entry: Entry, leastMs: number): void {
    entry.isRunning = false;
    read(entry, leastMs);
    setTheTimer();
  }

  function start(entry: Entry): unknown {
    if (isStopped || entry.isRunning) return undefined;
    entry.isRunning = true;
    entry.failure = null;
    entry.runsAt = NEVER;
    entry.readsAt = NEVER;
    const fail = (error: unknown): void => {
      entry.failure = { error };
      onFailure(entry.job.name, error);
      end(entry, AFTER_FAILURE_MS);
    };
    try {
      const running = entry.job.run();
      if (running instanceof Promise) return running.then(() => end(entry, SHORTEST_WAIT_MS), fail);
      end(entry, SHORTEST_WAIT_MS);
    } catch (error) {
      fail(error);
    }
    return undefined;
  }

  function wake(): void {
    for (const entry of entries) {
      if (entry.runsAt > steady() && entry.readsAt <= steady()) read(entry, 0);
      if (entry.runsAt <= steady()) start(entry);
    }
    setTheTimer();
  }

  return {
    schedule(job: Job): Scheduled {
      const entry: Entry = { job, isRunning: false, runsAt: NEVER, readsAt: NEVER, failure: null };
      entries.push(entry);
      return {
        changed() {
          read(entry, SHORTEST_WAIT_MS);
          setTheTimer();
        },
        notLaterThan(at) {
          const runsAt = steady() + Math.max(SHORTEST_WAIT_MS, at - now());
          if (entry.isRunning || runsAt >= entry.runsAt) return;
          entry.runsAt = runsAt;
          setTheTimer();
        },
      };
    },
    /** When a runtime that rests must wake; null: nothing needs it. */
    dueAt: (): number | null => earliest(entries.map(({ job }) => (job.isPeriodic ? null : job.dueAt()))),
    async begin(): Promise<void> {
      for (const entry of entries) {
        await entry.job.begin?.();
        read(entry, SHORTEST_WAIT_MS);
        setTheTimer();
      }
    },
    /** Runs what is due and what is periodic: the alarm went off. Rejects after all if one failed. */
    async run(): Promise<void> {
      for (const entry of entries) {
        read(entry, 0);
        if (entry.runsAt <= steady() || entry.job.isPeriodic) await start(entry);
      }
      setTheTimer();
      for (const { failure } of entries) if (failure !== null) throw failure.error;
    },
    async stop(): Promise<void> {
      isStopped = true;
      cancelTimer?.();
      await Promise.all(entries.map(({ job }) => job.stop?.()));
    },
  };
}
