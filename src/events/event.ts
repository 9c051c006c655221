import { z } from "zod";

/** Ids come back in addresses and serve as keys: printable ASCII without spaces, at most 200 characters. */
const ID = /^[\x21-\x7e]{1,200}$/;
export const isId = (text: string): boolean => ID.test(text);
export const idSchema = z.string().regex(ID, "must be 1 to 200 printable ASCII characters without spaces");

/** The platform's id of a conversation: opaque, but it becomes a part of an address, so what could change that address is none. */
export const conversationIdSchema = idSchema.refine(
  (id) => id !== "." && id !== ".." && !/[/\\]/.test(id),
  "must not be '.', '..' or contain a slash",
);

export const prioritySchema = z.enum(["LOW", "NORMAL", "HIGH", "URGENT"]);
export type Priority = z.infer<typeof prioritySchema>;

/** The platform's limit for a tag's name. */
export const tagSchema = z.string().trim().min(1).max(100);

const attributeSchema = z.union([z.string().max(4_000), z.number(), z.boolean()]);
const attributeNameSchema = z.string().min(1).max(200);
/** Attributes of a session. */
export const attributesSchema = z.record(attributeNameSchema, attributeSchema);
/** Attributes of an event: null unsets one. */
const toldAttributesSchema = z.record(attributeNameSchema, attributeSchema.nullable());

export const customerSchema = z.object({
  name: z.string().max(500).optional(),
  phone: z.string().max(100).optional(),
  email: z.string().max(320).optional(),
  externalId: z.string().max(500).optional(),
});
export type Customer = z.infer<typeof customerSchema>;

/** The longest text that an event carries, in UTF-16 units. */
export const TEXT_MAX = 100_000;
/**
 * The longest text, and the longest transcript, that rules and redaction look at and the record keeps: more than the five
 * notes of 4,000 characters hold in which an agent reads it.
 */
export const WORDS_MAX = 25_000;
const textSchema = z.string().max(TEXT_MAX);
/** The newest lines of a transcript are kept. */
export const TRANSCRIPT_MAX = 1_000;
const confidenceSchema = z.number().min(0).max(1);

const utteranceSchema = z.object({
  /** `agent`: a person of a help desk, before the handoff. */
  author: z.enum(["customer", "bot", "agent"]),
  text: textSchema,
  at: z.iso.datetime({ offset: true }).optional(),
});
/** One line of a transcript. */
export type Utterance = z.infer<typeof utteranceSchema>;
export const lengthOf = (lines: readonly Pick<Utterance, "text">[]): number =>
  lines.reduce((sum, { text }) => sum + text.length, 0);

const common = {
  id: idSchema,
  session: idSchema,
  /** RFC 3339. */
  at: z.iso.datetime({ offset: true }),
  conversationId: conversationIdSchema.optional(),
  channel: z.string().min(1).max(100).optional(),
  customer: customerSchema.optional(),
  attributes: toldAttributesSchema.optional(),
  language: z.string().min(1).max(35).optional(),
};

const intentSchema = z.object({ name: z.string().max(200).optional(), confidence: confidenceSchema.optional() });
export type Intent = z.infer<typeof intentSchema>;
const sentimentSchema = z.number().min(-1).max(1);

const sessionStarted = z.object({ ...common, type: z.literal("session.started") });
const customerMessage = z.object({
  ...common,
  type: z.literal("customer.message"),
  /** Empty where the content is not text. */
  text: textSchema,
  contentType: z.string().min(1).max(100).optional(),
  intent: intentSchema.optional(),
  sentiment: sentimentSchema.optional(),
});
const botMessage = z.object({ ...common, type: z.literal("bot.message"), text: textSchema });
const botFallback = z.object({ ...common, type: z.literal("bot.fallback"), text: textSchema.optional() });
const botError = z.object({ ...common, type: z.literal("bot.error"), error: textSchema.optional() });
const handoffRequested = z.object({
  ...common,
  type: z.literal("handoff.requested"),
  reason: textSchema.optional(),
  summary: textSchema.optional(),
  transcript: z.array(utteranceSchema).max(TRANSCRIPT_MAX).optional(),
  /** Lines before those, which were not kept. */
  transcriptLeftOut: z.number().int().min(1).optional(),
  tags: z.array(tagSchema).max(50).optional(),
  priority: prioritySchema.optional(),
  /** Its id or its name. */
  queue: z.string().min(1).max(255).optional(),
  /** Content type of the customer's last words, as in a message. */
  contentType: z.string().min(1).max(100).optional(),
  intent: intentSchema.optional(),
  sentiment: sentimentSchema.optional(),
});
const sessionEnded = z.object({ ...common, type: z.literal("session.ended") });

/** An event may leave these out: its id is then made of its content, and its time is when it came. */
const unsaid = { id: true, at: true } as const;

/** Event as a bot sends it. */
export const sentEventSchema = z.discriminatedUnion("type", [
  sessionStarted.partial(unsaid),
  customerMessage.partial(unsaid),
  botMessage.partial(unsaid),
  botFallback.partial(unsaid),
  botError.partial(unsaid),
  handoffRequested.partial(unsaid),
  sessionEnded.partial(unsaid),
]);

/** Body of a request for a handoff. */
export const sentRequestSchema = handoffRequested.partial({ ...unsaid, type: true });

/** Event of a bot, in our own terms. Unknown keys are dropped. */
export const eventSchema = z.discriminatedUnion("type", [
  sessionStarted,
  customerMessage,
  botMessage,
  botFallback,
  botError,
  handoffRequested,
  sessionEnded,
]);
export type Event = z.infer<typeof eventSchema>;
export type EventType = Event["type"];
/** Fields of every event. */
export type CommonFields = Pick<Event, keyof typeof common>;
type Own<E> = E extends Event ? Omit<E, keyof typeof common> : never;
/** The type of an event, with the fields that only this type carries. */
export type OwnFields = Own<Event>;
export type HandoffRequested = z.infer<typeof handoffRequested>;

export const eventTypes = [
  "session.started",
  "customer.message",
  "bot.message",
  "bot.fallback",
  "bot.error",
  "handoff.requested",
  "session.ended",
] as const satisfies readonly EventType[];
