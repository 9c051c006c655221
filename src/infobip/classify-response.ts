/** Classifies an answer of the platform. Pure. */
import type { z } from "zod";
import { failureUnderSuccess, refusalOf, refusalOfErrorAnswer } from "./errors.ts";
import { refused, unknown, type Verdict } from "./outcome.ts";
import { retryAfterMs } from "./retry-after.ts";

export type Body =
  | { kind: "whole"; text: string }
  /** Larger than the size cap. */
  | { kind: "too-large" }
  /** Part of it did not arrive. */
  | { kind: "cut"; why: "timeout" | "connection-lost"; detail: string | null };

export interface Answer {
  status: number;
  retryAfter: string | null;
  body: Body;
}

/** Refusals whatever the body says, even if it does not arrive. */
const REFUSING_BY_STATUS = new Set([401, 403, 413, 429]);
/**
 * Refusals from before anything was done. Others count as unknown: 406, which a server may find only when it writes its answer;
 * 408, which a proxy may give for a backend still at work; 409, which can mean that an earlier attempt had its effect. The
 * operations document none of these, and a look-up is safe.
 */
const REFUSING = new Set([400, 404, 405, 410, 411, 414, 415, 422, 431]);

export function classifyResponse<T>(
  { status, retryAfter, body }: Answer,
  schema: z.ZodType<T>,
  now: number,
): Verdict<T> {
  const wait = retryAfterMs(retryAfter, now);
  if (REFUSING_BY_STATUS.has(status)) return refused(refusalOf(status, undefined, wait));
  if (status >= 500) return unknown("server-error", null, wait);
  const isSuccess = status >= 200 && status < 300;
  if (!isSuccess && !REFUSING.has(status)) return unknown("unexpected-status");

  // The reason of the refusal is lost with the body, and decides what follows: ask again rather than give up.
  if (body.kind === "cut") return unknown(body.why, body.detail);
  if (isSuccess) return classifySuccess(body, schema);
  return refused(refusalOf(status, body.kind === "whole" ? parse(body.text) : undefined, wait));
}

function classifySuccess<T>(body: Exclude<Body, { kind: "cut" }>, schema: z.ZodType<T>): Verdict<T> {
  if (body.kind === "too-large") return unknown("unreadable", "over the size cap");
  const isEmpty = body.text.trim() === "";
  const data = parse(body.text);
  if (data === undefined && !isEmpty) return unknown("unreadable", "not JSON");

  switch (failureUnderSuccess(data)) {
    case "error-answer":
      return refused(refusalOfErrorAnswer(data));
    case "error-body":
      return unknown("unreadable", "an error body under a success");
    case null: {
      const value = schema.safeParse(data);
      if (value.success) return { kind: "ok", value: value.data };
      return unknown("unreadable", isEmpty ? "no body" : whereItFails(value.error));
    }
  }
}

/** Undefined, which JSON cannot express: the text is empty, or no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names the first mismatch: zod says what it expected, and not what it found. */
function whereItFails(error: z.ZodError): string {
  return error.issues
    .slice(0, 1)
    .map(({ path, message }) => `${path.join(".")}: ${message}`.slice(0, 200))
    .join();
}
