/**
 * Delivers the callbacks of the outbox: at least once, in order within a session, side by side across sessions. Each host has
 * places of its own, and the bots of one host take turns.
 */
import { createDueWork } from "../schedule/due-work.ts";
import type { Schedule, SchedulerDeps } from "../schedule/scheduler.ts";
import { isStorageFailure } from "../store/storage-error.ts";
import { createTryCallback, type TryCallbackDeps } from "./try-callback.ts";

export interface DeliveryDeps extends Omit<TryCallbackDeps, "onPause">, Pick<SchedulerDeps, "steady"> {
  schedule: Schedule;
}

export interface Delivery {
  /** Something was added to the outbox and is committed. */
  wake(): void;
  /** Resolves once nothing more can be sent now. */
  idle(): Promise<void>;
}

interface DueCallback {
  id: string;
  bot: string;
}

const AT_ONCE_PER_HOST = 8;
/** A 429 pauses its host for all callbacks, but the wait of one must not become the wait of all. */
const LONGEST_HOLD_MS = 600_000;
/** Host of bots whose flow names no URL any more. */
const NOWHERE = "";

export function createDelivery(deps: DeliveryDeps): Delivery {
  const { record, now, steady, schedule, log } = deps;
  /** Time until which a host wants no more. */
  const heldUntil = new Map<string, number>();

  const hostOf = ({ bot }: { bot: string }): string => {
    const url = deps.flows.get(bot)?.callbacks?.url;
    return url === undefined ? NOWHERE : new URL(url).host;
  };
  const waitMs = (host: string): number => Math.max(0, (heldUntil.get(host) ?? 0) - steady());

  const tryCallback = createTryCallback({
    ...deps,
    onPause: (bot, ms) => heldUntil.set(hostOf({ bot }), steady() + Math.min(LONGEST_HOLD_MS, ms)),
  });

  /** Puts off a callback that failed; each time for longer. `storage-health` logs a storage failure, once. */
  async function putOff({ id }: DueCallback, failure: unknown): Promise<void> {
    const state = await record.commit(({ callbacks }) => callbacks.putOff(id, now()));
    if (isStorageFailure(failure)) return log.warn({ callback: id }, "a callback is put off: the storage failed");
    if (state === "refused")
      log.error({ alert: "callback-given-up", callback: id, err: failure }, "a callback is set aside: Baton failed");
    else log.error({ callback: id, err: failure }, "a callback could not be carried on; it is tried again");
  }

  const work = createDueWork<{ bot: string; dueAt: number }, DueCallback>({
    name: "callbacks",
    keyOf: hostOf,
    places: AT_ONCE_PER_HOST,
    queues: () => record.read(({ callbacks }) => callbacks.queues()),
    due: ({ bot }, at, limit) =>
      record.read(({ callbacks }) => callbacks.due(bot, at, limit)).map((id) => ({ id, bot })),
    waitMs,
    async run(callback) {
      // Its host may have asked for a pause while it waited for a place.
      if (waitMs(hostOf(callback)) === 0) await tryCallback(callback.id);
    },
    putOff,
    onUnwritten({ id }, err) {
      if (!isStorageFailure(err)) log.error({ callback: id, err }, "a callback that failed could not be put off");
    },
    onUnreadable(err) {
      if (!isStorageFailure(err)) log.error({ err }, "the outbox of callbacks could not be read; Baton tries again");
    },
    /** The next callback of the session may be due now. */
    ended: () => work.look(),
    /** Sends again what an earlier run had on its way. */
    async begin() {
      const count = await record.commit(({ callbacks }) => callbacks.endInFlight(now()));
      if (count > 0) log.info({ count }, "callbacks of the last run are sent again");
    },
    now,
    steady,
    schedule,
  });

  return { wake: work.wake, idle: work.idle };
}
