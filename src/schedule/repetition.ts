import type { Job, SchedulerDeps } from "./scheduler.ts";

interface RepetitionDeps extends Pick<SchedulerDeps, "now" | "steady"> {
  name: string;
  run: () => unknown;
  /** Asked after each run, and at the start. */
  waitMs: () => number;
}

/** Makes a job that runs again and again, each time a while after its last run ended, also where that failed. */
export function createRepetition({ name, run, waitMs, now, steady }: RepetitionDeps) {
  let runsAt: number | null = null;
  return {
    name,
    isPeriodic: true,
    dueAt(): number {
      runsAt ??= steady() + waitMs();
      return now() + runsAt - steady();
    },
    async run(): Promise<void> {
      try {
        await run();
      } finally {
        runsAt = steady() + waitMs();
      }
    },
  } satisfies Job;
}
