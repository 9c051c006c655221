import { z } from "zod";
import { OPERATION_NAMES, SCOPES } from "./operations.ts";
import { pushSettings } from "./push-settings.ts";

/** Settings for behaviour on which the documentation is silent or contradicts itself, and for latency and limits. */
export const settingsSchema = z.strictObject({
  /** Accepted credentials (what follows the scheme) and their scopes; null: any credential, every scope. */
  keys: z
    .record(z.string().min(1), z.array(z.enum(SCOPES)))
    .nullable()
    .default(null),

  /** Status of an unknown id. The examples have 400; 404 is listed too. */
  unknownIdStatus: z.union([z.literal(400), z.literal(404)]).default(400),
  /** Error bodies of today, or of the reference of 2019. */
  errorBody: z.enum(["current", "old"]).default("current"),
  /** Form of new ids. */
  idStyle: z.enum(["hex", "uuid"]).default("hex"),
  /** Zone suffix of a date. */
  dateStyle: z.enum(["+00:00", "+0000"]).default("+00:00"),
  /** Conversations show their channel, which is in the guides but not in the schema. */
  withChannel: z.boolean().default(false),
  /** Pages show their totals; a guide has pages that do not. */
  withPagination: z.boolean().default(true),

  /** Body of a successful route: the conversation, a page with it, nothing at all, or `{}`. */
  routeBody: z.enum(["single", "page", "empty", "object"]).default("single"),
  /** Route leaves a conversation in the queue it already has. */
  routeKeepsQueue: z.boolean().default(false),
  /** Queue of a conversation that no rule matches. */
  noRuleMatch: z.enum(["none", "default-queue", "keep"]).default("default-queue"),
  /** A queueId or agentId that does not exist, on create, PUT and PATCH. */
  unknownReference: z.enum(["accept", "refuse"]).default("refuse"),
  /** Effect of PUT on an absent topic, summary, queueId or agentId. Status and priority get their defaults. */
  putAbsent: z.enum(["clear", "keep"]).default("clear"),
  /** Fields of a closed conversation that PUT and PATCH may change. */
  closedChange: z.enum(["nothing", "topic-and-summary"]).default("nothing"),
  /** Notes, metadata and messages of a closed conversation. */
  closedContext: z.enum(["accept", "refuse"]).default("accept"),
  /** An agent's answer in a conversation whose messages have no channel. An assumption. */
  replyWithoutChannel: z.enum(["accept", "refuse"]).default("refuse"),
  /** Closes a conversation whose customer has been silent for longer than its bot's `sessionTimeoutInSec`, or never. */
  botSessions: z.enum(["timed", "endless"]).default("timed"),
  /** Effect of an `agentId` in PUT and PATCH of a conversation. The platform has an operation of its own for it. */
  assignByChange: z.enum(["accept", "ignore", "refuse"]).default("accept"),
  /** Form of an absent field of a conversation, a note or a message. */
  absent: z.enum(["null", "omitted"]).default("null"),
  /** A customer's message opens a solved conversation again, as the agents' guide says. */
  inboundReopens: z.boolean().default(true),
  /** A tag added to a conversation that already has it. */
  duplicateTag: z.enum(["ok", "error"]).default("ok"),
  /** Characters of tag names: letters, digits, `.` and `_`; also spaces, as in the example; or any. */
  tagCharacters: z.enum(["strict", "spaces", "any"]).default("spaces"),
  /** Objects and arrays as values of metadata. */
  nestedMetadata: z.enum(["accept", "refuse"]).default("accept"),
  /** Characters of metadata as JSON; null: unlimited. */
  maxMetadataLength: z.int().positive().nullable().default(null),

  /** Requests a minute by operation. The documentation has only the limit of listMessages. */
  requestsPerMinute: z.partialRecord(z.enum(OPERATION_NAMES), z.int().nonnegative()).default({ listMessages: 500 }),
  /** Retry-After of an answer over these limits; null: without. */
  retryAfterSeconds: z.int().nonnegative().nullable().default(null),

  /** Milliseconds from the arrival of a request to its effect, fixed or drawn between two bounds. */
  latencyMs: z
    .union([z.number().nonnegative(), z.strictObject({ min: z.number().nonnegative(), max: z.number().nonnegative() })])
    .default(0),
  /** Milliseconds after which the list of conversations shows a new one. */
  listLagMs: z.number().nonnegative().default(0),

  ...pushSettings,

  /** Calls kept; the oldest go. */
  maxCalls: z.int().positive().default(10_000),
  /** Items kept of every kind, and of every kind in a conversation; the oldest go. */
  maxItems: z.int().positive().default(10_000),
  /** A larger request is refused. */
  maxBodyBytes: z.int().positive().default(1_048_576),
});

/** A running emulator can change these one field at a time. */
export type EmulatorSettings = z.infer<typeof settingsSchema>;
