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
  /** The customer's messages in this round. */
  messages: z.number().int().default(0),
  /** When this round began; null: nothing has come in it yet. */
  startedAt: z.number().int().nullable().default(null),
  /** When handoffs of this session were opened, in all its rounds, the oldest first. */
  handoffs: z.array(z.number().int()).default([]),
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
  messages: 0,
  startedAt: null,
  handoffs: [],
};

/** Facts that stay when a round ends: the customer, the channel that leads to them, and when they were handed over. */
export const factsOfNextRound = ({ customer, channel, handoffs }: Facts): Facts => ({
  ...noFacts,
  customer,
  channel,
  handoffs,
});

/** Longest look back at a customer's handoffs: a month. */
export const HANDOFFS_KNOWN_HOURS = 31 * 24;
/** Most of them that are remembered. */
export const MOST_HANDOFFS_KNOWN = 50;

const HOUR_MS = 3_600_000;
export const handoffsWithin = ({ handoffs }: Facts, hours: number, now: number): number =>
  handoffs.filter((at) => now - at < hours * HOUR_MS).length;

/** The facts of a session for which a handoff was opened at `at`. */
export function withHandoff(facts: Facts, at: number): Facts {
  const recent = facts.handoffs.filter((before) => at - before < HANDOFFS_KNOWN_HOURS * HOUR_MS);
  return { ...facts, handoffs: [...recent, at].slice(-MOST_HANDOFFS_KNOWN) };
}
