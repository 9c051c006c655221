/** The paths for operators. */
import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { flowSchema } from "../escalation/flow.ts";
import { auditFilterSchema } from "../http/operators/audit-routes.ts";
import { explainQuerySchema } from "../http/operators/explain-route.ts";
import { endSchema, handoffFilterSchema, pageSchema, rebuildSchema } from "../http/operators/operator-routes.ts";
import { retryFilterSchema } from "../http/operators/retry-all.ts";
import { beginTailSchema, lookSchema } from "../http/tail/tail-routes.ts";
import { auditViewSchema } from "../http/views/audit-view.ts";
import { dryRunViewSchema } from "../http/views/dry-run-view.ts";
import {
  handoffListViewSchema,
  ledgerViewSchema,
  rebuiltViewSchema,
  retriedViewSchema,
} from "../http/views/handoff-view.ts";
import { historyViewSchema } from "../http/views/history-view.ts";
import { erasedViewSchema, exportViewSchema } from "../http/views/session-view.ts";
import { tailPageViewSchema, tailViewSchema } from "../http/views/tail-view.ts";
import { eventExamples } from "./examples.ts";
import { answer, operation, path } from "./operation.ts";
import type { ProblemKind } from "./problems.ts";
import { byOperator } from "./security.ts";

const ofOperators = { tags: ["Operators"], security: byOperator };
const looking: ProblemKind[] = ["unauthenticated", "too-many-refusals", "storage"];
const acting: ProblemKind[] = [...looking, "read-only", "not-found"];

const act = (operationId: string, summary: string, names: string[], refusal: ProblemKind) => ({
  post: operation(operationId, {
    ...ofOperators,
    summary,
    requestParams: { path: path(...names) },
    answers: { 200: answer("The handoff as it is now.", ledgerViewSchema) },
    problems: [...acting, refusal],
  }),
});

