import type { z } from "zod";
import { err, ok } from "../../result.ts";
import type { EmulatorSettings } from "../settings/settings.ts";

/** Reasons of the platform to refuse. */
export type Refusal =
  | { reason: "unauthorized" }
  | { reason: "forbidden" }
  | { reason: "unknown-path" }
  /** The Subscriptions API's answer for an unknown id. */
  | { reason: "unknown-resource" }
  | { reason: "unknown-id"; id: string }
  /** Operations on links and working hours document only 404. */
  | { reason: "not-found"; id: string }
  | { reason: "unknown-agent"; id: string }
  | { reason: "unknown-tag"; tag: string }
  | { reason: "closed" }
  | { reason: "bad-body" }
  /** Answer of the operations on agents and bots to a missing body. */
  | { reason: "missing-body" }
  | { reason: "bad-page" }
  | { reason: "invalid"; fields: Record<string, string[]> }
  | { reason: "bad-request"; text: string }
  | { reason: "too-large" }
  | { reason: "throttled" };

/** An answer ready to be sent. The record of calls keeps `shown`. */
export interface Answer {
  status: number;
  text: string;
  headers: Record<string, string>;
  shown: unknown;
}

export const success = (message: string) => ok({ statusCode: "SUCCESS", message });
export const refuse = (refusal: Refusal) => err(refusal);
export const unknownId = (id: string) => refuse({ reason: "unknown-id", id });
export const badBody = refuse({ reason: "bad-body" });

/** Refuses an invalid body with the places of its mistakes. `field` is the place of a mistake that names none. */
export function invalidBody({ issues }: z.ZodError, field = "body") {
  const fields: Record<string, string[]> = {};
  for (const { path, message } of issues) {
    const name = path.join(".") || field;
    fields[name] = [...(fields[name] ?? []), message];
  }
  return refuse({ reason: "invalid", fields });
}

export function jsonAnswer(status: number, body: unknown): Answer {
  const text = body === undefined ? "" : JSON.stringify(body);
  return { status, text, headers: { "content-type": "application/json" }, shown: body ?? null };
}

interface Said {
  status: number;
  messageId: string;
  text: string;
  validationErrors?: Record<string, string[]>;
}

const BAD_REQUEST = { messageId: "BAD_REQUEST", text: "Invalid request body." };
const GENERAL_ERROR = { messageId: "GENERAL_ERROR", text: "Something went wrong. Please contact support." };
const STANDARD: Record<number, Omit<Said, "status">> = {
  401: { messageId: "UNAUTHORIZED", text: "Unauthorized" },
  403: { messageId: "FORBIDDEN", text: "Forbidden" },
  404: { messageId: "NOT_FOUND", text: "Not found" },
  429: { messageId: "TOO_MANY_REQUESTS", text: "Too many requests" },
};

/** Default text of a status. */
export const standardError = (status: number): Said => ({
  status,
  ...(STANDARD[status] ?? (status < 500 ? BAD_REQUEST : GENERAL_ERROR)),
});

function said(refusal: Refusal, settings: EmulatorSettings): Said {
  const badRequest = (text: string): Said => ({ status: 400, messageId: "BAD_REQUEST", text });
  const notFound = (status: number, text: string): Said => ({ status, messageId: "NOT_FOUND", text });
  const noEntity = (name: string, value: string): string => `Invalid ${name} '${value}' given! No such entity exists.`;

  switch (refusal.reason) {
    case "unauthorized":
      return standardError(401);
    case "forbidden":
      return standardError(403);
    case "unknown-path":
    case "unknown-resource":
      return standardError(404);
    case "throttled":
      return standardError(429);
    case "unknown-id":
      return notFound(settings.unknownIdStatus, noEntity("id", refusal.id));
    case "not-found":
      return notFound(404, noEntity("id", refusal.id));
    case "unknown-agent":
      return notFound(settings.unknownIdStatus, `Invalid agent id given '${refusal.id}'`);
    case "unknown-tag":
      return notFound(400, noEntity("tagName", refusal.tag));
    case "closed":
      return badRequest("Closed conversation cannot be changed");
    case "bad-body":
      return badRequest("Invalid request body.");
    case "missing-body":
      return badRequest("Required request body is missing or not valid.");
    case "bad-page":
      return badRequest("Page size has to be bigger or equal to zero!");
    case "invalid":
      return { ...badRequest("Bad request"), validationErrors: refusal.fields };
    case "bad-request":
      return badRequest(refusal.text);
    case "too-large":
      // A guess: the documentation has no such answer.
      return { status: 413, messageId: "BAD_REQUEST", text: "Request body is too large." };
  }
}

export function errorAnswer({ status, ...exception }: Said, settings: EmulatorSettings): Answer {
  const body =
    settings.errorBody === "old"
      ? { statusCode: "ERROR", message: exception.text }
      : { requestError: { serviceException: exception } };
  return jsonAnswer(status, body);
}

export function refusalAnswer(refusal: Refusal, settings: EmulatorSettings): Answer {
  const answer = errorAnswer(said(refusal, settings), settings);
  if (refusal.reason !== "throttled" || settings.retryAfterSeconds === null) return answer;
  return { ...answer, headers: { ...answer.headers, "retry-after": String(settings.retryAfterSeconds) } };
}
