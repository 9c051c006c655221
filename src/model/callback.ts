/** A callback in the record: what it tells a bot, and every try to deliver it. */
import { z } from "zod";
import { callbackTypes } from "../events/callback-types.ts";
import { handoffStateSchema } from "./handoff.ts";
import { controlSchema } from "./session.ts";

/** Content of a callback beside its type. Fields that a type does not use are absent. */
export const callbackDataSchema = z.object({
  bot: z.string(),
  /** The bot's word for the chat. */
  session: z.string(),
  handoffId: z.string().nullable(),
  state: handoffStateSchema.nullable(),
  control: controlSchema,
  reason: z.string().nullable(),
  conversationId: z.string().nullable(),
  agent: z.object({ id: z.string(), name: z.string().nullable() }).optional(),
  /** Text for the customer, which the bot may say. */
  message: z.string().optional(),
  /** The agent's words: of a file its caption, of buttons what they say. Null: the message has none. */
  text: z.string().nullable().optional(),
  /** Type of an agent's message, in the platform's words; null: the platform does not say. */
  contentType: z.string().nullable().optional(),
  /** URL of the agent's file; null: the message has none. */
  url: z.string().nullable().optional(),
  /** Why it was returned; of a handoff that waits: it is `late`, or has passed a `threshold` of its flow. */
  because: z.string().optional(),
});
export type CallbackData = z.infer<typeof callbackDataSchema>;

export const callbackSchema = z.object({
  /** The same over all tries: by it whoever receives it knows it again. */
  id: z.string(),
  bot: z.string(),
  sessionId: z.number().int(),
  handoffId: z.string().nullable(),
  type: z.enum(callbackTypes),
  /** Null once it was taken: it may hold a person's words. */
  data: callbackDataSchema.nullable(),
  /** `ready` to be sent at `nextAt`; `sent`: the intent is durable and the answer is not; `refused`: set aside. */
  state: z.enum(["ready", "sent", "done", "refused"]),
  /** Why it is set aside: what its last try came to, or `overtaken` by a newer one that tells who has the customer. */
  setAsideBecause: z.string().nullable(),
  /** Counted before it leaves. */
  tries: z.number().int(),
  triesSince: z.number().int().nullable(),
  /** Null: it is over, set aside, or waits for an earlier one of its session. */
  nextAt: z.number().int().nullable(),
  /** Grows with every try: whoever holds an older one changes nothing. */
  fence: z.number().int(),
  createdAt: z.number().int(),
});
export type Callback = z.infer<typeof callbackSchema>;

export const callbackAttemptSchema = z.object({
  callbackId: z.string(),
  fence: z.number().int(),
  sentAt: z.number().int(),
  endedAt: z.number().int().nullable(),
  outcome: z.enum(["ok", "refused", "unknown"]).nullable(),
  status: z.number().int().nullable(),
  /** Why it was refused or is unknown, in a word. */
  code: z.string().nullable(),
});
export type CallbackAttempt = z.infer<typeof callbackAttemptSchema>;
