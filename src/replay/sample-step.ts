/** Steps of a sample, in order: requests of the bot, actions of people and the platform, and time. */

import { z } from "zod";
import { plainIssue } from "../plain-issue.ts";

/** Availability of an agent, in the platform's words. */
export const availabilitySchema = z.record(
  z.string().min(1),
  z.enum(["ACTIVE", "BUSY", "INVISIBLE", "AWAY"], "must be ACTIVE, BUSY, INVISIBLE or AWAY"),
);
/** Keys are names of agents, or `everybody`. */
export type Availability = z.infer<typeof availabilitySchema>;

const common = {
  /** Seconds that pass before it. Default: one second, and none before the first. */
  afterSeconds: z.number().positive().optional(),
};
/** Name of a conversation in the sample: a given one, or `conversation-1` and so on. Default: that of the last handoff. */
const conversation = z.string().min(1).optional();

const postSchema = z.strictObject({
  /** Path below `/v1/bots/{bot}/`. */
  to: z.string().regex(/^(events|handoffs|webhooks\/[a-z-]+)$/, "must be events, handoffs or webhooks/{source}"),
  headers: z.record(z.string(), z.string()).default({}),
  ...common,
  /** The body as the bot sends it. A string is sent unchanged, anything else as JSON. */
  body: z.unknown(),
});

const DESK_ACTIONS = ["take", "reply", "solve", "close", "reopen", "give-to-bot"] as const;
const deskSchema = z
  .strictObject({
    /** An agent's name. */
    agent: z.string().min(1),
    does: z.enum(DESK_ACTIONS, `must be one of ${DESK_ACTIONS.join(", ")}`),
    text: z.string().min(1).optional(),
    conversation,
    ...common,
  })
  .refine(({ does, text }) => (does === "reply") === (text !== undefined), {
    path: ["text"],
    message: "must be given with 'reply', and only with it",
  });

/** The customer writes into the conversation, past the bot. */
const writtenSchema = z.strictObject({ customerWrites: z.string().min(1), conversation, ...common });
const agentsSchema = z.strictObject({ agents: availabilitySchema, ...common });
/** The push as the platform posts it to `/v1/infobip/{account}/events`; conversations by their names. */
const pushSchema = z.strictObject({
  push: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())], "must be an event or an array of them"),
  ...common,
});
const timeSchema = z.strictObject({ afterSeconds: z.number().positive() });

/** Keys are those that only such a turn has. */
const kinds = {
  to: postSchema.transform((it) => ({ kind: "post" as const, ...it })),
  agent: deskSchema.transform((it) => ({ kind: "desk" as const, ...it })),
  customerWrites: writtenSchema.transform((it) => ({ kind: "written" as const, ...it })),
  agents: agentsSchema.transform((it) => ({ kind: "agents" as const, ...it })),
  push: pushSchema.transform((it) => ({ kind: "push" as const, ...it })),
  afterSeconds: timeSchema.transform((it) => ({ kind: "time" as const, ...it })),
};
type Key = keyof typeof kinds;
export type SampleStep = z.infer<(typeof kinds)[Key]>;
export type Post = Extract<SampleStep, { kind: "post" }>;
/** Actions of people, agents and the platform. */
export type Action = Exclude<SampleStep, { kind: "post" | "time" }>;

const KEYS = Object.keys(kinds) as Key[];

/** A plain union would only say that no shape fits; this names the mistake in the intended one. */
export const sampleStepSchema = z.unknown().transform((given, context): SampleStep => {
  const key = KEYS.find((it) => typeof given === "object" && given !== null && Object.hasOwn(given, it));
  if (key === undefined) {
    context.addIssue({ code: "custom", message: `must have one of ${KEYS.join(", ")}, which says what happens` });
    return z.NEVER;
  }
  const parsed = kinds[key].safeParse(given);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    context.addIssue({ code: "custom", path: issue.path, message: plainIssue(issue) });
  }
  return z.NEVER;
});
