/**
 * Delivers the callbacks of the outbox: at least once, in order within a session, side by side across sessions. Each host has
 * places of its own, so that a slow one takes none of another's; the bots of one host take turns.
 */
import type { Flows } from "../escalation/flow.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../metrics/meter.ts";
import type { Callback } from "../model/callback.ts";
import { earliest, type Job } from "../scheduler.ts";
import { isStorageFailure } from "../store/storage-error.ts";
import type { SessionRecord } from "../store/store.ts";
import type { EndedCallback } from "../store/tables/callbacks.ts";
import type { Spans } from "../trace/spans.ts";
import { traceFieldOf } from "../trace/traceparent.ts";
import { toCloudEvent, toHeaders } from "./envelope.ts";
import { askedToWaitMs, type Judgement, judge, nextOf } from "./judge.ts";
import type { Send, Sent } from "./sender.ts";

export interface DeliveryDeps {
  record: SessionRecord;
  /** Flow of each bot, with the URL of its callbacks. */
  flows: Flows;
  /** Active secrets of each bot. */
  botSecrets: ReadonlyMap<string, readonly string[]>;
  send: Send;
  now: () => number;
  /** A clock that only moves forward, however `now` is set. */
  steady: () => number;
  /** Returns 0 to 1. */
  random: () => number;
  /** Calls `wake` once, after `ms`. Returns a function that cancels it. */
  setTimer: (wake: () => void, ms: number) => () => void;
  log: Log;
  meter: Meter;
  /** Traces of an SDK that the operator brings. */
  spans?: Pick<Spans, "around"> | undefined;
}

/** A callback whose try begins. */
interface Claimed {
  callback: Callback;
  traceparent: string | undefined;
}

export interface Delivery {
  /** Something was added to the outbox and is committed. */
  wake(): void;
  /** Resolves once nothing more can be sent now. */
  idle(): Promise<void>;
  job: Job;
}

/** The shorter of the times that Standard Webhooks gives a receiver. */
const TIMEOUT_MS = 15_000;
const AT_ONCE_PER_HOST = 8;
/** A 429 pauses its host for all callbacks, but the wait of one must not become the wait of all. */
const LONGEST_HOLD_MS = 600_000;
/** A timer may be lost: due callbacks wait no longer than this. */
const LONGEST_SLEEP_MS = 60_000;
/** Every due callback that could be sent is in work. Look again when its claim must be written. */
const IN_WORK_MS = 250;
const AFTER_FAILURE_MS = 1_000;
/** Longer than any request takes: a look after this finds what a process left on its way. */
const FOUND_AGAIN_MS = 30_000;
/** Names what follows from a try, for those who count. */
const FOLLOWING = { done: "done", refused: "set-aside", ready: "retried", sent: "retried" } as const;
/** Host of bots whose flow names no URL any more. */
const NOWHERE = "";

