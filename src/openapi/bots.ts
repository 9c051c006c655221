/** The paths for bots. */
import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import type { Source } from "../events/source.ts";
import { answerSchema } from "../handoff/use-cases/event-answer.ts";
import { sessionQuerySchema } from "../http/bots.ts";
import { ledgerViewSchema } from "../http/views/handoff-view.ts";
import { sessionViewSchema } from "../http/views/session-view.ts";
import { callbacksOfFlow } from "./callbacks.ts";
import { eventExamples, requestExamples } from "./examples.ts";
import { answer, header, operation, path } from "./operation.ts";
import type { ProblemKind } from "./problems.ts";
import { cloudEventSchema, eventsAnswerSchema, eventsSchema, requestSchema, sourceAnswerSchema } from "./schemas.ts";
import { bySecret } from "./security.ts";
import { webhookExamples } from "./webhook-examples.ts";

const ofBots = { tags: ["Bots"], security: bySecret };
const asBot: ProblemKind[] = ["unauthenticated", "too-many-refusals", "own-callback", "not-found", "storage"];
const withBody: ProblemKind[] = [
  ...asBot,
  "unreadable-body",
  "body-too-large",
  "unknown-encoding",
  "too-many-bodies",
  "invalid-event",
];
const withEvents: ProblemKind[] = [...withBody, "quota-exceeded", "backlog-full"];

const prefer = z
  .string()
  .optional()
  .describe("RFC 7240: `wait=N` waits up to N seconds for the route, at most 25; `respond-async` does not wait.");
const preferring = z.object({ Prefer: prefer });

const rpcSchema = z.looseObject({ jsonrpc: z.literal("2.0"), method: z.string().optional() });
const rpcAnswerSchema = z.looseObject({ jsonrpc: z.literal("2.0") });

const told = {
  "Preference-Applied": header("The preferences that were honoured."),
  "RateLimit-Policy": header("The bot's quota of events."),
  RateLimit: header("What is left of it."),
};

export const botPaths = (sources: ReadonlyMap<string, Source>): ZodOpenApiPathsObject => ({
  "/v1/bots/{bot}/events": {
    post: operation("reportEvents", {
      ...ofBots,
      summary: "Report what happens in a chat",
      description:
        "One event, or up to 100 of a delivery. A 2xx means durable. An event that opens a handoff is answered when the handoff is routed, at the latest after 3 s. Fields that cannot be used are left out, and named in `leftOut`: only a body that cannot be read, an event without a session, and an unknown `type` are refused.",
      requestParams: { path: path("bot"), header: preferring },
      body: {
        schema: eventsSchema,
        examples: eventExamples,
        others: {
          "application/cloudevents+json": cloudEventSchema,
          "application/cloudevents-batch+json": z.array(cloudEventSchema).max(100),
        },
      },
      callbacks: callbacksOfFlow(),
      answers: { 200: answer("Taken. Several events are answered in their order.", eventsAnswerSchema, told) },
      problems: [...withEvents, "unknown-format"],
    }),
  },
  "/v1/bots/{bot}/handoffs": {
    post: operation("requestHandoff", {
      ...ofBots,
      summary: "Ask for a person now",
      description: "Answered when the handoff is routed, at the latest after 8 s.",
      requestParams: {
        path: path("bot"),
        header: preferring.extend({
          "Idempotency-Key": z
            .string()
            .regex(/^[\x21-\x7e]{1,255}$/)
            .optional()
            .describe("The same key with the same body has the same answer, and no second effect."),
        }),
      },
      body: { schema: requestSchema, examples: requestExamples },
      callbacks: callbacksOfFlow(),
      answers: {
        200: answer("The id is that of an event that opened no handoff.", answerSchema, told),
        201: answer("An agent's queue has the chat, or an agent.", answerSchema, {
          ...told,
          Location: header("The handoff."),
        }),
        202: answer("The handoff is durable, and not routed yet.", answerSchema, {
          ...told,
          Location: header("The handoff."),
        }),
      },
      problems: [...withEvents, "key-in-use", "key-reused"],
    }),
  },
  "/v1/bots/{bot}/webhooks/{source}": {
    post: operation("postWebhook", {
      ...ofBots,
      summary: "Post a platform's own payload",
      description: "Answered in the platform's own form; a refusal may be, too.",
      requestParams: {
        path: path("bot").extend({ source: z.enum([...sources.keys()]).describe("The platform, or the kind of bot.") }),
        header: preferring,
      },
      body: {
        schema: z.union([z.looseObject({}), z.array(z.looseObject({}))]),
        examples: Object.fromEntries(Object.entries(webhookExamples).filter(([source]) => sources.has(source))),
      },
      answers: { 200: answer("Taken.", sourceAnswerSchema(sources.values()), told) },
      problems: [...withEvents, "unknown-source"],
      ownRefusal: z.looseObject({}).describe("The refusal in the platform's own form."),
    }),
  },
  "/v1/bots/{bot}/mcp": {
    post: operation("callTools", {
      ...ofBots,
      summary: "Call the tools for language models, by the Model Context Protocol",
      description:
        "Streamable HTTP without sessions: `hand_over_to_human` and `handoff_status`. Older versions of the protocol are answered by a stream of one event.",
      requestParams: {
        path: path("bot"),
        header: preferring.extend({
          "X-Baton-Session": z
            .string()
            .optional()
            .describe("The session, where the caller knows it: the tools do not ask for it then."),
        }),
      },
      body: { schema: z.union([rpcSchema, z.array(rpcSchema)]) },
      answers: {
        200: {
          ...answer("The result.", rpcAnswerSchema, told),
          content: { "application/json": { schema: rpcAnswerSchema }, "text/event-stream": {} },
        },
        202: { description: "A notification was taken." },
        406: answer("The client does not accept JSON and event streams.", rpcAnswerSchema),
      },
      problems: [...withEvents, "invalid-event"],
      ownRefusal: rpcAnswerSchema,
    }),
  },
  "/v1/bots/{bot}/handoffs/{id}": {
    get: operation("getHandoffOfBot", {
      ...ofBots,
      summary: "Look at one of the bot's handoffs",
      requestParams: { path: path("bot", "id") },
      answers: { 200: answer("The handoff with its ledger.", ledgerViewSchema) },
      problems: [...asBot, "quota-exceeded"],
    }),
  },
  "/v1/bots/{bot}/sessions/{session}": {
    get: operation("getSession", {
      ...ofBots,
      summary: "Ask who has the customer",
      requestParams: { path: path("bot", "session") },
      answers: { 200: answer("The session.", sessionViewSchema) },
      problems: [...asBot, "quota-exceeded"],
    }),
  },
  "/v1/bots/{bot}/sessions/query": {
    post: operation("querySession", {
      ...ofBots,
      summary: "Ask who has the customer, without the session in the address",
      requestParams: { path: path("bot") },
      body: { schema: sessionQuerySchema },
      answers: { 200: answer("The session.", sessionViewSchema) },
      problems: [...withBody, "quota-exceeded"],
    }),
  },
});
