/** Event of the platform about a conversation, in our own terms. */
import { z } from "zod";
import { conversationIdSchema } from "./event.ts";

const platformEventTypes = [
  "conversation.opened",
  "conversation.status",
  "conversation.assigned",
  "conversation.queue",
  "conversation.deleted",
  /** Any other change of one: it may still show who has it. */
  "conversation.changed",
  "customer.wrote",
  "agent.wrote",
] as const;

const platformEventSchema = z.object({
  type: z.enum(platformEventTypes),
  conversationId: conversationIdSchema,
  /** When it happened by the platform's clock, in milliseconds since the epoch. */
  at: z.number().int(),
  status: z.enum(["open", "solved", "closed", "deleted"]).optional(),
  /** Assignee since then; a bot or nobody only where the event is about that. */
  assignee: z
    .object({
      kind: z.enum(["none", "bot", "human"]),
      id: z.string().nullable(),
      name: z.string().nullable(),
    })
    .optional(),
  queueId: z.string().nullable().optional(),
  /** Message: the platform's id, its words, the URL of its file, and its type. */
  messageId: z.string().optional(),
  text: z.string().optional(),
  url: z.string().optional(),
  contentType: z.string().optional(),
  /** The agent who wrote it, where that is told. */
  author: z.object({ id: z.string(), name: z.string().nullable() }).optional(),
});
export type PlatformEvent = z.infer<typeof platformEventSchema>;

/** Fields that may be kept where no words of people are. */
export function withoutWords(event: PlatformEvent): PlatformEvent {
  const { text: _, url: __, ...rest } = event;
  return rest;
}
