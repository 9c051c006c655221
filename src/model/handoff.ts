/** A handoff in the record: the decision, and a ledger of every outbound step with every attempt. */
import { z } from "zod";
import { prioritySchema } from "../events/event.ts";

export const handoffStateSchema = z.enum([
  "pending",
  "deferred",
  "routed",
  "assigned",
  "returned",
  "parked",
  "cancelled",
]);
export type HandoffState = z.infer<typeof handoffStateSchema>;

const decisionSchema = z.object({
  tags: z.array(z.string()),
  priority: prioritySchema,
  queue: z.string().nullable(),
  /** Fields that the bot asked for and did not get: the flow does not accept them, or the platform does not have them. */
  leftOut: z.object({
    tags: z.array(z.string()),
    queue: z.string().nullable(),
    priority: prioritySchema.nullable(),
    /** Another bot's, by whose flow it is not shared. */
    conversationId: z.string().optional(),
  }),
  /** The rest is what the flow said of what may follow, its texts rendered: a flow may change while a customer waits. */
  texts: z.enum(["return", "send"]).default("return"),
  /** Its first text could not be posted while an answer was still owed, which says it. */
  isUnposted: z.boolean().optional(),
  noAgent: z
    .object({
      do: z.enum(["queue", "other-queue", "decline"]),
      queue: z.string().nullable(),
      message: z.string().nullable(),
    })
    .nullable()
    .default(null),
  waiting: z
    .array(
      z.object({
        afterMs: z.number().int(),
        message: z.string().nullable(),
        priority: prioritySchema.nullable(),
        tags: z.array(z.string()),
        giveBack: z.boolean(),
      }),
    )
    .default([]),
  handBack: z
    .object({
      when: z.enum(["solved", "closed"]),
      removeTags: z.array(z.string()),
      message: z.string().nullable(),
    })
    .default({ when: "closed", removeTags: [], message: null }),
  /** State of the conversation after the customer left the queue. */
  whenCustomerLeaves: z.enum(["keep", "close"]).default("keep"),
  alertAfterMs: z.number().int().default(300_000),
  /** Expected opening, where it was queued while nobody was there. Waiting counts from then. */
  opensAt: z.number().int().nullable().default(null),
});

/** Why the bot has its customer back. */
export const returnedBecauseSchema = z.enum([
  "solved",
  "closed",
  "deleted",
  "given-to-bot",
  "waited",
  "nobody-there",
  "ended",
]);

