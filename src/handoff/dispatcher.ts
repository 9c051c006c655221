import type { Log } from "../log.ts";
import type { SessionRecord } from "../sessions/record.ts";

export interface DispatcherDeps {
  record: SessionRecord;
  drive: (id: string) => Promise<void>;
  now: () => number;
  /** Calls `wake` once, after `ms`; returns how to take that back. */
  setTimer: (wake: () => void, ms: number) => () => void;
  log: Log;
  /** Handoffs in work at once. */
  concurrency?: number;
}

export interface Dispatcher {
  /** A handoff has something to do now. */
  start(handoff: { id: string; bot: string }): void;
  /** Takes up everything that is due, and what comes due later. */
  resume(): void;
  /** Resolves when a handoff is no longer pending, retries and all, or after `ms`. */
  settled(id: string, ms: number): Promise<void>;
  /** Resolves when nothing more can be done for a handoff now: it is routed, or waits for its next attempt. */
  idle(id: string): Promise<void>;
  /** Starts nothing more and resolves when what is in work has ended. */
  stop(): Promise<void>;
}

const DEFAULT_CONCURRENCY = 64;
/** The clock may be set back, or a timer lost: nothing that is due waits longer than this. */
const LONGEST_SLEEP_MS = 30_000;
const AFTER_FAILURE_MS = 1_000;
const IN_WORK_MS = 250;

/**
 * Runs handoffs side by side: each at most once at a time, a bounded number in all, and the bots in turn, so that one
 * bot's crowd does not keep another's customer waiting.
 */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const concurrency = deps.concurrency ?? DEFAULT_CONCURRENCY;
  const working = new Map<string, Promise<void>>();
  /** Ids that wait for a place, by bot; bots take turns in the order of this map. */
  const waiting = new Map<string, Set<string>>();
  const watchers = new Map<string, Set<() => void>>();
  let cancelTimer: (() => void) | undefined;
  let isStopped = false;

  const isWaiting = (id: string): boolean => [...waiting.values()].some((ids) => ids.has(id));

  const isPending = (id: string): boolean =>
    deps.record.read((tables) => tables.handoffs.byId(id))?.state === "pending";

  /** Calls `tell` whenever work on a handoff rests; returns how to end that. */
  function watch(id: string, tell: () => void): () => void {
    const all = watchers.get(id) ?? new Set();
    watchers.set(id, all.add(tell));
    return () => {
      all.delete(tell);
      if (all.size === 0) watchers.delete(id);
    };
  }

  function notify(id: string): void {
    for (const tell of [...(watchers.get(id) ?? [])]) tell();
  }

  function next(): string | undefined {
    for (const [bot, ids] of waiting) {
      waiting.delete(bot);
      const [id] = ids;
      if (id === undefined) continue;
      ids.delete(id);
      if (ids.size > 0) waiting.set(bot, ids);
      return id;
    }
    return undefined;
  }

  async function work(id: string): Promise<void> {
    try {
      await deps.drive(id);
    } catch (err) {
      deps.log.error({ handoff: id, err }, "a handoff could not be carried on; it is tried again");
      arm(AFTER_FAILURE_MS);
    } finally {
      working.delete(id);
      if (!isWaiting(id)) notify(id);
      fill();
      if (!isStopped) arm();
    }
  }

  function fill(): void {
    while (!isStopped && working.size < concurrency) {
      const id = next();
      if (id === undefined) return;
      working.set(id, work(id));
    }
  }

  function queue(id: string, bot: string): void {
    if (working.has(id)) return;
    const ids = waiting.get(bot) ?? new Set();
    ids.add(id);
    waiting.set(bot, ids);
  }

  function takeDue(): void {
    const due = deps.record.read((tables) => tables.handoffs.due(deps.now(), concurrency * 2));
    const free = due.filter(({ id }) => !working.has(id));
    for (const { id, bot } of free) queue(id, bot);
    fill();
    // Where all that is due is in work, the end of that work looks again.
    arm(due.length > 0 && free.length === 0 ? IN_WORK_MS : 0);
  }

  /** Sets the one timer to when the next handoff is due. */
  function arm(atLeastMs = 0): void {
    if (isStopped) return;
    const dueAt = deps.record.read((tables) => tables.handoffs.nextDueAt());
    const isBusy = working.size >= concurrency;
    const wait = dueAt === null || isBusy ? LONGEST_SLEEP_MS : Math.min(LONGEST_SLEEP_MS, dueAt - deps.now());
    cancelTimer?.();
    // What is in work is due when its lease ends; what could not be taken up is looked at again soon, not at once.
    cancelTimer = deps.setTimer(takeDue, Math.max(wait, atLeastMs, 20));
  }

  return {
    start({ id, bot }) {
      if (isStopped) return;
      queue(id, bot);
      fill();
    },
    resume: takeDue,
    settled: (id, ms) => {
      if (isStopped || !isPending(id)) return Promise.resolve();
      return new Promise((resolve) => {
        const end = (): void => {
          cancel();
          unwatch();
          resolve();
        };
        const cancel = deps.setTimer(end, ms);
        const unwatch = watch(id, () => {
          if (isStopped || !isPending(id)) end();
        });
      });
    },
    idle: (id) => {
      if (!working.has(id) && !isWaiting(id)) return Promise.resolve();
      return new Promise((resolve) => {
        const unwatch = watch(id, () => {
          unwatch();
          resolve();
        });
      });
    },
    async stop() {
      isStopped = true;
      cancelTimer?.();
      await Promise.all(working.values());
      for (const id of [...watchers.keys()]) notify(id);
    },
  };
}
