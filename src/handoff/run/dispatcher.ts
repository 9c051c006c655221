import type { Log } from "../../log.ts";
import { earliest, type Job } from "../../scheduler.ts";
import { isStorageFailure } from "../../store/storage-error.ts";
import type { SessionRecord } from "../../store/store.ts";
import type { DueHandoff } from "../../store/tables/handoffs/due-handoffs.ts";
import type { PutOff } from "./put-off-failed.ts";

export interface DispatcherDeps {
  record: SessionRecord;
  drive: (handoff: DueHandoff) => Promise<void>;
  /** Puts off a handoff whose turn failed. Rejects if that cannot be written. */
  putOff: PutOff;
  /** Time until which nothing may be sent to an account; null: requests may be sent. */
  heldUntil: (account: string) => number | null;
  now: () => number;
  /** A clock that only moves forward, however `now` is set. */
  steady: () => number;
  /** Calls `wake` once, after `ms`. Returns a function that cancels it. */
  setTimer: (wake: () => void, ms: number) => () => void;
  log: Log;
  /** Most handoffs of one account in work. */
  perAccount: number;
}

/** A place that is kept for a handoff while it is being opened. */
interface Place {
  /** Carries on a handoff in this place, once it is durable with its first turn. */
  start(handoff: DueHandoff, carryOn: () => Promise<void>): void;
  giveBack(): void;
}

export interface Dispatcher {
  /** Keeps a place if a handoff of this account could start at once; null: it would have to wait for others. */
  keepPlace(account: string): Place | null;
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
  job: Job;
}

/** A timer may be lost, or the clock set back. A look corrects that, so due work waits no longer than this for it. */
const LONGEST_SLEEP_MS = 30_000;
const SHORTEST_SLEEP_MS = 20;
const AFTER_FAILURE_MS = 1_000;
/** Clocks of one runtime's machines differ by less. */
const SET_BACK_MS = 1_000;
const IN_WORK_MS = 250;
/** Longer than any request takes: a look after this finds what a process left on its way. */
const FOUND_AGAIN_MS = 30_000;

/** Handoffs of one bot that wait for a place. */
interface Queue {
  account: string;
  bot: string;
  ids: Set<string>;
}