export const operatorPaths: ZodOpenApiPathsObject = {
  "/v1/handoffs": {
    get: operation("listHandoffs", {
      ...ofOperators,
      summary: "List handoffs, the newest first",
      requestParams: { query: handoffFilterSchema },
      answers: { 200: answer("A page of them.", handoffListViewSchema) },
      problems: [...looking, "invalid-event"],
    }),
  },
  "/v1/handoffs/retry": {
    post: operation("retryHandoffs", {
      ...ofOperators,
      summary: "Carry on with all parked handoffs that a filter matches",
      requestParams: { query: retryFilterSchema },
      answers: { 200: answer("How many go on, and which do not.", retriedViewSchema) },
      problems: [...looking, "read-only", "invalid-event"],
    }),
  },
  "/v1/handoffs/{id}": {
    get: operation("getHandoff", {
      ...ofOperators,
      summary: "Look at a handoff with its ledger",
      requestParams: { path: path("id") },
      answers: { 200: answer("The handoff.", ledgerViewSchema) },
      problems: [...looking, "not-found"],
    }),
  },
  "/v1/handoffs/{id}/retry": act("retryHandoff", "Carry on with a parked handoff", ["id"], "wrong-state"),
  "/v1/handoffs/{id}/cancel": act("cancelHandoff", "Cancel a handoff before it is routed", ["id"], "wrong-state"),
  "/v1/handoffs/{id}/end": {
    post: operation("endHandoff", {
      ...ofOperators,
      summary: "Give the customer of a routed or assigned handoff back to the bot",
      description: "The conversation stays as it is, unless `close=true` closes it.",
      requestParams: { path: path("id"), query: endSchema },
      answers: { 200: answer("The handoff as it is now.", ledgerViewSchema) },
      problems: [...acting, "wrong-state"],
    }),
  },
  "/v1/handoffs/{id}/resend": act(
    "resendCallbacks",
    "Send every callback of a handoff again that is set aside",
    ["id"],
    "callback-not-resendable",
  ),
  "/v1/handoffs/{id}/callbacks/{callback}/resend": act(
    "resendCallback",
    "Send one callback again",
    ["id", "callback"],
    "callback-not-resendable",
  ),
  "/v1/handoffs/rebuild": {
    post: operation("rebuildLists", {
      ...ofOperators,
      summary: "Have objects tell the lists everything again",
      body: { schema: rebuildSchema },
      answers: { 200: answer("The number of objects that did.", rebuiltViewSchema) },
      problems: [
        ...acting,
        "unreadable-body",
        "body-too-large",
        "unknown-encoding",
        "too-many-bodies",
        "invalid-event",
      ],
    }),
  },
  "/v1/bots/{bot}/sessions/{session}/export": {
    get: operation("exportSession", {
      ...ofOperators,
      summary: "Export everything that is recorded of a session",
      requestParams: { path: path("bot", "session"), query: pageSchema },
      answers: { 200: answer("A page of its events, and its handoffs.", exportViewSchema) },
      problems: [...acting, "invalid-event"],
    }),
  },
  "/v1/bots/{bot}/sessions/{session}/history": {
    get: operation("readHistory", {
      ...ofOperators,
      summary: "Read what explains the decisions on a session's events",
      description: "`baton flows explain --session` explains one of them, or a new payload in this session.",
      requestParams: { path: path("bot", "session") },
      answers: { 200: answer("Its events, handoffs and present state.", historyViewSchema) },
      problems: acting,
    }),
  },
  "/v1/bots/{bot}/sessions/{session}": {
    delete: operation("eraseSession", {
      ...ofOperators,
      summary: "Erase everything personal of a session",
      requestParams: { path: path("bot", "session") },
      answers: { 200: answer("The number of rows that were erased.", erasedViewSchema) },
      problems: [...acting, "handoff-open"],
    }),
  },
  "/v1/audit": {
    get: operation("listAudit", {
      ...ofOperators,
      summary: "List the operators' acts, the newest first",
      requestParams: { query: auditFilterSchema },
      answers: { 200: answer("A page of them.", auditViewSchema) },
      problems: [...looking, "invalid-event"],
    }),
  },
  "/v1/tail": {
    post: operation("beginTail", {
      ...ofOperators,
      summary: "Begin to look at what bots post, redacted",
      description: "On Node only. Four at a time; a further one ends the oldest.",
      requestParams: { query: beginTailSchema },
      answers: { 201: answer("Look at it under this id.", tailViewSchema) },
      problems: acting,
    }),
  },
  "/v1/tail/{tail}": {
    get: operation("lookAtTail", {
      ...ofOperators,
      summary: "See what bots posted since the last look",
      requestParams: {
        path: path("tail"),
        query: lookSchema,
        header: z.object({
          Prefer: z.string().optional().describe("RFC 7240: `wait=N` waits up to N seconds, at most 25."),
        }),
      },
      answers: { 200: answer("A page of it.", tailPageViewSchema) },
      problems: [...looking, "not-found", "invalid-event"],
    }),
  },
  "/metrics": {
    get: operation("readMetrics", {
      ...ofOperators,
      summary: "Read the metrics, as Prometheus does",
      description: "On Node only.",
      answers: {
        200: {
          description: "All of them, in the text format of Prometheus.",
          content: { "text/plain": { schema: z.string() } },
        },
      },
      problems: [...looking, "no-metrics"],
    }),
  },
  "/v1/flows": {
    get: operation("listFlows", {
      ...ofOperators,
      summary: "List the flows",
      answers: { 200: answer("All of them.", z.object({ flows: z.array(flowSchema) })) },
      problems: looking,
    }),
  },
  "/v1/flows/{flow}/explain": {
    post: operation("explainFlow", {
      ...ofOperators,
      summary: "Try a payload, and see the decision, the reasons and the calls that would be made",
      description:
        "Nothing is stored or sent. The body is the payload as the bot's platform posts it, in a new session. `live=true` asks the account where it would route the chat, which only reads; a `:read` operator may not ask that.",
      requestParams: { path: path("flow"), query: explainQuerySchema },
      body: { schema: z.union([z.looseObject({}), z.array(z.looseObject({}))]), examples: eventExamples },
      answers: { 200: answer("Its events, in their order.", dryRunViewSchema) },
      problems: [
        ...acting,
        "unknown-source",
        "unreadable-body",
        "body-too-large",
        "unknown-encoding",
        "too-many-bodies",
        "invalid-event",
      ],
    }),
  },
};
