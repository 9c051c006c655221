/** Rows of events. */
import { z } from "zod";
import { describeColumns } from "../rows/columns.ts";

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const eventRowSchema = z.object({
  seq: z.number().int(),
  /** Unique: the hash of the delivery's identity. */
  key: bytesSchema,
  /** Null: the sender gave an id. Otherwise the hash of the content without the time. */
  contentKey: bytesSchema.nullable(),
  bot: z.string(),
  source: z.string(),
  sessionId: z.number().int().nullable(),
  /** Round of the session; null: the event has no session, or is the platform's. */
  epoch: z.number().int().nullable(),
  eventId: z.string(),
  type: z.string(),
  /** The event after redaction. */
  body: z.unknown(),
  outcome: z.enum(["accepted", "ignored"]),
  rule: z.string().nullable(),
  /** The conditions that matched. */
  why: z.unknown(),
  handoffId: z.string().nullable(),
  /** Text for the customer in its answer. */
  message: z.string().nullable(),
  /** Fields of the request that could not be used, or only in part; null: none. */
  leftOut: z.array(z.string()).nullable(),
  occurredAt: z.number().int(),
  receivedAt: z.number().int(),
});
export type EventRow = z.infer<typeof eventRowSchema>;

export const eventRows = describeColumns(eventRowSchema, {
  body: { json: eventRowSchema.shape.body },
  why: { json: eventRowSchema.shape.why },
  leftOut: { json: eventRowSchema.shape.leftOut },
});
