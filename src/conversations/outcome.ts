/** What an attempt showed, and the request that showed it. */
export interface Call {
  /** Null: no answer. */
  status: number | null;
  /** The platform's own id of the request, where it gave one. */
  requestId: string | null;
  ms: number;
}

/** Surely no effect: not sent at all, or answered so. */
export type Refusal =
  | { reason: "not-sent"; code: string }
  | { reason: "unauthorized"; status: 401 | 403 }
  | { reason: "throttled"; retryAfterMs: number | null }
  | { reason: "closed" }
  | { reason: "unknown-tag" }
  | { reason: "tag-exists" }
  | { reason: "unknown-id" }
  | { reason: "too-large" }
  | { reason: "error-answer"; text: string }
  | { reason: "invalid"; status: number | null; messageId: string; text: string };

/** It may or may not have happened. */
export type Unknown = "timeout" | "connection-lost" | "server-error" | "unexpected-status" | "unreadable";

/** How every attempt ends. Whatever is in doubt is `unknown`: it is looked up, never blindly repeated. */
export type Outcome<T> =
  | { kind: "ok"; value: T; call: Call }
  | { kind: "refused"; refusal: Refusal; call: Call }
  | { kind: "unknown"; why: Unknown; call: Call };