const handoffSchema = z.object({
  id: z.string(),
  sessionId: z.number().int(),
  bot: z.string(),
  session: z.string(),
  flow: z.string(),
  account: z.string(),
  epoch: z.number().int(),
  /** Ends the summary and every note on the platform, so that what we made can be found again. */
  token: z.string(),
  state: handoffStateSchema,
  rule: z.string(),
  reason: z.string(),
  /** The flow's text for the customer, already rendered; said once the route is proved. */
  message: z.string().nullable(),
  decision: decisionSchema,
  routedBy: z.enum(["baton", "answers"]),
  keepQueue: z.enum(["leave", "enforce"]),
  conversationId: z.string().nullable(),
  agentId: z.string().nullable(),
  /** The conversation of the session's round before. */
  continues: z.string().nullable(),
  /** Expected time at which people are there again, while it is deferred. */
  deferredUntil: z.number().int().nullable(),
  /** Start of the wait for an agent, while it is routed. */
  waitingSince: z.number().int().nullable(),
  /** Number of the flow's thresholds that it has waited through since then. */
  waited: z.number().int(),
  /** When whoever runs this was told that it has reached no agent. */
  alertedAt: z.number().int().nullable(),
  /** Set while it is returned. */
  returnedBecause: returnedBecauseSchema.nullable(),
  /** When an operator ended it, which is why it is returned. */
  endedAt: z.number().int().nullable(),
  /** When the customer left while it was in the queue; null: they did not, or came back before. */
  leftAt: z.number().int().nullable(),
  /** Closed or vanished conversations that this handoff's own took the place of, oldest first. */
  replaces: z.array(z.string()),
  /** Number of them since it was opened or resumed. */
  replacements: z.number().int(),
  /** The last event that the agent was told of, in this record's order; null: none, its note is not written yet. */
  toldUntil: z.number().int().nullable(),
  /** When the agent is to be told what was said since; null: there is nothing. */
  wordsAt: z.number().int().nullable(),
  /** True if its conversation is on the customer's own channel, where the agent sees what they write; null: not known yet. */
  onChannel: z.union([z.boolean(), z.number().transform((value) => value === 1)]).nullable(),
  parkedBecause: z.string().nullable(),
  /** Whom it waits for: a person's word, or the account's credentials to work again. */
  parkedFor: z.enum(["person", "credentials"]).nullable(),
  /** Number of turns in a row that failed for a reason of ours. */
  failures: z.number().int().default(0),
  /** When there is something to do next; null: nothing. */
  dueAt: z.number().int().nullable(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
  routedAt: z.number().int().nullable(),
});
export const handoffRowSchema = handoffSchema;
export type Handoff = z.infer<typeof handoffSchema>;

const conversationArguments = z.object({
  kind: z.literal("conversation"),
  /** The conversation to update; null: create one. */
  adopt: z.string().nullable(),
  /** It was solved, and is to be open again. */
  reopen: z.boolean().default(false),
  topic: z.string(),
  summary: z.string(),
  priority: prioritySchema,
  /** Queue's id or name. Only a new conversation is created in its queue; an adopted one gets it in a step of its own. */
  queue: z.string().nullable(),
});

const stepArgumentsSchema = z.discriminatedUnion("kind", [
  conversationArguments,
  z.object({ kind: z.literal("tag"), tag: z.string() }),
  /** First pages for the agent; null until they are sent, since they hold all that was said until then. */
  z.object({ kind: z.literal("note"), content: z.string().nullable(), part: z.number().int() }),
  /** Pages of what was said afterwards that are still to be written. */
  z.object({
    kind: z.literal("words"),
    pages: z.array(z.string()),
    /** Number of times it was begun: each has a token of its own. */
    batch: z.number().int(),
    /** The last event that was told before it. */
    after: z.number().int(),
    /** Pages that could not be written since the last that could. */
    lost: z.number().int(),
  }),
  z.object({ kind: z.literal("metadata"), data: z.record(z.string(), z.string()) }),
  z.object({
    kind: z.literal("queue"),
    queue: z.string(),
    moment: z.enum(["before-route", "after-route"]),
    /** Only where nobody is there, in place of the queue that was named. */
    instead: z.boolean().default(false),
  }),
  /** Asks before the route whether an agent is available in the queue it will be in. */
  z.object({ kind: z.literal("agents"), queue: z.string().nullable() }),
  z.object({ kind: z.literal("route") }),
  /** Posted into the conversation, for the customer. */
  z.object({ kind: z.literal("text"), text: z.string(), moment: z.enum(["routed", "waiting", "returned"]) }),
  z.object({ kind: z.literal("priority"), priority: prioritySchema }),
  z.object({ kind: z.literal("untag"), tag: z.string() }),
  /** Takes the conversation out of the agents' sight: it is closed where it was ours, given to its bot where it had one. */
  z.object({ kind: z.literal("release"), because: z.enum(["waited", "nobody-there", "ended"]) }),
  /** Closes what a create that seemed lost made after all. */
  z.object({ kind: z.literal("sweep") }),
]);
export type StepArguments = z.infer<typeof stepArgumentsSchema>;

/** The conversation as it was when it was opened or updated. */
const conversationResultSchema = z.object({
  kind: z.literal("conversation"),
  conversationId: z.string(),
  assignee: z.enum(["none", "bot", "human"]),
  agentId: z.string().nullable(),
  queueId: z.string().nullable(),
  seenAt: z.number().int(),
  /** The same moment by the platform's clock: what its pushes tell of an earlier one is older than this. */
  platformAt: z.number().int().nullable().default(null),
  /** Id that the platform gave it, if it did. */
  channel: z.string().nullable().default(null),
  /** The account has no queue of the name that it was to be created in. */
  isQueueUnknown: z.boolean().optional(),
});
export type ConversationResult = z.infer<typeof conversationResultSchema>;

const stepResultSchema = z.discriminatedUnion("kind", [
  conversationResultSchema,
  z.object({ kind: z.literal("plain") }),
  /** The customer writes into the conversation: nothing of what they write is told again. */
  z.object({ kind: z.literal("on-channel") }),
  /** A tag that does not exist yet at the platform: the next attempt creates it first. */
  z.object({ kind: z.literal("tag-missing") }),
  /** The platform answered ERROR so often: it is tried again, and nobody waits for it. */
  z.object({ kind: z.literal("error-answer"), times: z.number().int(), isTagMissing: z.boolean() }),
  /** The route moved the conversation out of the queue that was named, and the flow leaves it there. */
  z.object({ kind: z.literal("moved"), queueId: z.string().nullable() }),
  /** The queue that the conversation was given. */
  z.object({ kind: z.literal("queue"), queueId: z.string() }),
  z.object({ kind: z.literal("route"), queueId: z.string().nullable() }),
  /** Null: it could not be told, and counts as somebody. */
  z.object({ kind: z.literal("agents"), isAnybody: z.boolean().nullable(), queueId: z.string().nullable() }),
]);
export type StepResult = z.infer<typeof stepResultSchema>;

/**
 * `ready` to be sent at `nextAt`; `sent`: the intent is durable and the answer is not; `unknown`: it may have happened,
 * to be looked up before anything is repeated; `refused`: for good.
 */
const stepStateSchema = z.enum(["ready", "sent", "unknown", "done", "skipped", "refused"]);

export const stepSchema = z.object({
  position: z.number().int(),
  /** Shown name: `conversation`, `tag:vip`, `note`, `metadata`, `agents`, `queue`, `route`, `text`, `untag:vip`, `sweep`. */
  name: z.string(),
  arguments: stepArgumentsSchema,
  state: stepStateSchema,
  /** Number of times the request may have left. Counted before it leaves, so that a crash cannot forget one. */
  sends: z.number().int(),
  /** Grows with every attempt and every reset: whoever holds an older one changes nothing. */
  fence: z.number().int(),
  firstSentAt: z.number().int().nullable(),
  /** Attempts by the schedule, and since when: it begins anew when the handoff is resumed. */
  tries: z.number().int(),
  triesSince: z.number().int().nullable(),
  /** Latest time at which its last request may have had an effect. A look at the platform has none. */
  sentAt: z.number().int().nullable(),
  nextAt: z.number().int(),
  result: stepResultSchema.nullable(),
});
export type Step = z.infer<typeof stepSchema>;

export const attemptSchema = z.object({
  position: z.number().int(),
  fence: z.number().int(),
  sentAt: z.number().int(),
  endedAt: z.number().int().nullable(),
  outcome: z.enum(["ok", "refused", "unknown"]).nullable(),
  status: z.number().int().nullable(),
  requestId: z.string().nullable(),
  /** Why it was refused or is unknown, in a word. */
  code: z.string().nullable(),
});
export type Attempt = z.infer<typeof attemptSchema>;

export interface Ledger {
  handoff: Handoff;
  /** Sorted by position. */
  steps: Step[];
}
