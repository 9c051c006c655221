/**
 * Infobip Conversations as documented (OpenAPI 3.210.0, `/ccaas/1`): what the product sends and what it accepts back.
 * The emulator is built on the same schemas, so the two cannot drift apart.
 *
 * Answers are read leniently: unknown keys are dropped, and a field that some sources lack may be absent.
 */
import { z } from "zod";
import { prioritySchema } from "../events/event.ts";

/** Limits of the platform, in characters. */
export const TOPIC_MAX = 1_000;
export const SUMMARY_MAX = 4_000;
export const NOTE_MAX = 4_000;
const TAG_NAME_MAX = 100;
export const MESSAGE_TEXT_MAX = 4_096;
export const PAGE_LIMIT_MAX = 999;

/** PENDING is in the pushes and in the field, though not in the operations' own list. */
export const statusSchema = z.enum(["OPEN", "WAITING", "SOLVED", "PENDING", "CLOSED"]);
export type Status = z.infer<typeof statusSchema>;

/** `2024-01-01T00:00:00.000+00:00`, in older answers `+0000`. */
const dateSchema = z.string();
const idSchema = z.string().min(1);
const maybe = <T extends z.ZodType>(schema: T) => schema.nullish();

export const conversationSchema = z.object({
  id: idSchema,
  topic: maybe(z.string()),
  summary: maybe(z.string()),
  status: statusSchema,
  priority: maybe(prioritySchema),
  queueId: maybe(z.string()),
  /** The assignee: an agent or a bot. */
  agentId: maybe(z.string()),
  createdAt: maybe(dateSchema),
  updatedAt: maybe(dateSchema),
  closedAt: maybe(dateSchema),
  channel: maybe(z.string()),
});
export type Conversation = z.infer<typeof conversationSchema>;

const paginationSchema = z.object({
  totalItems: z.number().int(),
  page: z.number().int(),
  limit: z.number().int(),
  orderBy: z.string().nullish(),
});

/** The guide shows pages without `pagination`. */
const pageOf = <K extends string, T extends z.ZodType>(key: K, item: T) =>
  z.object({ [key]: z.array(item), pagination: paginationSchema.nullish() } as Record<K, z.ZodArray<T>> & {
    pagination: z.ZodOptional<z.ZodNullable<typeof paginationSchema>>;
  });

export const conversationPageSchema = pageOf("conversations", conversationSchema);

/** Route answers a page, one conversation, `{}` or nothing, depending on whom you ask; null: it does not say. */
export const routeAnswerSchema = z.union([
  conversationPageSchema.transform((page): Conversation | null => page.conversations[0] ?? null),
  conversationSchema,
  z.object({}).transform(() => null),
]);

export const routingSimulationSchema = z.object({
  id: maybe(z.string()),
  queueId: maybe(z.string()),
  priority: maybe(prioritySchema),
});

/** The plain answer of tags, metadata and the like. A 200 can carry ERROR. */
export const statusCodeSchema = z.object({ statusCode: maybe(z.string()), message: maybe(z.string()) });

export const tagSchema = z.object({
  name: z.string().min(1),
  id: maybe(z.string()),
  createdAt: maybe(dateSchema),
  updatedAt: maybe(dateSchema),
});
export type Tag = z.infer<typeof tagSchema>;
export const tagPageSchema = pageOf("tags", tagSchema);

export const noteSchema = z.object({
  id: idSchema,
  conversationId: maybe(z.string()),
  agentId: maybe(z.string()),
  type: maybe(z.string()),
  content: z.unknown(),
  createdAt: maybe(dateSchema),
  updatedAt: maybe(dateSchema),
});
export type Note = z.infer<typeof noteSchema>;
export const notePageSchema = pageOf("notes", noteSchema);

export const messageSchema = z.object({
  id: idSchema,
  channel: maybe(z.string()),
  from: maybe(z.string()),
  to: maybe(z.string()),
  direction: maybe(z.string()),
  conversationId: maybe(z.string()),
  authorId: maybe(z.string()),
  authorType: maybe(z.string()),
  createdAt: maybe(dateSchema),
  updatedAt: maybe(dateSchema),
  contentType: maybe(z.string()),
  content: z.unknown(),
});
export type Message = z.infer<typeof messageSchema>;
export const messagePageSchema = pageOf("messages", messageSchema);

