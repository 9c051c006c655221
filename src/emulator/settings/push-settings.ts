import { z } from "zod";

const rateSchema = z.number().min(0).max(1).default(0);

/** Settings of pushes: correct ones, or those of a network and a platform in trouble. */
export const pushSettings = {
  /** Types that a subscription named, or every type: the portal offers more types than the Subscriptions API. */
  pushTypes: z.enum(["subscribed", "all"]).default("subscribed"),
  /** Form of an absent queue, assignee, customer or form in a push. The fields are documented as required. */
  pushAbsent: z.enum(["nulls", "empty", "null"]).default("nulls"),

  /** Number of times that each push is sent. */
  pushRepeats: z.int().min(1).max(100).default(1),
  /** Milliseconds for which pushes are gathered; 0: pushes of one instant go together. */
  pushHoldMs: z.number().nonnegative().default(0),
  /** Order of gathered pushes: one after the other as they came, or all at once in any order. */
  pushOrder: z.enum(["kept", "shuffled"]).default("kept"),
  /** 1: one object a request. More: arrays of up to this size. */
  pushBatch: z.int().min(1).max(2_000).default(1),
  /** Milliseconds from the event to the request, fixed or drawn between two bounds. */
  pushDelayMs: z
    .union([z.number().nonnegative(), z.strictObject({ min: z.number().nonnegative(), max: z.number().nonnegative() })])
    .default(0),
  /** Share of pushes that are lost before they are sent. */
  pushDropRate: rateSchema,

  /** Number of retries of a push that was not answered 200: after 1 unit, and then 1 unit and n² units more. */
  pushRetries: z.int().min(0).max(20).default(4),
  pushRetryUnitMs: z.number().positive().default(60_000),

  /** Neither the header's name nor the form of its value is documented. */
  pushHmacHeader: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .default("X-Hub-Signature"),
  /** Null: the algorithm, as in `SHA256=`. */
  pushHmacPrefix: z
    .string()
    .regex(/^[\x20-\x7e]{0,100}$/)
    .nullable()
    .default(null),
  pushHmacEncoding: z.enum(["hex", "base64"]).default("hex"),

  /** Records kept, and pushes that may wait. The oldest records go; pushes beyond are dropped. */
  maxPushes: z.int().positive().default(1_000),
};
