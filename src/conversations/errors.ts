import type { Refusal } from "./outcome.ts";
import { errorBodySchema } from "./schema.ts";

/** Statuses that the platform answers before any effect. Others, 408 and 409 among them, leave it open. */
const REFUSING = new Set([400, 401, 403, 404, 405, 413, 415, 422, 429]);

export const isRefusing = (status: number): boolean => REFUSING.has(status);

const MAX_RETRY_AFTER_MS = 600_000;

/** `Retry-After` in seconds or as a date, at most ten minutes; null where it is missing or makes no sense. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : null;
}

interface Said {
  messageId: string;
  text: string;
}

/** What an error body says, in any of the shapes that exist; an unreadable one says nothing. */
function errorSaid(body: unknown): Said {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return { messageId: "", text: "" };
  const { requestError, errorCode, description, statusCode, message } = parsed.data;
  const exception = requestError?.serviceException;
  const fields = Object.entries(exception?.validationErrors ?? {}).map(([field, said]) => `${field}: ${String(said)}`);
  return {
    messageId: exception?.messageId ?? errorCode ?? statusCode ?? "",
    text: [exception?.text ?? description ?? message ?? "", ...fields].filter((part) => part !== "").join("; "),
  };
}

/**
 * What a refusal means, by what it says and not by its status alone: unknown ids come as 400 and as 404, and a closed
 * conversation as one 400 among others.
 */
export function refusalOf(status: number, body: unknown, retryAfter: number | null): Refusal {
  if (status === 401 || status === 403) return { reason: "unauthorized", status };
  if (status === 429) return { reason: "throttled", retryAfterMs: retryAfter };
  if (status === 413) return { reason: "too-large" };
  const { messageId, text } = errorSaid(body);
  if (/closed conversation/i.test(text)) return { reason: "closed" };
  if (/invalid tagname/i.test(text)) return { reason: "unknown-tag" };
  if (/tag already exists/i.test(text)) return { reason: "tag-exists" };
  if (/size cannot be longer/i.test(text)) return { reason: "too-large" };
  if (messageId === "NOT_FOUND" || status === 404) return { reason: "unknown-id" };
  return { reason: "invalid", status, messageId, text };
}

/** Error codes of a request that never left: no name, no connection, no handshake. */
const NOT_SENT = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
]);
const NOT_SENT_PREFIXES = ["CERT_", "UNABLE_TO_", "ERR_TLS_"];

function* causesOf(error: unknown, depth = 0): Generator<object> {
  if (typeof error !== "object" || error === null || depth > 5) return;
  yield error;
  if ("cause" in error) yield* causesOf(error.cause, depth + 1);
  if ("errors" in error && Array.isArray(error.errors)) {
    for (const inner of error.errors) yield* causesOf(inner, depth + 1);
  }
}

/** The code that proves that nothing was sent, null where nothing proves it. */
export function notSentCode(error: unknown): string | null {
  const codes = [...causesOf(error)].flatMap((cause) =>
    "code" in cause && typeof cause.code === "string" ? cause.code : [],
  );
  const isProof = (code: string): boolean =>
    NOT_SENT.has(code) || NOT_SENT_PREFIXES.some((prefix) => code.startsWith(prefix));
  // One connection of several may have been refused while another was lost: every code must agree.
  const telling = codes.filter((code) => code.startsWith("E") || code.startsWith("UND_") || isProof(code));
  return telling.length > 0 && telling.every(isProof) ? (telling[0] ?? null) : null;
}
