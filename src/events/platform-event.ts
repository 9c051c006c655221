/** What the platform reports of a conversation, in our own terms. */
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
  /** Who has it since then; a bot or nobody only where the event is about that. */
  assignee: z
    .object({
      kind: z.enum(["none", "bot", "human"]),
      id: z.string().nullable(),
      name: z.string().nullable(),
    })
    .optional(),
  queueId: z.string().nullable().optional(),
  /** Of a message: the platform's id of it, what it says, where its file is, and what it is. */
  messageId: z.string().optional(),
  text: z.string().optional(),
  url: z.string().optional(),
  contentType: z.string().optional(),
  /** The agent who wrote it, where that is told. */
  author: z.object({ id: z.string(), name: z.string().nullable() }).optional(),
});
export type PlatformEvent = z.infer<typeof platformEventSchema>;

/** What may be kept where nothing of what people say is. */
export function withoutWords(event: PlatformEvent): PlatformEvent {
  const { text: _, url: __, ...rest } = event;
  return rest;
}
