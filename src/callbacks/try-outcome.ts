/** Classifies the outcome of a try, and decides about the next one. Pure. */
import { retryAfterMs } from "../infobip/retry-after.ts";
import type { CallbackAttempt } from "../model/callback.ts";
import type { CallbackNext } from "../store/tables/callbacks/callbacks.ts";
import type { Sent } from "./sender.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits between tries, from Standard Webhooks 1.0.0: ten tries. */
const WAITS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;
/** Waits after refusals of the content: five tries, with their longest waits in less than ten minutes. */
const REFUSED_WAITS_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 5 * MINUTE] as const;
const LONGEST_RETRY_AFTER_MS = 24 * HOUR;
/** Baton's configuration kept the callback from being sent. */
const SET_UP_WRONG = new Set(["no-address", "no-secret", "not-https", "private-address"]);
/** The endpoint works, and asks for a later try. */
const FOR_LATER = new Set([408, 409, 425, 429]);
/** These statuses mean the URL or the sender, not the content, as long as the endpoint accepts nothing at all. */
const OF_THE_SET_UP = new Set([401, 403, 404, 407]);

export interface TryOutcome extends Pick<CallbackAttempt, "outcome" | "status" | "code"> {
  /** True: a person has to act, since time alone seldom heals it. */
  isWrong: boolean;
}

/** `isTakingOthers`: the endpoint accepted another callback of this bot since the first try of this one. */
export function classifyTry(sent: Sent, isTakingOthers = false): TryOutcome {
  if (sent.kind === "not-sent") {
    return { outcome: "refused", status: null, code: sent.code, isWrong: SET_UP_WRONG.has(sent.code) };
  }
  if (sent.kind === "unanswered") return { outcome: "unknown", status: null, code: sent.code, isWrong: false };
  const { status } = sent;
  if (status >= 200 && status < 300) return { outcome: "ok", status, code: null, isWrong: false };
  if (status === 410) return { outcome: "refused", status, code: "gone", isWrong: true };
  if (status >= 300 && status < 400) return { outcome: "refused", status, code: "redirect", isWrong: true };
  if (status === 429) return { outcome: "refused", status, code: "throttled", isWrong: false };
  if (FOR_LATER.has(status)) return { outcome: "refused", status, code: "later", isWrong: false };
  if (OF_THE_SET_UP.has(status) && !isTakingOthers) {
    return { outcome: "refused", status, code: status === 404 ? "not-found" : "unauthorized", isWrong: true };
  }
  if (status >= 400 && status < 500) return { outcome: "refused", status, code: "refused", isWrong: true };
  return { outcome: "unknown", status, code: "failed", isWrong: false };
}

/** Milliseconds for which the endpoint asked for a pause. */
export const requestedPauseMs = (sent: Sent, now: number): number =>
  sent.kind === "answered" ? (retryAfterMs(sent.retryAfter, now, LONGEST_RETRY_AFTER_MS) ?? 0) : 0;

/** State of a callback at the end of a try. */
export interface Tried {
  /** Includes this one. */
  tries: number;
  /** Number of tries that the endpoint refused for their content, this one included. */
  refusals: number;
  askedToWaitMs: number;
  now: number;
  /** 0 to 1. Jitters the whole wait, so that a crowd spreads. */
  random: number;
}

export function planRetry({ outcome, code }: TryOutcome, tried: Tried): CallbackNext {
  const { tries, refusals, now } = tried;
  if (outcome === "ok") return { state: "done" };
  const wait = code === "refused" ? REFUSED_WAITS_MS[refusals - 1] : WAITS_MS[tries - 1];
  const isLast = wait === undefined || tries > WAITS_MS.length;
  if (code === "gone" || isLast) return { state: "refused", because: code ?? "failed" };
  return { state: "ready", at: now + Math.max(Math.round(tried.random * wait), tried.askedToWaitMs) };
}
