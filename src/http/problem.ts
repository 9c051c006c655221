import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { CLOUD_EVENT_FORMATS } from "../events/cloud-events/media-type.ts";
import type { PayloadProblem, ProblemDocument } from "../events/source.ts";
import { type Callback, callbackSchema } from "../model/callback.ts";
import { type HandoffState, handoffStateSchema } from "../model/handoff.ts";
import { type CredentialsHint, detailOf } from "./access/credentials-hint.ts";
import { type Env, json } from "./answer.ts";
import { READ_CODINGS } from "./decode-body.ts";

/** Every problem of a request. Never holds anything from the request. */
export type Problem =
  | { kind: "unreadable-body"; detail: string }
  | { kind: "invalid-event"; issues: PayloadProblem["issues"] }
  | { kind: "body-too-large"; limit: number }
  | { kind: "unknown-encoding" }
  | { kind: "unknown-format" }
  | { kind: "unauthenticated"; hint?: CredentialsHint | undefined }
  | { kind: "read-only" }
  | { kind: "own-callback" }
  | { kind: "too-many-refusals"; retryAfterSeconds: number }
  | { kind: "too-many-bodies" }
  | { kind: "unknown-source"; sources: string[] }
  | { kind: "not-found" }
  | { kind: "no-metrics" }
  | { kind: "method-not-allowed"; allow: readonly string[] }
  | { kind: "key-in-use" }
  | { kind: "key-reused" }
  | { kind: "wrong-state"; state: HandoffState; allowed: readonly HandoffState[] }
  | { kind: "callback-not-resendable"; state: Callback["state"] }
  | { kind: "handoff-open"; handoffId: string; state: HandoffState }
  | { kind: "stopping" }
  | { kind: "storage" }
  | { kind: "backlog-full"; whose: "bot" | "all" }
  | { kind: "quota-exceeded"; retryAfterSeconds: number }
  | { kind: "internal" };

interface Shape {
  status: ContentfulStatusCode;
  title: string;
  detail?: string;
  issues?: PayloadProblem["issues"];
  state?: HandoffState | Callback["state"];
  allowed?: readonly HandoffState[];
  headers?: Record<string, string>;
}

