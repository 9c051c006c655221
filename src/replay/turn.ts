/** Steps of a sample, in order: requests of the bot, and acts of people, the platform and time. */
import { z } from "zod";

/** Availability of an agent, in the platform's words. */
export const availabilitySchema = z.record(
  z.string().min(1),
  z.enum(["ACTIVE", "BUSY", "INVISIBLE", "AWAY"], "must be ACTIVE, BUSY, INVISIBLE or AWAY"),
);
/** By the names of agents, or `everybody`. */
export type Availability = z.infer<typeof availabilitySchema>;

const common = {
  /** Seconds that pass before it; a second where it does not say, and none before the first. */
  afterSeconds: z.number().positive().optional(),
};
/** By its name in the sample: a given one, or `conversation-1` and so on. That of the last handoff, unless given. */
const conversation = z.string().min(1).optional();

const postSchema = z.strictObject({
  /** Below `/v1/bots/{bot}/`. */
  to: z.string().regex(/^(events|handoffs|webhooks\/[a-z-]+)$/, "must be events, handoffs or webhooks/{source}"),
  headers: z.record(z.string(), z.string()).default({}),
  ...common,
  /** Exactly as the bot sends it. A string is sent as it is, anything else as JSON. */
  body: z.unknown(),
});

const DEEDS = ["take", "reply", "solve", "close", "reopen", "give-to-bot"] as const;
const deskSchema = z
  .strictObject({
    /** By name. */
    agent: z.string().min(1),
    does: z.enum(DEEDS, `must be one of ${DEEDS.join(", ")}`),
    text: z.string().min(1).optional(),
    conversation,
    ...common,
  })
  .refine(({ does, text }) => (does === "reply") === (text !== undefined), {
    path: ["text"],
    message: "must be given with 'reply', and only with it",
  });

/** Into the conversation, past the bot. */
const writtenSchema = z.strictObject({ customerWrites: z.string().min(1), conversation, ...common });
const agentsSchema = z.strictObject({ agents: availabilitySchema, ...common });
/** Exactly as the platform posts it to `/v1/infobip/{account}/events`; conversations by their names. */
const pushSchema = z.strictObject({
  push: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())], "must be an event or an array of them"),
  ...common,
});
const timeSchema = z.strictObject({ afterSeconds: z.number().positive() });

/** By the key that only such a turn has. */
const kinds = {
  to: postSchema.transform((it) => ({ kind: "post" as const, ...it })),
  agent: deskSchema.transform((it) => ({ kind: "desk" as const, ...it })),
  customerWrites: writtenSchema.transform((it) => ({ kind: "written" as const, ...it })),
  agents: agentsSchema.transform((it) => ({ kind: "agents" as const, ...it })),
  push: pushSchema.transform((it) => ({ kind: "push" as const, ...it })),
  afterSeconds: timeSchema.transform((it) => ({ kind: "time" as const, ...it })),
};
type Key = keyof typeof kinds;
export type Turn = z.infer<(typeof kinds)[Key]>;
export type Post = Extract<Turn, { kind: "post" }>;
/** Acts of people, agents and the platform. */
export type Deed = Exclude<Turn, { kind: "post" | "time" }>;

const KEYS = Object.keys(kinds) as Key[];

/** A plain union would say only that nothing fits; this says what is wrong with what was meant. */
export const turnSchema = z.unknown().transform((given, context): Turn => {
  const key = KEYS.find((it) => typeof given === "object" && given !== null && Object.hasOwn(given, it));
  if (key === undefined) {
    context.addIssue({ code: "custom", message: `must have one of ${KEYS.join(", ")}, which says what happens` });
    return z.NEVER;
  }
  const parsed = kinds[key].safeParse(given);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) context.addIssue({ code: "custom", path, message });
  return z.NEVER;
});
