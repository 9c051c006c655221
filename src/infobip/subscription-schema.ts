/**
 * Infobip's Subscriptions Management as documented (OpenAPI 3.210.0, `/subscriptions/1`), as far as Conversations events need it:
 * the events (subscription), their target (profile), and its authentication (security).
 */
import { z } from "zod";

/** Events that a subscription of the channel CUSTOMER_ENGAGEMENT can name. Pushes carry other names, and more of them. */
export const SUBSCRIBABLE_EVENTS = [
  "CONVERSATION_ASSIGNMENT_UPDATED",
  "CONVERSATION_CREATED",
  "CONVERSATION_MESSAGE_DELETED",
  "CONVERSATION_MESSAGE_RECEIVED",
  "CONVERSATION_MESSAGE_UPDATED",
  "CONVERSATION_STATUS_UPDATED",
] as const;
export type SubscribableEvent = (typeof SUBSCRIBABLE_EVENTS)[number];

const NOTIFY_URL_MAX = 512;

/** Part of a path that nothing encodes. */
export const subscriptionIdSchema = z
  .string()
  .regex(/^[\w.~-]{1,255}$/, "must be letters, digits, - . _ or ~, at most 255")
  .refine((id) => id !== "." && id !== "..", "is a path");
const textSchema = z.string().min(1).max(255);

const ALGORITHMS = ["HMAC_MD5", "HMAC_SHA_1", "HMAC_SHA_224", "HMAC_SHA_256", "HMAC_SHA_384", "HMAC_SHA_512"] as const;

/** OAUTH exists too; nothing here uses it. */
export const securityFieldsSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("BASIC"), credentials: z.object({ username: textSchema, password: textSchema }) }),
  z.object({
    type: z.literal("HMAC"),
    credentials: z.object({ secretKey: textSchema, algorithm: z.enum(ALGORITHMS) }),
  }),
  z.object({ type: z.literal("CUSTOM") }),
]);
export type SecurityFields = z.infer<typeof securityFieldsSchema>;

const milliseconds = (min: number, max: number) => z.int().min(min).max(max).optional();

export const profileFieldsSchema = z.object({
  webhook: z.object({
    notifyUrl: z.url({ protocol: /^https?$/ }).max(NOTIFY_URL_MAX),
    contentType: z.string().max(255).optional(),
  }),
  /** Sent with every push. */
  headers: z.record(z.string(), z.string()).optional(),
  maxBucketSize: z.int().min(1).max(2_000).optional(),
  windowSize: z.int().min(20).max(10_000).optional(),
  connectTimeout: milliseconds(300, 30_000),
  readTimeout: milliseconds(1_000, 90_000),
  rateLimit: z.int().min(1).max(5_000).optional(),
});
export type ProfileFields = z.infer<typeof profileFieldsSchema>;

/** A profile as Baton sends it: a security that exists goes by its id. */
export type NewProfile = ProfileFields & { security?: { authId: string } };

/** A channel ignores events that it does not have, as the documentation says. */
export const subscriptionFieldsSchema = z.object({
  name: textSchema.optional(),
  events: z
    .array(z.string())
    .max(255)
    .transform((names) => SUBSCRIBABLE_EVENTS.filter((event) => names.includes(event))),
  criteria: z
    .array(z.record(z.string(), z.string().max(255)))
    .max(255)
    .optional(),
  resources: z.array(z.string().max(255)).max(255).optional(),
  users: z.array(z.string().max(255)).max(255).optional(),
});
export type SubscriptionFields = z.infer<typeof subscriptionFieldsSchema>;

// Answers are read leniently.

const maybe = <T extends z.ZodType>(schema: T) => schema.nullish();
const securityReferenceSchema = z.object({ authId: maybe(z.string()) });
const profileReferenceSchema = z.object({ profileId: maybe(z.string()), security: maybe(securityReferenceSchema) });

/** Its credentials are not read. */
export const securitySchema = z.object({ authId: maybe(z.string()), type: maybe(z.string()) });
export const profileSchema = z.object({
  profileId: maybe(z.string()),
  webhook: maybe(z.object({ notifyUrl: maybe(z.string()) })),
  security: maybe(securityReferenceSchema),
});
export const subscriptionSchema = z.object({
  subscriptionId: z.string().min(1),
  name: maybe(z.string()),
  profile: maybe(profileReferenceSchema),
  /** Other channels have events that are objects. */
  events: maybe(z.array(z.unknown())),
});
export type Subscription = z.infer<typeof subscriptionSchema>;
export const subscriptionPageSchema = z.object({
  results: z.array(subscriptionSchema),
  paging: maybe(z.object({ size: z.number().int(), totalResults: z.number().int() })),
});
/** Creating, updating and deleting answer ids. */
export const changedSchema = z.object({});
