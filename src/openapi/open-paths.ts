/** Addresses of the platform, and those that are open to all. */
import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { answer, operation, path } from "./operation.ts";
import { pushAnswerSchema } from "./schemas.ts";
import { bySecret, open } from "./security.ts";

const file = (description: string) => ({ description, content: { "*/*": {} } });
const toAll = { tags: ["Service"], security: open };
const pushSchema = z.looseObject({
  type: z.string(),
  timestamp: z.unknown().optional(),
  payload: z.unknown().optional(),
});

export const platformPaths: ZodOpenApiPathsObject = {
  "/v1/infobip/{account}/events": {
    post: operation("pushEvents", {
      tags: ["Platform"],
      security: bySecret,
      summary: "Push events of Infobip Conversations",
      description: "One, or up to 2,000. What Baton has no use for is recorded as ignored.",
      requestParams: { path: path("account") },
      body: { schema: z.union([pushSchema, z.array(pushSchema)]) },
      answers: { 200: answer("Recorded.", pushAnswerSchema) },
      problems: [
        ...(["unauthenticated", "too-many-refusals", "own-callback", "not-found", "storage"] as const),
        ...(["unreadable-body", "body-too-large", "unknown-encoding", "too-many-bodies", "invalid-event"] as const),
      ],
    }),
  },
};

export const openPaths: ZodOpenApiPathsObject = {
  "/livez": {
    get: operation("isLive", {
      ...toAll,
      summary: "Tell whether the process runs",
      answers: { 200: answer("It does.", z.object({ status: z.literal("live") })) },
      problems: [],
    }),
  },
  "/readyz": {
    get: operation("isReady", {
      ...toAll,
      summary: "Tell whether events are taken",
      answers: { 200: answer("They are.", z.object({ status: z.literal("ready") })) },
      problems: ["stopping", "storage"],
    }),
  },
  "/openapi.json": {
    get: operation("describe", {
      ...toAll,
      summary: "Describe this interface",
      answers: { 200: answer("This document.", z.looseObject({ openapi: z.string() })) },
      problems: [],
    }),
  },
  "/docs": {
    get: operation("showDocs", {
      ...toAll,
      summary: "Show this document to people",
      answers: { 200: file("The page.") },
      problems: [],
    }),
  },
  "/docs/{file}": {
    get: operation("getDocsFile", {
      ...toAll,
      summary: "Get a file of that page",
      requestParams: { path: path("file") },
      answers: { 200: file("The file.") },
      problems: ["not-found"],
    }),
  },
};
