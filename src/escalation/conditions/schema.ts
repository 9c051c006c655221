/** The closed vocabulary of `when` and `unless`. All given keys must hold. */
import { z } from "zod";
import { type EventType, eventTypes } from "../../events/event.ts";
import { HANDOFFS_KNOWN_HOURS, MOST_HANDOFFS_KNOWN } from "../../events/facts.ts";
import { phraseProblem } from "../phrases/pattern.ts";
import { listOf } from "../text/text-schema.ts";
import { isPattern } from "./pattern.ts";

const words = listOf(z.string().min(1));
const phraseSchema = z.string().superRefine((phrase, context) => {
  const message = phraseProblem(phrase);
  if (message !== null) context.addIssue({ code: "custom", message });
});
const attributeValue = z.union([z.string(), z.number(), z.boolean()]);
const count = z.number().int().min(1);
const atLeast = z.strictObject({ atLeast: count }, { error: "must have the shape { atLeast: 3 }" });
const below = (least: number, most: number, example: number) =>
  z.strictObject({ below: z.number().min(least).max(most) }, { error: `must have the shape { below: ${example} }` });
const given = z.strictObject({ given: z.boolean() });

const ATTRIBUTE = "must be a value, several of them, { atLeast: 100 } or { given: true }";
const attribute = z.union([z.strictObject({ atLeast: z.number() }), given, listOf(attributeValue)], {
  error: ATTRIBUTE,
});

const PATTERN = 'must be a value, with `*` at its beginning or end for anything: "*@example.com", "+49*"';
const contact = z.union([given, listOf(z.string().refine(isPattern, PATTERN))], {
  error: `${PATTERN}; several of them, or { given: true }`,
});

const SPOKEN = ["customer.message", "handoff.requested"] as const satisfies readonly EventType[];
/** Keys about words, with the events that have some: other events never match them. */
const OF_WORDS = {
  text: [...SPOKEN, "bot.fallback"],
  intent: SPOKEN,
  confidence: SPOKEN,
  sentiment: SPOKEN,
  contentType: SPOKEN,
} as const satisfies Record<string, readonly EventType[]>;
const ofWords = Object.entries(OF_WORDS) as [keyof typeof OF_WORDS, readonly EventType[]][];

export const conditionSchema = z
  .strictObject({
    event: listOf(z.enum(eventTypes)),
    text: z.strictObject({
      contains: z.array(phraseSchema, { error: 'must be a list of phrases, such as ["human", "real person"]' }).min(1),
    }),
    intent: words,
    confidence: below(0, 1, 0.4),
    sentiment: below(-1, 1, -0.6),
    fallbacks: atLeast,
    errors: atLeast,
    /** Content type of a message that is not text. */
    contentType: words,
    channel: words,
    language: words,
    attributes: z
      .record(z.string(), attribute)
      .refine((attributes) => Object.keys(attributes).length > 0, "must name at least one attribute"),
    customer: z
      .strictObject({ name: contact, phone: contact, email: contact, externalId: contact })
      .partial()
      .refine(
        (customer) => Object.keys(customer).length > 0,
        "must name at least one of name, phone, email, externalId",
      ),
    hours: z.enum(["inside", "outside"]),
    /** Counts the customer's messages in this round. */
    messages: atLeast,
    /** Minutes since this round began. Baton looks when an event comes: no timer asks. */
    minutes: atLeast,
    /** Counts this session's handoffs before this event. */
    handoffs: z.strictObject(
      { atLeast: count.max(MOST_HANDOFFS_KNOWN), withinHours: z.number().positive().max(HANDOFFS_KNOWN_HOURS) },
      { error: "must have the shape { atLeast: 2, withinHours: 24 }" },
    ),
    /** The bot got its customer back less than this ago. */
    sinceHandBack: z.strictObject(
      { belowMinutes: z.number().positive() },
      { error: "must have the shape { belowMinutes: 10 }" },
    ),
    /** A part of all sessions: 0.1 is one of ten, always the same ones. */
    share: below(0, 1, 0.1),
  })
  .partial()
  .refine((condition) => Object.values(condition).some((value) => value !== undefined), "must have at least one key")
  .superRefine((condition, context) => {
    const { event } = condition;
    if (event === undefined) return;
    for (const [key, types] of ofWords) {
      if (condition[key] === undefined || event.some((type) => types.includes(type))) continue;
      const message = `never holds, since 'event' leaves out ${types.join(", ")}`;
      context.addIssue({ code: "custom", path: [key], message });
    }
  });
export type Condition = z.infer<typeof conditionSchema>;
