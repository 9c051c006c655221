/** Runs handoffs that are due, side by side: accounts have places of their own, and the bots of an account take turns. */
import type { Log } from "../../log.ts";
import { createDueWork, type Place } from "../../schedule/due-work.ts";
import type { Schedule, SchedulerDeps } from "../../schedule/scheduler.ts";
import { isStorageFailure } from "../../store/storage-error.ts";
import type { SessionRecord } from "../../store/store.ts";
import type { DueHandoff } from "../../store/tables/handoffs/due-handoffs.ts";
import { createAwaitedHandoffs } from "./awaited-handoffs.ts";
import { createClockWatch } from "./clock-watch.ts";
import type { PutOff } from "./put-off-failed.ts";

export interface DispatcherDeps extends Pick<SchedulerDeps, "now" | "steady" | "setTimer"> {
  record: SessionRecord;
  drive: (handoff: DueHandoff) => Promise<void>;
  /** Puts off a handoff whose turn failed. Rejects if that cannot be written. */
  putOff: PutOff;
  /** Time until which nothing may be sent to an account; null: requests may be sent. */
  heldUntil: (account: string) => number | null;
  schedule: Schedule;
  log: Log;
  /** Most handoffs of one account in work. */
  perAccount: number;
}

export interface Dispatcher {
  /** Keeps a place if a handoff of this account could start at once; null: it would have to wait for others. */
  keepPlace(account: string): Place<DueHandoff> | null;
  /** A handoff has something to do, now or at a time. */
  start(handoff: DueHandoff, at?: number): void;
  /** Starts everything that is due, and later what becomes due. */
  resume(): void;
  /** Resolves once a handoff is no longer pending, retries and all, or after `ms`. */
  settled(id: string, ms: number): Promise<void>;
  /** True if a request waits for that: its answer tells the state of the handoff. */
  isAwaited(id: string): boolean;
  /** Resolves once nothing more can be done for a handoff now: it is routed, or waits for its next attempt. */
  idle(id: string): Promise<void>;
}

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { record, heldUntil, now, steady, setTimer, schedule, log } = deps;

  /** `storage-health` logs a storage failure, once. */
  function report(err: unknown, message: string, handoff?: string): void {
    if (!isStorageFailure(err)) log.error({ ...(handoff !== undefined && { handoff }), err }, message);
  }

  const clock = createClockWatch({
    record,
    now,
    log,
    onFailure: (err) => report(err, "what is due could not be moved with the clock; it is tried again"),
  });

  const work = createDueWork<{ account: string; bot: string; dueAt: number }, DueHandoff>({
    name: "handoffs",
    keyOf: ({ account }) => account,
    places: deps.perAccount,
    queues() {
      clock.note();
      return record.read((tables) => tables.handoffs.queues());
    },
    due: (queue, at, limit) => record.read((tables) => tables.handoffs.due(queue, at, limit)),
    waitMs: (account) => Math.max(0, (heldUntil(account) ?? 0) - now()),
    run: deps.drive,
    putOff: deps.putOff,
    onUnwritten: (handoff, err) =>
      report(err, "a handoff that failed could not be put off; it is tried again", handoff.id),
    onUnreadable: (err) => report(err, "what is due could not be read; it is tried again"),
    ended({ id }) {
      if (!work.isBusy(id)) awaited.notify(id);
    },
    now,
    steady,
    schedule(job) {
      return schedule({
        ...job,
        dueAt: () => (clock.isSetBack() ? now() : job.dueAt()),
        run() {
          if (clock.isSetBack()) void clock.putRight().then((isMoved) => isMoved && work.wake());
          return job.run();
        },
        async stop() {
          await job.stop?.();
          awaited.notifyAll();
        },
      });
    },
  });

  const awaited = createAwaitedHandoffs({
    isPending: (id) => record.read((tables) => tables.handoffs.byId(id))?.state === "pending",
    isBusy: work.isBusy,
    isStopped: work.isStopped,
    setTimer,
    onFailure: (id, err) => report(err, "whoever waits for a handoff could not be told", id),
  });

  return {
    keepPlace: work.keepPlace,
    start(handoff, at = 0) {
      if (work.isStopped()) return;
      if (at > now()) work.notLaterThan(at);
      else work.start(handoff);
    },
    resume: work.wake,
    settled: awaited.settled,
    isAwaited: awaited.isAwaited,
    idle: awaited.idle,
  };
}