export function shapeOf(problem: Problem): Shape {
  switch (problem.kind) {
    case "unreadable-body":
      return { status: 400, title: "The body cannot be read", detail: problem.detail };
    case "invalid-event":
      return { status: 422, title: "The body is not what this address takes", issues: problem.issues };
    case "body-too-large":
      return { status: 413, title: "The body is too large", detail: `At most ${problem.limit} bytes are taken.` };
    case "unknown-encoding":
      return {
        status: 415,
        title: "The body's Content-Encoding is not read here",
        detail: `Send it as it is, or with one of ${READ_CODINGS}.`,
        headers: { "accept-encoding": READ_CODINGS },
      };
    case "unknown-format":
      return {
        status: 415,
        title: "CloudEvents are not read in this format",
        detail: `Send JSON: as ${CLOUD_EVENT_FORMATS}, or as application/json with the attributes in ce- headers.`,
        headers: { accept: `application/json, ${CLOUD_EVENT_FORMATS.replace(" or ", ", ")}` },
      };
    case "unauthenticated":
      return {
        status: 401,
        title: "Credentials are missing or wrong",
        detail: detailOf(problem.hint),
        headers: { "www-authenticate": 'Bearer realm="baton", Basic realm="baton"' },
      };
    case "read-only":
      return {
        status: 403,
        title: "This operator may look and not act",
        detail: "Its name in OPERATOR_TOKENS ends with ':read'.",
      };
    case "own-callback":
      return {
        status: 403,
        title: "This is a callback that Baton sent",
        detail: "A callback's signature does not authenticate a request. Set the flow's callbacks to a URL of the bot.",
      };
    case "too-many-refusals":
      return {
        status: 429,
        title: "Too many requests had missing or wrong credentials",
        detail: "A request with the right ones is answered at once.",
        headers: { "retry-after": String(problem.retryAfterSeconds) },
      };
    case "too-many-bodies":
      return {
        status: 503,
        title: "Too many bodies are being read",
        detail: "Send the same request again.",
        headers: { "retry-after": "1" },
      };
    case "unknown-source":
      return { status: 404, title: "There is no such source", detail: `Known: ${problem.sources.join(", ")}.` };
    case "not-found":
      return { status: 404, title: "There is no such thing here" };
    case "no-metrics":
      return {
        status: 404,
        title: "This runtime counts in no single place",
        detail: "Look at /console, which reads the lists of all sessions, and at what Cloudflare counts of the Worker.",
      };
    case "method-not-allowed":
      return {
        status: 405,
        title: "This address takes other methods",
        detail: `It takes ${problem.allow.join(", ")}.`,
        headers: { allow: problem.allow.join(", ") },
      };
    case "key-in-use":
      return {
        status: 409,
        title: "The first request with this Idempotency-Key is still in progress",
        headers: { "retry-after": "1" },
      };
    case "key-reused":
      return { status: 422, title: "This Idempotency-Key was used with another body" };
    case "wrong-state":
      return {
        status: 409,
        title: "The handoff's state does not allow this",
        detail: `It is ${problem.state}; this can be done while it is ${problem.allowed.join(" or ")}.`,
        state: problem.state,
        allowed: problem.allowed,
      };
    case "callback-not-resendable":
      return {
        status: 409,
        title: "The callback cannot be sent again",
        detail:
          problem.state === "sent"
            ? "It is on its way: ask again when that try has ended."
            : "Its receiver accepted it, or its content is no longer kept.",
        state: problem.state,
      };
    case "handoff-open": {
      const ended = `Its handoff ${problem.handoffId} is ${problem.state}, and something of it is still on its way: ask again later.`;
      const isCancellable = ["pending", "deferred", "parked"].includes(problem.state);
      const open = `Its handoff ${problem.handoffId} is ${problem.state}: ${isCancellable ? "cancel it, or wait until it has ended" : "end it, or wait until its agent has"}.`;
      return {
        status: 409,
        title: "A handoff of the session is not over, and its ledger is needed",
        detail: problem.state === "returned" || problem.state === "cancelled" ? ended : open,
        state: problem.state,
      };
    }
    case "stopping":
      return { status: 503, title: "The service is stopping", headers: { "retry-after": "5" } };
    case "backlog-full":
      return {
        status: 503,
        title: "Too many handoffs are waiting",
        detail: `${problem.whose === "bot" ? "This bot's share of the places is" : "The places of all bots are"} taken. Send the same request again later: nothing that was taken is done twice.`,
        headers: { "retry-after": "30" },
      };
    case "quota-exceeded":
      return {
        status: 429,
        title: "This bot sends more than its quota",
        headers: { "retry-after": String(problem.retryAfterSeconds) },
      };
    case "storage":
      return {
        status: 503,
        title: "Nothing can be stored at the moment",
        detail: "Send the same request again: nothing that was taken is done twice.",
        headers: { "retry-after": "10" },
      };
    case "internal":
      return {
        status: 500,
        title: "Something failed on our side",
        detail: "Send the same request again: nothing that was taken is done twice.",
      };
  }
}

/** Tells a person what is wrong, in a sentence or two. */
export function explainProblem(what: Problem): string {
  const { title, detail } = shapeOf(what);
  return detail ?? title;
}

export const typeOf = ({ kind }: Problem): string => `urn:baton:problem:${kind}`;

const issueSchema = z.object({ field: z.string(), message: z.string() });

/** A problem in an answer. */
export const problemViewSchema = z.object({
  type: z.string().describe("Stable. Everything else may change."),
  title: z.string(),
  detail: z.string().optional(),
  status: z.number().int(),
  issues: z.array(issueSchema).optional().describe("The fields at fault, without their values."),
  state: z.union([handoffStateSchema, callbackSchema.shape.state]).optional(),
  allowed: z.array(handoffStateSchema).readonly().optional().describe("The states that allow the act."),
  requestId: z.string(),
});

/** A refused event among others. */
export const eventProblemViewSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  issues: z.array(issueSchema),
});

/** Describes a refused event among others in their answer. */
export function problemOfEvent(issues: PayloadProblem["issues"]): ProblemDocument {
  const what: Problem = { kind: "invalid-event", issues };
  const { status, title } = shapeOf(what);
  return { type: typeOf(what), title, status, issues } satisfies z.infer<typeof eventProblemViewSchema>;
}

/** Answers with RFC 9457, unless the request's source has a form of its own. `type` is stable; the other fields may change. */
export function problem(c: Context<Env>, what: Problem): Response {
  const { status, headers, ...rest } = shapeOf(what);
  c.set("problemKind", what.kind);
  c.get("meter").count("problems", { kind: what.kind });
  const requestId = c.get("requestId");
  const body = { type: typeOf(what), ...rest, status, requestId } satisfies z.infer<typeof problemViewSchema>;
  const own = c.get("source")?.refusal?.(body);
  if (own !== undefined) return json(c, own.body, own.status as ContentfulStatusCode, headers);
  return json(c, body, status, { ...headers, "content-type": "application/problem+json" });
}
