/** Tries one callback: commits the intent, sends it under its signatures, and commits what follows from the answer. */
import type { Flows } from "../escalation/flow.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../metrics/meter.ts";
import type { Callback } from "../model/callback.ts";
import type { SessionRecord } from "../store/store.ts";
import type { EndedCallback } from "../store/tables/callbacks/callbacks.ts";
import type { Spans } from "../trace/spans.ts";
import { traceFieldOf } from "../trace/traceparent.ts";
import { toCloudEvent, toHeaders } from "./envelope.ts";
import type { Send, Sent } from "./sender.ts";
import { classifyTry, planRetry, requestedPauseMs, type TryOutcome } from "./try-outcome.ts";

export interface TryCallbackDeps {
  record: SessionRecord;
  /** Flow of each bot, with the URL of its callbacks. */
  flows: Flows;
  /** Active secrets of each bot. */
  botSecrets: ReadonlyMap<string, readonly string[]>;
  send: Send;
  /** The receiver asks for a pause: it wants nothing more for so long. */
  onPause: (bot: string, ms: number) => void;
  now: () => number;
  /** Returns 0 to 1. */
  random: () => number;
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

/** The shorter of the times that Standard Webhooks gives a receiver. */
const TIMEOUT_MS = 15_000;
/** Names what follows from a try, for those who count. */
const FOLLOWING = { done: "done", refused: "set-aside", ready: "retried", sent: "retried" } as const;

export function createTryCallback(deps: TryCallbackDeps) {
  const { record, now, log, meter } = deps;
  /** Time at which the endpoint of a bot last accepted a callback. */
  const takenAt = new Map<string, number>();
  /** Bots whose endpoint refuses callbacks: logged once, until it accepts one. */
  const refusing = new Set<string>();

  function sendNow(callback: Callback, traceparent: string | undefined): Promise<Sent> | Sent {
    const url = deps.flows.get(callback.bot)?.callbacks?.url;
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

  const claim = (id: string): Promise<Claimed | null> =>
    record.commit(({ callbacks, handoffs }) => {
      const callback = callbacks.claim(id, now());
      if (callback === null) return null;
      const { handoffId } = callback;
      return { callback, traceparent: (handoffId === null ? null : handoffs.traceparentOf(handoffId)) ?? undefined };
    });

  function report(tried: Claimed, result: TryOutcome, { state, overtaken }: EndedCallback, ms: number): void {
    const { callback, traceparent } = tried;
    const { id, bot, handoffId, type, tries } = callback;
    const { outcome, status, code, isWrong } = result;
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

  /** Resolves once the try is recorded, or the callback is found not to be due. */
  return async (id: string): Promise<void> => {
    const claimed = await claim(id);
    if (claimed === null) return;
    const { callback, traceparent } = claimed;
    const { bot, tries, triesSince, fence } = callback;
    const sentAt = now();
    const sent = await sendSafely(callback, traceparent);
    const endedAt = now();
    const result = classifyTry(sent, (takenAt.get(bot) ?? Number.NEGATIVE_INFINITY) >= (triesSince ?? sentAt));
    const { outcome, status, code } = result;
    const askedMs = requestedPauseMs(sent, endedAt);
    if (outcome === "ok") takenAt.set(bot, endedAt);
    if (status === 429) deps.onPause(bot, askedMs);
    const attempt = { callbackId: id, fence, sentAt, endedAt, outcome, status, code };
    const random = deps.random();
    const ended = await record.commit(({ callbacks }) => {
      const refusals = code === "refused" ? callbacks.refusalsOf(callback) + 1 : 0;
      const next = planRetry(result, { tries, refusals, askedToWaitMs: askedMs, now: endedAt, random });
      return callbacks.end(attempt, next, endedAt);
    });
    if (ended !== null) report(claimed, result, ended, endedAt - sentAt);
  };
}
