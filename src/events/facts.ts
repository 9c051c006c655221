import { z } from "zod";
import { attributesSchema, customerSchema } from "./event.ts";

/** Sum of a session's events: all that a rule or a template can see beside the event itself. */
export const factsSchema = z.object({
  customer: customerSchema,
  attributes: attributesSchema,
  language: z.string().nullable(),
  channel: z.string().nullable(),
  /** Consecutive `bot.fallback` events. */
  fallbacks: z.number().int(),
  /** Consecutive `bot.error` events. */
  errors: z.number().int(),
  /** The customer wrote, and no fallback or error came since: an answer of the bot shows that it understood. */
  isAnswerable: z.boolean().default(false),
  /** The customer was told that nobody is there now. */
  isDeclined: z.boolean().default(false),
});
export type Facts = z.infer<typeof factsSchema>;

export const noFacts: Facts = {
  customer: {},
  attributes: {},
  language: null,
  channel: null,
  fallbacks: 0,
  errors: 0,
  isAnswerable: false,
  isDeclined: false,
};

/** Facts that stay when a round ends: the customer, and the channel that leads to them. */
export const factsOfNextRound = ({ customer, channel }: Facts): Facts => ({ ...noFacts, customer, channel });
