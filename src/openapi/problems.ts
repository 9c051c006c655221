/** Problems as the document shows them: the very ones that are answered. */
import type { z } from "zod";
import type { ZodOpenApiResponsesObject } from "zod-openapi";
import { type Problem, problemViewSchema, shapeOf, typeOf } from "../http/problem.ts";

export type ProblemKind = Problem["kind"];

/** One of each kind. */
const problems: { [K in ProblemKind]: Extract<Problem, { kind: K }> } = {
  "unreadable-body": { kind: "unreadable-body", detail: "It is not valid JSON." },
  "invalid-event": {
    kind: "invalid-event",
    issues: [{ field: "session", message: "must name the chat: a text or a number, and no placeholder" }],
  },
  "body-too-large": { kind: "body-too-large", limit: 1_048_576 },
  "unknown-encoding": { kind: "unknown-encoding" },
  "unknown-format": { kind: "unknown-format" },
  unauthenticated: { kind: "unauthenticated" },
  "read-only": { kind: "read-only" },
  "own-callback": { kind: "own-callback" },
  "too-many-refusals": { kind: "too-many-refusals", retryAfterSeconds: 3 },
  "too-many-bodies": { kind: "too-many-bodies" },
  "unknown-source": { kind: "unknown-source", sources: ["answers", "flow"] },
  "not-found": { kind: "not-found" },
  "no-metrics": { kind: "no-metrics" },
  "method-not-allowed": { kind: "method-not-allowed", allow: ["OPTIONS", "POST"] },
  "key-in-use": { kind: "key-in-use" },
  "key-reused": { kind: "key-reused" },
  "wrong-state": { kind: "wrong-state", state: "returned", allowed: ["parked"] },
  "callback-not-resendable": { kind: "callback-not-resendable", state: "done" },
  "handoff-open": { kind: "handoff-open", handoffId: "01M8F9VQ2BQ85D02KWX94VTZKR", state: "assigned" },
  stopping: { kind: "stopping" },
  storage: { kind: "storage" },
  "backlog-full": { kind: "backlog-full", whose: "bot" },
  "quota-exceeded": { kind: "quota-exceeded", retryAfterSeconds: 2 },
  internal: { kind: "internal" },
};

const HEADERS: Readonly<Record<string, string>> = {
  "retry-after": "Seconds after which the request may be sent again.",
  "www-authenticate": "The schemes that the address takes.",
  "accept-encoding": "The encodings of a body that are read.",
  accept: "The media types that the address takes.",
  allow: "The methods that the address takes.",
};

function headersOf(kinds: readonly ProblemKind[]) {
  const names = new Set(kinds.flatMap((kind) => Object.keys(shapeOf(problems[kind]).headers ?? {})));
  const shown = [...names].map((name) => [
    name,
    { description: HEADERS[name] ?? name, schema: { type: "string" as const } },
  ]);
  return Object.fromEntries(shown);
}

function responseOf(kinds: readonly ProblemKind[], ownForm?: z.ZodType) {
  const examples = kinds.map((kind) => {
    const { status, headers, ...rest } = shapeOf(problems[kind]);
    const value = { type: typeOf(problems[kind]), ...rest, status, requestId: "01M8F9VPFH5R5ECTH6C8QF800Q" };
    return [kind, { summary: rest.title, value }];
  });
  return {
    description: kinds.map((kind) => `${shapeOf(problems[kind]).title} (\`${typeOf(problems[kind])}\`).`).join("\n\n"),
    headers: headersOf(kinds),
    content: {
      "application/problem+json": { schema: problemViewSchema, examples: Object.fromEntries(examples) },
      ...(ownForm !== undefined && { "application/json": { schema: ownForm } }),
    },
  };
}

/** The responses of an operation that may be refused in these ways, and in a platform's own form where there is one. */
export function problemResponses(kinds: readonly ProblemKind[], ownForm?: z.ZodType): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(new Set<ProblemKind>([...kinds, "internal"]), (kind) => shapeOf(problems[kind]).status);
  const responses = [...byStatus].map(([status, those]) => [String(status), responseOf(those, ownForm)]);
  // Every address answers other methods in this way.
  return { ...Object.fromEntries(responses), default: responseOf(["method-not-allowed"]) };
}