/** Flat by the documentation; nested values are not promised and not refused. */
export const metadataSchema = z.record(z.string(), z.unknown());
export type Metadata = z.infer<typeof metadataSchema>;

const queueSchema = z.object({
  id: idSchema,
  name: z.string(),
  workingHoursId: maybe(z.string()),
  createdAt: maybe(dateSchema),
  updatedAt: maybe(dateSchema),
  deletedAt: maybe(dateSchema),
});
export const queuePageSchema = pageOf("queues", queueSchema);

const agentSchema = z.object({
  id: idSchema,
  displayName: maybe(z.string()),
  email: maybe(z.string()),
  title: maybe(z.string()),
  /** The agent set this one. */
  status: maybe(z.string()),
  /** The system computed this one. */
  availability: maybe(z.string()),
  role: maybe(z.string()),
  enabled: maybe(z.boolean()),
  createdAt: maybe(dateSchema),
  updatedAt: maybe(dateSchema),
});
export const agentPageSchema = pageOf("agents", agentSchema);

const botSchema = z.object({
  id: idSchema,
  displayName: maybe(z.string()),
  channel: maybe(z.string()),
  destination: maybe(z.string()),
  webhookUrl: maybe(z.string()),
  enabled: maybe(z.boolean()),
});
export const botPageSchema = pageOf("bots", botSchema);

export const workingHoursStatusSchema = z.object({ status: z.string() });

const routingRuleSchema = z.object({
  id: maybe(z.string()),
  name: maybe(z.string()),
  priority: maybe(prioritySchema),
  /** JSON, as a string or already an object. */
  expression: z.unknown(),
  queueId: maybe(z.string()),
  queueName: maybe(z.string()),
  enabled: maybe(z.boolean()),
  order: maybe(z.number()),
  routeOnlyDuringWorkingHours: maybe(z.boolean()),
});
export const routingPageSchema = pageOf("routes", routingRuleSchema);

/** The current error body, the newer APIs' (`errorCode` with `description` or `errorMessage`), and the one of 2019. */
export const errorBodySchema = z.object({
  requestError: z
    .object({
      serviceException: z
        .object({
          messageId: maybe(z.string()),
          text: maybe(z.string()),
          // Other shapes are ignored: they must not hide what the text says.
          validationErrors: maybe(z.record(z.string(), z.unknown())).catch(null),
        })
        .nullish(),
    })
    .nullish(),
  errorCode: maybe(z.string()),
  description: maybe(z.string()),
  errorMessage: maybe(z.string()),
  statusCode: maybe(z.string()),
  message: maybe(z.string()),
});

// Bodies that Baton sends. The emulator checks them with these.

export const conversationFieldsSchema = z.object({
  topic: z.string().max(TOPIC_MAX).nullable().optional(),
  summary: z.string().max(SUMMARY_MAX).nullable().optional(),
  status: z.enum(["OPEN", "WAITING", "SOLVED", "CLOSED"]).optional(),
  priority: prioritySchema.optional(),
  queueId: z.string().max(255).nullable().optional(),
  agentId: z.string().max(255).nullable().optional(),
});
export type ConversationFields = z.infer<typeof conversationFieldsSchema>;

export const newTagSchema = z.object({ name: z.string().min(1).max(TAG_NAME_MAX) });
export const tagNameSchema = z.object({ tagName: z.string().min(1).max(TAG_NAME_MAX) });

export const newNoteSchema = z.object({
  content: z.union([z.string().min(1).max(NOTE_MAX), z.record(z.string(), z.unknown())]),
  type: z.enum(["INTERNAL", "ATTACHMENT"]).optional(),
  agentId: z.string().max(255).optional(),
});
export type NewNote = z.infer<typeof newNoteSchema>;

/** Filters of the list of conversations. Arrays are sent exploded; dates are milliseconds since the epoch. */
export interface ConversationFilter {
  conversationIds?: readonly string[];
  queueIds?: readonly string[];
  tagNames?: readonly string[];
  agentId?: string;
  status?: readonly Status[];
  priority?: z.infer<typeof prioritySchema>;
  createdAfterMs?: number;
  createdBeforeMs?: number;
  updatedAfterMs?: number;
  updatedBeforeMs?: number;
  closedAfterMs?: number;
  closedBeforeMs?: number;
  /** `property:asc` or `property:desc`; the platform's default is `id:asc`. */
  orderBy?: string;
}
