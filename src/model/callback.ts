/** A callback in the record: what it tells a bot, and every try to deliver it. */
import { z } from "zod";
import { callbackTypes } from "../events/callback-types.ts";
import { handoffStateSchema } from "./handoff.ts";
import { controlSchema } from "./session.ts";

/** Content of a callback beside its type. Fields that a type does not use are absent. */
export const callbackDataSchema = z.object({
  bot: z.string(),
  /** The bot's name for the chat. */
  session: z.string(),
  handoffId: z.string().nullable(),
  state: handoffStateSchema.nullable(),
  control: controlSchema,
  reason: z.string().nullable(),
  conversationId: z.string().nullable(),
  agent: z.object({ id: z.string(), name: z.string().nullable() }).optional(),
  /** Text for the customer, which the bot may say. */
  message: z.string().optional(),
  /** The agent's words: the caption of a file, the text of buttons. Null: the message has none. */
  text: z.string().nullable().optional(),
  /** Type of an agent's message, in the platform's words; null: the platform does not say. */
  contentType: z.string().nullable().optional(),
  /** URL of the agent's file; null: the message has none. */
  url: z.string().nullable().optional(),
  /** Reason for the return. A waiting handoff is `late`, or has passed a `threshold` of its flow. */
  because: z.string().optional(),
});
export type CallbackData = z.infer<typeof callbackDataSchema>;

export const callbackSchema = z.object({
  /** The same in all tries: the receiver recognises a repetition by it. */
  id: z.string(),
  bot: z.string(),
  sessionId: z.number().int(),
  handoffId: z.string().nullable(),
  type: z.enum(callbackTypes),
  /** Null once the receiver accepted it: it may hold a person's words. */
  data: callbackDataSchema.nullable(),
  /** `ready`: sent at `nextAt`. `sent`: the intent is durable, the answer is not. `refused`: set aside. */
  state: z.enum(["ready", "sent", "done", "refused"]),
  /** Reason why it is set aside: the result of its last try, or `overtaken` by a newer one about control. */
  setAsideBecause: z.string().nullable(),
  /** Counted before the request leaves. */
  tries: z.number().int(),
  triesSince: z.number().int().nullable(),
  /** Null: it is over, set aside, or waits for an earlier one of its session. */
  nextAt: z.number().int().nullable(),
  /** Grows with every try: an attempt with an older one changes nothing. */
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
  /** Reason for a refused or unknown outcome, in a word. */
  code: z.string().nullable(),
});
export type CallbackAttempt = z.infer<typeof callbackAttemptSchema>;
