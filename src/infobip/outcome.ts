/** A request of an attempt, with its answer. */
export interface Call {
  /** Null: no answer. */
  status: number | null;
  /** The platform's own id of the request, if it gave one. */
  requestId: string | null;
  ms: number;
}

/**
 * A request without effect: it was not sent, or the answer says so. `text` is the platform's own and may quote the request: it
 * belongs in the record, never in a log.
 */
export type Refusal =
  | { reason: "not-sent"; code: string }
  | { reason: "unauthorized"; status: 401 | 403 }
  | { reason: "throttled"; retryAfterMs: number | null }
  | { reason: "closed" }
  | { reason: "unknown-tag" }
  | { reason: "tag-exists" }
  /** The conversation, or a queue or an agent that the request named, is not there. `id` tells which, if the answer does. */
  | { reason: "unknown-id"; id: string | null }
  | { reason: "too-large" }
  | { reason: "error-answer"; text: string }
  /** `status` is null if the request was not fit to be sent. */
  | { reason: "invalid"; status: number | null; messageId: string; text: string };

/** It may or may not have happened. */
export type Unknown = "timeout" | "connection-lost" | "server-error" | "unexpected-status" | "unreadable";

/** End of an attempt, without its call. */
export type Verdict<T> =
  | { kind: "ok"; value: T }
  | { kind: "refused"; refusal: Refusal }
  | {
      kind: "unknown";
      why: Unknown;
      /** Wait that a 5xx asked for. */
      retryAfterMs: number | null;
      /** Names the unreadable field, or the code of a lost connection; never a value that was sent or received. */
      detail: string | null;
    };

/** End of an attempt. Anything in doubt is `unknown`: Baton looks it up and never repeats it blindly. */
export type Outcome<T> = Verdict<T> & { call: Call };

export const refused = (refusal: Refusal) => ({ kind: "refused" as const, refusal });

export const unknown = (why: Unknown, detail: string | null = null, retryAfterMs: number | null = null) => ({
  kind: "unknown" as const,
  why,
  retryAfterMs,
  detail,
});

/** Names an end in a word: `ok`, or why it was refused or is unknown. */
export const reasonOf = (outcome: Verdict<unknown>): string =>
  outcome.kind === "ok" ? "ok" : outcome.kind === "unknown" ? outcome.why : outcome.refusal.reason;

export function mapOk<A, B>(outcome: Outcome<A>, convert: (value: A) => B): Outcome<B> {
  return outcome.kind === "ok" ? { ...outcome, value: convert(outcome.value) } : outcome;
}
