/**
 * Carries out work of the record when it is due: side by side, each item at most once at a time, with places and turns by
 * `fair-queue.ts`. What is due is in the record, so nothing is lost with this process.
 */
import { createFairQueue } from "./fair-queue.ts";
import { earliest, type Schedule, type SchedulerDeps } from "./scheduler.ts";

export interface DueWorkDeps<Queue extends { bot: string; dueAt: number }, Item extends { id: string; bot: string }>
  extends Pick<SchedulerDeps, "now" | "steady"> {
  name: string;
  /** Items with the same key share its places. */
  keyOf: (of: Queue | Item) => string;
  /** Number of places of each key. */
  places: number;
  /** Bots with work to come, with the due time of their first. */
  queues: () => readonly Queue[];
  /** Items of one of them that are due at `now`, the longest due first. */
  due: (queue: Queue, now: number, limit: number) => readonly Item[];
  /** Milliseconds for which nothing of this key may start; 0: it may. */
  waitMs: (key: string) => number;
  run: (item: Item) => Promise<void>;
  /** Puts off an item whose run failed. If that cannot be written, the item rests until it can. */
  putOff: (item: Item, failure: unknown) => Promise<void>;
  onUnwritten: (item: Item, error: unknown) => void;
  onUnreadable: (error: unknown) => void;
  /** Work on an item has ended, and its place is free. */
  ended: (item: Item) => void;
  begin?: () => Promise<void>;
  schedule: Schedule;
}

/** A place that is kept for an item. */
export interface Place<Item> {
  /** Carries on an item in this place. */
  start(item: Item, carryOn: () => Promise<void>): void;
  giveBack(): void;
}

/** A due item may be in work, and the record says so only later: what is due and in work is looked at again after this. */
const IN_WORK_MS = 250;
const AFTER_FAILURE_MS = 1_000;
/** Longer than any request takes: a look after this finds what a process left on its way. */
const FOUND_AGAIN_MS = 30_000;

export function createDueWork<Queue extends { bot: string; dueAt: number }, Item extends { id: string; bot: string }>(
  deps: DueWorkDeps<Queue, Item>,
) {
  const { keyOf, places, waitMs, now, steady } = deps;
  const queue = createFairQueue<Item>({ places, keyOf });
  const inWork = new Map<string, Promise<void>>();
  /** Their run failed, and that is not written yet: until then nothing may start them. */
  const unwritten = new Map<string, { item: Item; failure: unknown }>();
  /** Nothing starts for a moment after a failure of the storage. */
  let restsUntil = 0;
  /** Everything due that has a place is in work until then. */
  let looksAgainAt = 0;
  let isStopped = false;

  const mayStart = (): boolean => !isStopped && steady() >= restsUntil;

  function add(item: Item): void {
    if (!unwritten.has(item.id)) queue.add(item);
  }

  async function putOff(item: Item, failure: unknown): Promise<void> {
    try {
      await deps.putOff(item, failure);
      unwritten.delete(item.id);
    } catch (error) {
      unwritten.set(item.id, { item, failure });
      restsUntil = steady() + AFTER_FAILURE_MS;
      deps.onUnwritten(item, error);
    }
  }

  async function work(item: Item, carryOn: () => Promise<void>): Promise<void> {
    try {
      await carryOn();
    } catch (error) {
      await putOff(item, error);
    } finally {
      queue.end(item);
      end(item);
    }
  }

  async function putOffAgain(item: Item, failure: unknown): Promise<void> {
    await putOff(item, failure);
    end(item);
  }

  function end(item: Item): void {
    inWork.delete(item.id);
    looksAgainAt = 0;
    deps.ended(item);
    fill();
    job.changed();
  }

  function fill(): void {
    while (mayStart()) {
      const item = queue.next();
      if (item === undefined) return;
      inWork.set(
        item.id,
        work(item, () => deps.run(item)),
      );
    }
  }

  /** Starts everything that is due and has a place. */
  function look(): void {
    if (!mayStart()) return;
    for (const [id, { item, failure }] of unwritten) if (!inWork.has(id)) inWork.set(id, putOffAgain(item, failure));
    try {
      const at = now();
      for (const one of deps.queues()) {
        const key = keyOf(one);
        if (one.dueAt > at || queue.isFull(key) || waitMs(key) > 0) continue;
        // As many as there are places may be in work and still look due.
        for (const item of deps.due(one, at, places * 2)) add(item);
      }
    } catch (error) {
      restsUntil = steady() + AFTER_FAILURE_MS;
      deps.onUnreadable(error);
      return;
    }
    looksAgainAt = steady() + IN_WORK_MS;
    fill();
  }

  /** The end of another starts what waits for a place. */
  function dueAt(): number | null {
    const at = now();
    const again = at + Math.max(0, looksAgainAt - steady());
    const times = deps
      .queues()
      .filter((one) => !queue.isFull(keyOf(one)))
      .map((one) => Math.max(one.dueAt, at + waitMs(keyOf(one))))
      .map((time) => (time > at ? time : again));
    const first = earliest([...times, unwritten.size > 0 ? at : null]);
    return earliest([
      first === null ? null : Math.max(first, at + restsUntil - steady()),
      inWork.size > 0 ? at + FOUND_AGAIN_MS : null,
    ]);
  }

  const job = deps.schedule({
    name: deps.name,
    dueAt,
    run: look,
    async begin() {
      await deps.begin?.();
      look();
    },
    async stop() {
      isStopped = true;
      await Promise.all(inWork.values());
    },
  });

  return {
    look,
    /** The record may have more that is due. */
    wake(): void {
      look();
      job.changed();
    },
    /** Starts an item that is due, or lets it wait for a place. */
    start(item: Item): void {
      add(item);
      fill();
    },
    /** An item comes due at this time. */
    notLaterThan: job.notLaterThan,
    /** Keeps a place if an item of this key could start at once; null: it would have to wait for others. */
    keepPlace(key: string): Place<Item> | null {
      if (isStopped || !queue.keepPlace(key)) return null;
      const giveBack = (): void => {
        queue.givePlaceBack(key);
        fill();
      };
      return {
        giveBack,
        start(item, carryOn) {
          // The next start finds what was begun.
          if (isStopped) return giveBack();
          queue.startInPlace(item);
          inWork.set(item.id, work(item, carryOn));
        },
      };
    },
    isStopped: (): boolean => isStopped,
    /** True while an item waits for a place, is in work, or has failed and that is not written. */
    isBusy: (id: string): boolean => queue.isWaiting(id) || inWork.has(id) || unwritten.has(id),
    /** Resolves once nothing more can be done now. */
    async idle(): Promise<void> {
      while (inWork.size > 0) await Promise.all(inWork.values());
    },
  };
}
