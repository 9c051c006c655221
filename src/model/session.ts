import { z } from "zod";
import { factsSchema } from "../events/facts.ts";

/** Tells who talks to the customer now. */
export const controlSchema = z.enum(["bot", "queue", "agent", "nobody"]);
export type Control = z.infer<typeof controlSchema>;

const common = {
  id: z.number().int(),
  bot: z.string(),
  /** The bot's name for the chat. */
  session: z.string(),
  /** Number of the session's round: a handoff that ended begins the next. */
  epoch: z.number().int(),
  /** The conversation of this round, or the last one that a bot named. */
  conversationId: z.string().nullable(),
  facts: factsSchema,
  /** The conversation of the last round that ended, and the time at which the bot had its customer back. */
  previousConversationId: z.string().nullable(),
  returnedAt: z.number().int().nullable(),
  /**
   * The last handoff of another session that this one followed, because both are in one conversation, even if that handoff is
   * over; and the round in which it joined.
   */
  follows: z.string().nullable(),
  followsEpoch: z.number().int().nullable(),
  /** Text for the customer in the next answer. */
  notice: z.string().nullable(),
  version: z.number().int(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
};

/** Row of a session. */
export const sessionRowSchema = z.object({ ...common, control: controlSchema, agentId: z.string().nullable() });

/** One chat of a bot with one customer. `agentId` exists exactly while an agent is in control. */
const sessionSchema = z.discriminatedUnion("control", [
  z.object({ ...common, control: z.literal("bot") }),
  z.object({ ...common, control: z.literal("queue") }),
  z.object({ ...common, control: z.literal("agent"), agentId: z.string().nullable() }),
  z.object({ ...common, control: z.literal("nobody") }),
]);
export type Session = z.infer<typeof sessionSchema>;
