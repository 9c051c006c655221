/** Callbacks that Baton sends to bots. */
import { z } from "zod";
import type { ZodOpenApiCallbacksObject, ZodOpenApiPathItemObject } from "zod-openapi";
import { callbackEventSchema } from "../callbacks/envelope.ts";
import { type CallbackType, callbackTypes } from "../events/callback-types.ts";

const SAYS: Record<CallbackType, string> = {
  "handoff.routed": "The handoff is routed",
  "handoff.waiting": "A handoff waits, and has passed a threshold of its flow",
  "handoff.parked": "The handoff is set aside for an operator",
  "handoff.returned": "The bot has its customer back",
  "agent.joined": "An agent has the customer",
  "agent.message": "An agent wrote to the customer",
};

const headers = z.object({
  "webhook-id": z.string(),
  "webhook-timestamp": z.string().describe("Seconds since the epoch."),
  "webhook-signature": z.string().describe("Standard Webhooks: one signature for each secret of the bot."),
});

const callback = (type: CallbackType): ZodOpenApiPathItemObject => ({
  post: {
    operationId: `told.${type}`,
    tags: ["Callbacks"],
    summary: SAYS[type],
    security: [],
    requestParams: { header: headers },
    requestBody: {
      required: true,
      content: { "application/cloudevents+json": { schema: callbackEventSchema.extend({ type: z.literal(type) }) } },
    },
    responses: {
      "2XX": { description: "The callback is delivered." },
      410: { description: "The callback is set aside." },
      default: { description: "The callback is sent again, as the guide to callbacks says." },
    },
  },
});

/** Callbacks by their type. */
export const webhooks: Record<string, ZodOpenApiPathItemObject> = Object.fromEntries(
  callbackTypes.map((type) => [type, callback(type)]),
);

/** Callbacks go to the address that the bot's flow names. */
export const callbacksOfFlow = (): ZodOpenApiCallbacksObject => ({
  told: {
    "https://bot.example.com/the-callbacks-url-of-the-flow": {
      post: {
        summary: "Tell the bot what becomes of the handoff",
        security: [],
        requestParams: { header: headers },
        requestBody: {
          required: true,
          content: { "application/cloudevents+json": { schema: callbackEventSchema } },
        },
        responses: { "2XX": { description: "The callback is delivered." } },
      },
    },
  },
});