export function createDelivery(deps: DeliveryDeps): Delivery {
  const { record, now, steady, log, meter } = deps;
  const inWork = new Map<string, Promise<void>>();
  /** Their try broke off, and that is not written yet: until then they are not sent again. */
  const failed = new Map<string, unknown>();
  /** Number of callbacks on their way to a host. */
  const places = new Map<string, number>();
  /** Time until which a host wants no more. */
  const heldUntil = new Map<string, number>();
  /** Number of the turn in which a bot had its last one. */
  const turns = new Map<string, number>();
  /** Time at which the endpoint of a bot last accepted a callback. */
  const takenAt = new Map<string, number>();
  /** Bots whose endpoint refuses callbacks: logged once, until it accepts one. */
  const refusing = new Set<string>();
  let turn = 0;
  /** Nothing is sent for a moment after a failure of ours. */
  let restUntil = 0;
  let cancelTimer: (() => void) | undefined;
  let isStopped = false;

  const urlOf = (bot: string): string | undefined => deps.flows.get(bot)?.callbacks?.url;
  const hostOf = (bot: string): string => {
    const url = urlOf(bot);
    return url === undefined ? NOWHERE : new URL(url).host;
  };
  const isFull = (host: string): boolean => (places.get(host) ?? 0) >= AT_ONCE_PER_HOST;
  const waitOf = (host: string): number => Math.max(0, (heldUntil.get(host) ?? 0) - steady());

  function sendNow(callback: Callback, traceparent: string | undefined): Promise<Sent> | Sent {
    const url = urlOf(callback.bot);
    if (url === undefined) return { kind: "not-sent", code: "no-address" };
    if (callback.data === null) throw new Error("a callback that is due has nothing to tell");
    const body = toCloudEvent(callback, callback.data);
    const headers = toHeaders(callback.id, body, deps.botSecrets.get(callback.bot) ?? [], now());
    if (headers === null) return { kind: "not-sent", code: "no-secret" };
    const message = { url, body, timeoutMs: TIMEOUT_MS };
    const post = (its: string | undefined) =>
      deps.send({ ...message, headers: its === undefined ? headers : { ...headers, traceparent: its } });
    const span = { name: `callback ${callback.type}`, traceparent, attributes: { "baton.bot": callback.bot } };
    return deps.spans === undefined ? post(traceparent) : deps.spans.around(span, post);
  }

  /** A sender that throws counts as unanswered: it is retried by the schedule, and set aside at its end. */
  async function sendSafely(callback: Callback, traceparent: string | undefined): Promise<Sent> {
    try {
      return await sendNow(callback, traceparent);
    } catch (err) {
      log.error({ callback: callback.id, bot: callback.bot, err }, "a callback could not be sent");
      return { kind: "unanswered", code: "internal" };
    }
  }

  async function tell(id: string, host: string): Promise<void> {
    const claimed = await record.commit(({ callbacks, handoffs }) => {
      const callback = callbacks.claim(id, now());
      if (callback === null) return null;
      const { handoffId } = callback;
      return { callback, traceparent: (handoffId === null ? null : handoffs.traceparentOf(handoffId)) ?? undefined };
    });
    if (claimed === null) return;
    const { callback, traceparent } = claimed;
    const sentAt = now();
    const sent = await sendSafely(callback, traceparent);
    const endedAt = now();
    const { bot, tries, triesSince } = callback;
    const judgement = judge(sent, (takenAt.get(bot) ?? Number.NEGATIVE_INFINITY) >= (triesSince ?? sentAt));
    const { outcome, status, code } = judgement;
    const askedMs = askedToWaitMs(sent, endedAt);
    if (outcome === "ok") takenAt.set(bot, endedAt);
    if (status === 429) heldUntil.set(host, steady() + Math.min(LONGEST_HOLD_MS, askedMs));
    const attempt = { callbackId: id, fence: callback.fence, sentAt, endedAt, outcome, status, code };
    const random = deps.random();
    const ended = await record.commit(({ callbacks }) => {
      const refusals = code === "refused" ? callbacks.refusalsOf(callback) + 1 : 0;
      const next = nextOf(judgement, { tries, refusals, askedToWaitMs: askedMs, now: endedAt, random });
      return callbacks.end(attempt, next, endedAt);
    });
    if (ended !== null) report(claimed, judgement, ended, endedAt - sentAt);
  }

  function report(tried: Claimed, judgement: Judgement, { state, overtaken }: EndedCallback, ms: number): void {
    const { callback, traceparent } = tried;
    const { id, bot, handoffId, type, tries } = callback;
    const { outcome, status, code, isWrong } = judgement;
    meter.count("callbacks", { bot, type, outcome: FOLLOWING[state] });
    const fields = {
      callback: id,
      bot,
      ...(handoffId !== null && { handoff: handoffId }),
      ...traceFieldOf(traceparent),
      step: `callback:${type}`,
      ...(outcome !== null && { outcome }),
      ...(status !== null && { status }),
      ...(code !== null && { reason: code }),
      count: tries,
      ms,
    };
    if (state === "done") {
      log.debug(fields, "the bot was told");
      if (overtaken > 0) {
        log.warn({ bot, count: overtaken }, "older callbacks are set aside: a newer one tells who has the customer");
      }
      if (refusing.delete(bot)) log.info({ bot }, "the bot accepts callbacks again");
    } else if (state === "refused") {
      log.error(
        { ...fields, alert: "callback-given-up" },
        "a callback is set aside: the bot was not told; baton handoffs resend sends it again once its receiver takes it",
      );
    } else if (isWrong && !refusing.has(bot)) {
      refusing.add(bot);
      log.error(
        fields,
        "the bot refuses callbacks; they are retried: check its flow's URL, its secrets and CALLBACK_ALLOWED_HOSTS",
      );
    } else {
      log.warn(fields, "a callback did not arrive; it is retried");
    }
  }

  /** Puts off a callback that failed; each time for longer. `storage-health` logs a storage failure, once. */
  async function putOff(id: string, failure: unknown): Promise<void> {
    const state = await record.commit(({ callbacks }) => callbacks.putOff(id, now()));
    failed.delete(id);
    if (isStorageFailure(failure)) return log.warn({ callback: id }, "a callback is put off: the storage failed");
    if (state === "refused")
      log.error({ alert: "callback-given-up", callback: id, err: failure }, "a callback is set aside: Baton failed");
    else log.error({ callback: id, err: failure }, "a callback could not be carried on; it is tried again");
  }

  async function work(id: string, host: string): Promise<void> {
    places.set(host, (places.get(host) ?? 0) + 1);
    try {
      await tell(id, host);
    } catch (err) {
      failed.set(id, err);
      await putOff(id, err);
    } finally {
      places.set(host, (places.get(host) ?? 1) - 1);
    }
  }

  /** Never rejects. */
  async function end(id: string, working: Promise<void>): Promise<void> {
    try {
      await working;
    } catch (err) {
      if (!isStorageFailure(err)) log.error({ callback: id, err }, "a callback that failed could not be put off");
      restUntil = steady() + AFTER_FAILURE_MS;
    } finally {
      inWork.delete(id);
      takeDue();
    }
  }

  /**
   * Lists due callbacks that are not in work, of each bot whose host has a place. The bot whose last turn is longest ago comes
   * first.
   */
  function dueByBot(): { bot: string; host: string; ids: string[] }[] {
    return record.read(({ callbacks }) =>
      callbacks
        .queues()
        .filter(({ dueAt }) => dueAt <= now())
        .map(({ bot }) => ({ bot, host: hostOf(bot) }))
        .filter(({ host }) => !isFull(host) && waitOf(host) === 0)
        .sort((one, other) => (turns.get(one.bot) ?? 0) - (turns.get(other.bot) ?? 0))
        .map(({ bot, host }) => ({
          bot,
          host,
          // AT_ONCE_PER_HOST of those in work may be unclaimed, but no more.
          ids: callbacks.due(bot, now(), AT_ONCE_PER_HOST * 2).filter((id) => !inWork.has(id) && !failed.has(id)),
        })),
    );
  }

  function fill(): void {
    for (const [id, failure] of failed) if (!inWork.has(id)) inWork.set(id, end(id, putOff(id, failure)));
    const waiting = dueByBot();
    for (let isTaking = true; isTaking; ) {
      isTaking = false;
      for (const { bot, host, ids } of waiting) {
        const id = isFull(host) ? undefined : ids.shift();
        if (id === undefined) continue;
        isTaking = true;
        turn += 1;
        turns.set(bot, turn);
        inWork.set(id, end(id, work(id, host)));
      }
    }
  }

  /**
   * Sets the one timer to the next due time of a host with a free place; on a full host the end of another one starts the next.
   */
  function arm(): void {
    cancelTimer?.();
    const waits = record
      .read(({ callbacks }) => callbacks.queues())
      .map(({ bot, dueAt }) => ({ host: hostOf(bot), dueAt }))
      .filter(({ host }) => !isFull(host))
      .map(({ host, dueAt }) => Math.max(dueAt - now(), waitOf(host)))
      .map((wait) => (wait > 0 ? wait : IN_WORK_MS));
    cancelTimer = undefined;
    if (failed.size > 0) waits.push(AFTER_FAILURE_MS);
    if (waits.length === 0) return;
    const wait = Math.max(Math.min(LONGEST_SLEEP_MS, ...waits), restUntil - steady());
    cancelTimer = deps.setTimer(takeDue, wait);
  }

  function takeDue(): void {
    if (isStopped) return;
    try {
      if (restUntil <= steady()) fill();
      arm();
    } catch (err) {
      if (!isStorageFailure(err)) log.error({ err }, "the outbox of callbacks could not be read; Baton tries again");
      cancelTimer?.();
      cancelTimer = deps.setTimer(takeDue, AFTER_FAILURE_MS);
    }
  }

  return {
    wake: takeDue,
    async idle() {
      while (inWork.size > 0) await Promise.all(inWork.values());
    },
    job: {
      name: "callbacks",
      dueAt: () =>
        earliest([
          ...record.read(({ callbacks }) => callbacks.queues()).map(({ dueAt }) => dueAt),
          inWork.size > 0 ? now() + FOUND_AGAIN_MS : null,
        ]),
      /** Sends again what an earlier run had on its way. */
      async begin() {
        const count = await record.commit(({ callbacks }) => callbacks.endInFlight(now()));
        if (count > 0) log.info({ count }, "callbacks of the last run are sent again");
        takeDue();
      },
      run: takeDue,
      async stop() {
        isStopped = true;
        cancelTimer?.();
        await Promise.all(inWork.values());
      },
    },
  };
}
