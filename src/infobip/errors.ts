/** The platform's error bodies, and their meaning. Pure. */
import type { Refusal } from "./outcome.ts";
import { errorBodySchema } from "./schema.ts";

/** An operator reads the text; a longer one is cut. */
const TEXT_MAX = 500;

interface Said {
  messageId: string;
  text: string;
  violations: { field: string; message: string }[];
}

/** Text of an error body in any of the platform's shapes; empty if it cannot be read. */
function errorSaid(body: unknown): Said {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return { messageId: "", text: "", violations: [] };
  const { requestError, errorCode, description, errorMessage, statusCode, message } = parsed.data;
  const exception = requestError?.serviceException;
  const violations = Object.entries(exception?.validationErrors ?? {}).flatMap(([field, messages]) =>
    [messages].flat().map((message) => ({ field, message: String(message) })),
  );
  return {
    messageId: exception?.messageId ?? errorCode ?? statusCode ?? "",
    text: (exception?.text ?? description ?? errorMessage ?? message ?? "").trim(),
    violations,
  };
}

/**
 * Classifies a refusal by its text and not by its status alone: unknown ids come as 400 and as 404, a closed
 * conversation as one 400 among others, and a 404 that says nothing may be a gateway's, which knows no conversation.
 */
export function refusalOf(status: number, body: unknown, retryAfter: number | null): Refusal {
  if (status === 401 || status === 403) return { reason: "unauthorized", status };
  if (status === 429) return { reason: "throttled", retryAfterMs: retryAfter };
  if (status === 413) return { reason: "too-large" };

  const { messageId, text, violations } = errorSaid(body);
  if (CLOSED.test(text)) return { reason: "closed" };
  if (UNKNOWN_TAG.test(text)) return { reason: "unknown-tag" };
  if (TAG_EXISTS.test(text)) return { reason: "tag-exists" };
  if ([text, ...violations.map(({ message }) => message)].some((each) => TOO_LONG.test(each)))
    return { reason: "too-large" };
  const unknownId = UNKNOWN_ID.exec(text);
  if (unknownId !== null || NOT_FOUND.has(messageId)) {
    return { reason: "unknown-id", id: unknownId?.[1] ?? unknownId?.[2] ?? null };
  }
  const details = violations.map(({ field, message }) => `${field}: ${message}`);
  const said = [text, ...details].filter((each) => each !== "").join("; ");
  return { reason: "invalid", status, messageId, text: said.slice(0, TEXT_MAX) };
}

/**
 * Finds a failure under an HTTP success: `ERROR`, the platform's word that nothing was done, or an error body,
 * which is documented for other statuses only, so that nothing is known. Null: neither.
 */
export function failureUnderSuccess(body: unknown): "error-answer" | "error-body" | null {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return null;
  if (parsed.data.statusCode === "ERROR") return "error-answer";
  return parsed.data.requestError?.serviceException == null ? null : "error-body";
}

/** Turns a success with `ERROR` into a refusal. */
export function refusalOfErrorAnswer(body: unknown): Refusal {
  const refusal = refusalOf(200, body, null);
  return refusal.reason === "invalid" ? { reason: "error-answer", text: refusal.text } : refusal;
}

// The texts are those of Infobip's OpenAPI 3.210.0. They quote names and ids, so each is matched from its beginning.
const CLOSED = /^closed conversation cannot be changed|^can ?not proceed with the action! conversation is closed/i;
const TAG_EXISTS = /^tag already exists/i;
const UNKNOWN_TAG = /^invalid tagName '.*' given!/is;
/** `Invalid id 'x' given! …`, `Invalid id x given! No such conversation exists.`, `Invalid agent id given 'x'`. */
const UNKNOWN_ID = /^invalid (?:\w+ )?\w*id (?:given '(.*)'|'?(.*?)'? given!)/is;
const TOO_LONG = /^size cannot be longer than \d+ characters/i;
/** The current error body's, and the newer APIs'. */
const NOT_FOUND = new Set(["NOT_FOUND", "E404"]);
