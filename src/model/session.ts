import { z } from "zod";
import { factsSchema } from "../events/facts.ts";

/** Tells who talks to the customer now. */
export const controlSchema = z.enum(["bot", "queue", "agent", "nobody"]);
export type Control = z.infer<typeof controlSchema>;

const common = {
  id: z.number().int(),
  bot: z.string(),
  /** The bot's word for the chat. */
  session: z.string(),
  /** Counts the rounds of one session: a handoff that ended begins the next. */
  epoch: z.number().int(),
  /** The conversation of this epoch, or the last one that a bot named. */
  conversationId: z.string().nullable(),
  facts: factsSchema,
  /** The conversation of the last round that ended, and when the bot had its customer back. */
  previousConversationId: z.string().nullable(),
  returnedAt: z.number().int().nullable(),
  /**
   * Another session's handoff that it is in, as both are in one conversation: the last one, also when that is over. And the
   * round in which it came to it.
   */
  follows: z.string().nullable(),
  followsEpoch: z.number().int().nullable(),
  /** A text for the customer that the next answer carries. */
  notice: z.string().nullable(),
  version: z.number().int(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
};

/** One chat of a bot with one customer. An agent is known exactly where an agent is in control. */
export const sessionSchema = z.discriminatedUnion("control", [
  z.object({ ...common, control: z.literal("bot") }),
  z.object({ ...common, control: z.literal("queue") }),
  z.object({ ...common, control: z.literal("agent"), agentId: z.string().nullable() }),
  z.object({ ...common, control: z.literal("nobody") }),
]);
export type Session = z.infer<typeof sessionSchema>;
