/** Forms in which platforms read an answer. Strict ones reject unknown fields. */
import { z } from "zod";

const control = z.enum(["bot", "queue", "agent", "nobody"]);
const struct = z.record(z.string(), z.unknown());
const text = z.strictObject({ text: z.strictObject({ text: z.array(z.string()).min(1) }) });

/** Baton's own answer to one event, with `leftOut` joined. */
const flat = {
  outcome: z.enum(["accepted", "duplicate", "ignored"]),
  control: control.nullable(),
  handoffId: z.string().nullable(),
  handoffState: z.string().nullable(),
  reason: z.string().nullable(),
  conversationId: z.string().nullable(),
  message: z.string().nullable(),
  leftOut: z.string().optional(),
};
const problem = z.looseObject({ type: z.string().startsWith("urn:baton:problem:"), title: z.string() });
const flatForm = z.union([z.strictObject(flat), z.array(z.union([z.strictObject(flat), problem]))]);
const told = z.strictObject({ ...flat, leftOut: z.array(z.string()).optional() });

/** google.cloud.dialogflow.cx.v3.WebhookResponse, as far as Baton uses it. */
const cxForm = z.strictObject({
  fulfillmentResponse: z
    .strictObject({
      messages: z.array(z.union([text, z.strictObject({ liveAgentHandoff: z.strictObject({ metadata: struct }) })])),
      mergeBehavior: z.literal("APPEND"),
    })
    .optional(),
  sessionInfo: z.strictObject({ parameters: struct }).optional(),
  payload: struct.optional(),
});

/** google.cloud.dialogflow.v2.WebhookResponse, as far as Baton uses it. */
const esForm = z.strictObject({
  fulfillmentMessages: z.array(text).optional(),
  outputContexts: z
    .array(
      z.strictObject({
        name: z.string().regex(/\/sessions\/.+\/contexts\/baton$/),
        lifespanCount: z.int().min(0),
        parameters: struct,
      }),
    )
    .optional(),
  payload: struct.optional(),
  source: z.string().optional(),
});

const rasaForm = z.strictObject({
  events: z.array(
    z.strictObject({ event: z.literal("slot"), timestamp: z.null(), name: z.literal("baton_control"), value: control }),
  ),
  responses: z.array(z.strictObject({ text: z.string() })),
});

const about = { conversation: z.strictObject({ id: z.string() }).optional(), replyToId: z.string().optional() };
const botFrameworkForm = z.strictObject({
  ...z.object(flat).partial().shape,
  activities: z.array(
    z.union([
      z.strictObject({ type: z.literal("message"), text: z.string(), ...about }),
      z.strictObject({
        type: z.literal("event"),
        name: z.literal("handoff.status"),
        value: z.strictObject({ state: z.enum(["accepted", "failed", "completed"]), message: z.string().optional() }),
        ...about,
      }),
    ]),
  ),
  problems: z.array(problem).optional(),
});

/** Keys are names of sources. */
export const answerForms: Record<string, z.ZodType> = {
  baton: z.union([told, z.array(z.union([told, problem]))]),
  answers: flatForm,
  flow: flatForm,
  "infobip-bot": z.union([told, z.array(z.union([told, problem]))]),
  http: flatForm,
  "dialogflow-cx": cxForm,
  "dialogflow-es": esForm,
  rasa: rasaForm,
  "bot-framework": botFrameworkForm,
  botpress: flatForm,
  voiceflow: flatForm,
};
export const problemForm = problem;
