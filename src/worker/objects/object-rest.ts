/** Lets an object rest while nothing is in work: its alarm alone keeps the time of the next work. */
import type { Log } from "../../log.ts";
import { createSteadyClock } from "../../steady-clock.ts";
import type { ObjectAlarm } from "./object-alarm.ts";
import { createRestingTimers } from "./resting-timers.ts";

interface ObjectRestDeps {
  /** Time of the next work; null: none. */
  dueAt: () => number | null;
  /** Null until the object is opened. */
  alarm: () => ObjectAlarm | null;
  now: () => number;
  log: Log;
}

/** Code that commits due work begins it; the alarm is for an instance that died before. */
const SLACK_MS = 2_000;
const BREATH_MS = 100;
/** The alarm does work that is due later than this. */
const WAIT_IN_MEMORY_MS = 5_000;
const AFTER_FAILURE_MS = 60_000;

export function createObjectRest({ dueAt, alarm, now, log }: ObjectRestDeps) {
  const timers = createRestingTimers(createSteadyClock(now), () => restIfIdle());
  let inWork = 0;
  let looking: ReturnType<typeof setTimeout> | null = null;

  /** The caller must be able to end: a due time that cannot be read is looked at again. */
  function nextDue(): number | null {
    try {
      return dueAt();
    } catch (err) {
      log.error({ err }, "the next work of a session could not be read; Baton tries again");
      return now() + AFTER_FAILURE_MS;
    }
  }

  /** Waits a moment, since nothing is in work between two requests either. */
  function restIfIdle(): void {
    if (inWork > 0 || looking !== null) return;
    looking = setTimeout(() => {
      looking = null;
      if (inWork === 0) rest();
    }, BREATH_MS);
  }

  function rest(): void {
    const its = alarm();
    if (its === null) return;
    const due = nextDue();
    if (due !== null && due - now() <= WAIT_IN_MEMORY_MS) return;
    timers.drop(WAIT_IN_MEMORY_MS);
    its.at(due);
  }

  return {
    timers,
    /** Counts what keeps the object awake. */
    async during<T>(work: () => Promise<T>): Promise<T> {
      inWork += 1;
      try {
        return await work();
      } finally {
        inWork -= 1;
        restIfIdle();
      }
    },
    /** Number of requests and jobs in work. */
    inWork: () => inWork,
    /** Keeps due work from being lost with this instance. */
    keepAwake(): void {
      const due = nextDue();
      if (due !== null) alarm()?.notLaterThan(Math.max(due, now()) + SLACK_MS);
    },
  };
}