/**
 * Runs handoffs side by side, each at most once at a time. Accounts have places of their own, so that a failing one takes none of
 * another's. The bots of an account take turns, so that one bot's crowd does not delay another's customers.
 */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { perAccount, steady } = deps;
  let lookedAt = deps.now();
  const working = new Map<string, Promise<void>>();
  /** Number of handoffs of an account in work. */
  const places = new Map<string, number>();
  /** Queues by account and bot; they take turns in the order of this map. */
  const waiting = new Map<string, Queue>();
  const watchers = new Map<string, Set<() => void>>();
  /** Number of requests that wait for each handoff. */
  const awaited = new Map<string, number>();
  let cancelTimer: (() => void) | undefined;
  /** Time at which the one timer wakes. */
  let wakesAt = Number.POSITIVE_INFINITY;
  /** Nothing starts for a moment after a failure of the storage. */
  let restUntil = 0;
  let isStopped = false;

  const isWaiting = (id: string): boolean => [...waiting.values()].some(({ ids }) => ids.has(id));
  const isFull = (account: string): boolean => (places.get(account) ?? 0) >= perAccount;

  const isPending = (id: string): boolean =>
    deps.record.read((tables) => tables.handoffs.byId(id))?.state === "pending";

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

  /** `storage-health` logs a storage failure, once. */
  function report(err: unknown, message: string, handoff?: string): void {
    if (!isStorageFailure(err)) deps.log.error({ ...(handoff !== undefined && { handoff }), err }, message);
  }

  function notify(id: string): void {
    for (const tell of [...(watchers.get(id) ?? [])]) {
      try {
        tell();
      } catch (err) {
        report(err, "whoever waits for a handoff could not be told", id);
      }
    }
  }

  function next(): DueHandoff | undefined {
    for (const [key, { account, bot, ids }] of waiting) {
      if (isFull(account)) continue;
      const [id] = ids;
      waiting.delete(key);
      if (id === undefined) continue;
      ids.delete(id);
      if (ids.size > 0) waiting.set(key, { account, bot, ids });
      return { id, bot, account };
    }
    return undefined;
  }

  const takePlace = (account: string): void => void places.set(account, (places.get(account) ?? 0) + 1);
  const givePlace = (account: string): void => void places.set(account, (places.get(account) ?? 1) - 1);

  /** Works in a place that is taken. */
  async function work(handoff: DueHandoff, carryOn: () => Promise<void>): Promise<void> {
    const { id, account } = handoff;
    try {
      await carryOn();
    } catch (err) {
      await putOff(handoff, err);
    } finally {
      givePlace(account);
      working.delete(id);
      if (!isWaiting(id)) notify(id);
      fill();
      arm();
    }
  }

  /** Nothing else may start the handoff until that is written: its requests on their way are not looked up yet. */
  async function putOff(handoff: DueHandoff, failure: unknown): Promise<void> {
    for (;;) {
      try {
        return await deps.putOff(handoff, failure);
      } catch (err) {
        restUntil = steady() + AFTER_FAILURE_MS;
        report(err, "a handoff that failed could not be put off; it is tried again", handoff.id);
        if (isStopped) return;
        await new Promise<void>((resolve) => deps.setTimer(resolve, AFTER_FAILURE_MS));
      }
    }
  }

  function fill(): void {
    while (!isStopped) {
      const handoff = next();
      if (handoff === undefined) return;
      takePlace(handoff.account);
      working.set(
        handoff.id,
        work(handoff, () => deps.drive(handoff)),
      );
    }
  }

  function queue({ id, bot, account }: DueHandoff): void {
    if (working.has(id)) return;
    const key = `${account}\n${bot}`;
    const known = waiting.get(key) ?? { account, bot, ids: new Set() };
    known.ids.add(id);
    waiting.set(key, known);
  }

  /** Repeats a look that fails: nothing else would start due work. */
  function guarded(look: () => void): () => void {
    return () => {
      if (isStopped) return;
      try {
        look();
      } catch (err) {
        report(err, "what is due could not be read; it is tried again");
        sleep(AFTER_FAILURE_MS);
      }
    };
  }

  /** Moves times from before the clock was set back by as much. */
  async function putRight(now: number, by: number): Promise<void> {
    try {
      await deps.record.commit((tables) => tables.handoffs.clockSetBack(now, by));
      deps.log.warn({ ms: by }, "the clock was set back: what is due was moved with it");
      takeDue();
    } catch (err) {
      report(err, "what is due could not be moved with the clock; it is tried again");
      lookedAt = Math.max(lookedAt, now + by);
    }
  }

  const takeDue = guarded(() => {
    const now = deps.now();
    const by = lookedAt - now;
    lookedAt = now;
    if (by >= SET_BACK_MS) void putRight(now, by);
    let isAnyDue = false;
    let isAnyFree = false;
    for (const due of deps.record.read((tables) => tables.handoffs.queues())) {
      if (due.dueAt > now || deps.heldUntil(due.account) !== null) continue;
      for (const handoff of deps.record.read((tables) => tables.handoffs.due(due, now, perAccount * 2))) {
        isAnyDue = true;
        isAnyFree ||= !working.has(handoff.id);
        queue(handoff);
      }
    }
    fill();
    // The end of the work looks again if all due handoffs are in work.
    sleepUntilDue(isAnyDue && !isAnyFree ? IN_WORK_MS : 0);
  });

  const arm = guarded(() => sleepUntilDue(0));

  /** Sets the one timer to the next due time of a handoff that could start. */
  function sleepUntilDue(atLeastMs: number): void {
    const waits = deps.record
      .read((tables) => tables.handoffs.queues())
      .filter(({ account }) => !isFull(account))
      .map(({ account, dueAt }) => Math.max(dueAt, deps.heldUntil(account) ?? 0) - deps.now());
    // Handoffs that could not start are looked at again soon, not at once.
    sleep(Math.max(Math.min(LONGEST_SLEEP_MS, ...waits), restUntil - steady(), atLeastMs, SHORTEST_SLEEP_MS));
  }

  function sleep(ms: number): void {
    cancelTimer?.();
    // A clock that was set ahead since the last look may have dated work in between.
    lookedAt = Math.max(lookedAt, deps.now());
    wakesAt = steady() + ms;
    cancelTimer = deps.setTimer(takeDue, ms);
  }

  return {
    keepPlace(account) {
      const isAwaited = [...waiting.values()].some((queue) => queue.account === account);
      if (isStopped || isFull(account) || isAwaited) return null;
      takePlace(account);
      const giveBack = (): void => {
        givePlace(account);
        fill();
      };
      return {
        giveBack,
        start(handoff, carryOn) {
          // The next start looks up steps that it finds sent.
          if (isStopped) giveBack();
          else working.set(handoff.id, work(handoff, carryOn));
        },
      };
    },
    start(handoff, at = 0) {
      if (isStopped) return;
      const wait = at - deps.now();
      if (wait > 0) {
        if (steady() + wait < wakesAt) sleep(Math.max(wait, SHORTEST_SLEEP_MS));
        return;
      }
      queue(handoff);
      fill();
    },
    resume: takeDue,
    settled: (id, ms) => {
      if (isStopped || !isPending(id)) return Promise.resolve();
      return new Promise((resolve) => {
        const end = (): void => {
          cancel();
          unwatch();
          countAwaited(id, -1);
          resolve();
        };
        countAwaited(id, 1);
        const cancel = deps.setTimer(end, ms);
        const unwatch = watch(id, () => {
          if (isStopped || !isPending(id)) end();
        });
      });
    },
    isAwaited: (id) => awaited.has(id),
    idle: (id) => {
      if (!working.has(id) && !isWaiting(id)) return Promise.resolve();
      return new Promise((resolve) => {
        const unwatch = watch(id, () => {
          unwatch();
          resolve();
        });
      });
    },
    job: {
      name: "handoffs",
      dueAt: () =>
        earliest([
          ...deps.record.read((tables) => tables.handoffs.queues()).map(({ dueAt }) => dueAt),
          working.size > 0 ? deps.now() + FOUND_AGAIN_MS : null,
        ]),
      begin: takeDue,
      run: takeDue,
      async stop() {
        isStopped = true;
        cancelTimer?.();
        await Promise.all(working.values());
        for (const id of [...watchers.keys()]) notify(id);
      },
    },
  };
}
