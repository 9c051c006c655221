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
    /** Another bot's conversation, which its flow does not share. */
    conversationId: z.string().optional(),
  }),
  /**
   * The rest is what the flow said when the handoff was opened, with its texts rendered: a flow may change while a customer
   * waits.
   */
  texts: z.enum(["return", "send"]).default("return"),
  /** Trace of the request that opened it, sent with each of its calls and callbacks; absent: it had none. */
  traceparent: z.string().optional(),
  /** True: its first text could not be posted while an answer was still to be given, so the answer carries it. */
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
  /** Expected opening of a handoff that was queued while the flow was closed. Waiting counts from then. */
  opensAt: z.number().int().nullable().default(null),
});

/** Reasons why the bot has its customer back. */
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
  /** Ends the summary and every note on the platform, so that Baton finds again what it created. */
  token: z.string(),
  state: handoffStateSchema,
  rule: z.string(),
  reason: z.string(),
  /** The flow's rendered text for the customer; the bot says it once the route is proved. */
  message: z.string().nullable(),
  decision: decisionSchema,
  routedBy: z.enum(["baton", "answers"]),
  keepQueue: z.enum(["leave", "enforce"]),
  conversationId: z.string().nullable(),
  agentId: z.string().nullable(),
  /** The conversation of the session's round before. */
  continues: z.string().nullable(),
  /** Expected opening, while it is deferred. */
  deferredUntil: z.number().int().nullable(),
  /** Start of the wait for an agent, while it is routed. */
  waitingSince: z.number().int().nullable(),
  /** Number of the flow's thresholds that it has waited through since then. */
  waited: z.number().int(),
  /** Time of the alert that it has reached no agent; null: none. */
  alertedAt: z.number().int().nullable(),
  /** Set while it is returned. */
  returnedBecause: returnedBecauseSchema.nullable(),
  /** Time at which an operator ended it, if that is why it is returned. */
  endedAt: z.number().int().nullable(),
  /** Time at which the customer left the queue; null: they did not leave, or came back. */
  leftAt: z.number().int().nullable(),
  /** Closed or vanished conversations that its own one replaced, oldest first. */
  replaces: z.array(z.string()),
  /** Number of them since it was opened or resumed. */
  replacements: z.number().int(),
  /** Number of the last event that its agent was told, in this record's order; null: its note is not written yet. */
  toldUntil: z.number().int().nullable(),
  /** Time at which the agent gets the words since then; null: there are none. */
  wordsAt: z.number().int().nullable(),
  /** True if its conversation is on the customer's own channel, where the agent sees what they write; null: not known yet. */
  onChannel: z.boolean().nullable(),
  parkedBecause: z.string().nullable(),
  /** Waits for a person's decision, or for the account to accept our credentials. */
  parkedFor: z.enum(["person", "credentials"]).nullable(),
  /** Number of turns in a row that failed for a reason of ours. */
  failures: z.number().int().default(0),
  /** Time at which it has something to do next; null: never. */
  dueAt: z.number().int().nullable(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
  routedAt: z.number().int().nullable(),
});
export const handoffRowSchema = handoffSchema;
export type Handoff = z.infer<typeof handoffSchema>;

const conversationArguments = z.object({
  kind: z.literal("conversation"),
  /** Conversation to update; null: create one. */
  adopt: z.string().nullable(),
  /** True: the conversation was solved and has to be opened again. */
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
  /** First pages for the agent; null until they are sent, since they hold all words until then. */
  z.object({ kind: z.literal("note"), content: z.string().nullable(), part: z.number().int() }),
  /** Pages of later words that are still to be written. */
  z.object({
    kind: z.literal("words"),
    pages: z.array(z.string()),
    /** Number of times it was begun: each has a token of its own. */
    batch: z.number().int(),
    /** Number of the last event before these words. */
    after: z.number().int(),
    /** Number of pages that could not be written since the last that could. */
    lost: z.number().int(),
  }),
  z.object({ kind: z.literal("metadata"), data: z.record(z.string(), z.string()) }),
  z.object({
    kind: z.literal("queue"),
    queue: z.string(),
    moment: z.enum(["before-route", "after-route"]),
    /** True: the queue to use instead when no agent is available. */
    instead: z.boolean().default(false),
  }),
  /**
   * Asks before the route whether an agent is available in the queue it will be in. `orWaiting`: nor if so many conversations
   * wait there.
   */
  z.object({ kind: z.literal("agents"), queue: z.string().nullable(), orWaiting: z.number().int().optional() }),
  z.object({ kind: z.literal("route") }),
  /** A text for the customer, posted into the conversation. */
  z.object({ kind: z.literal("text"), text: z.string(), moment: z.enum(["routed", "waiting", "returned"]) }),
  z.object({ kind: z.literal("priority"), priority: prioritySchema }),
  z.object({ kind: z.literal("untag"), tag: z.string() }),
  /** Takes the conversation out of the agents' sight: closes our own one, or gives another one back to its bot. */
  z.object({ kind: z.literal("release"), because: z.enum(["waited", "nobody-there", "ended"]) }),
  /** Closes conversations of creates that had seemed lost. */
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
  /** The same moment by the platform's clock; pushes about an earlier one are older than this. */
  platformAt: z.number().int().nullable().default(null),
  /** Id that the platform gave it, if it did. */
  channel: z.string().nullable().default(null),
  /** The account has no queue of the name that the conversation should have been created in. */
  isQueueUnknown: z.boolean().optional(),
  /** A later answer showed an assignee, and Baton could not read whether that is a bot: it looks before it routes. */
  isAssigneeUnread: z.boolean().optional(),
});
export type ConversationResult = z.infer<typeof conversationResultSchema>;

const stepResultSchema = z.discriminatedUnion("kind", [
  conversationResultSchema,
  z.object({ kind: z.literal("plain") }),
  /** The customer writes into the conversation, so their words need no note. */
  z.object({ kind: z.literal("on-channel") }),
  /** The platform lacks the tag: the next attempt creates it first. */
  z.object({ kind: z.literal("tag-missing") }),
  /** Number of times that the platform answered ERROR. The step is retried, and nothing waits for it. */
  z.object({ kind: z.literal("error-answer"), times: z.number().int(), isTagMissing: z.boolean() }),
  /** The route moved the conversation out of the named queue, and the flow leaves it there. */
  z.object({ kind: z.literal("moved"), queueId: z.string().nullable() }),
  /** The queue that the conversation got. */
  z.object({ kind: z.literal("queue"), queueId: z.string() }),
  z.object({ kind: z.literal("route"), queueId: z.string().nullable() }),
  /** Null: not known, which counts as an available agent. */
  z.object({
    kind: z.literal("agents"),
    isAnybody: z.boolean().nullable(),
    queueId: z.string().nullable(),
    /** Conversations that wait in the queue beside this one; absent: not asked, or not known. */
    waiting: z.number().int().optional(),
  }),
]);
export type StepResult = z.infer<typeof stepResultSchema>;

/**
 * `ready`: sent at `nextAt`. `sent`: the intent is durable, the answer is not. `unknown`: it may have happened, and Baton looks
 * before it repeats anything. `refused`: for good.
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
  /** Grows with every attempt and every reset: an attempt with an older one changes nothing. */
  fence: z.number().int(),
  firstSentAt: z.number().int().nullable(),
  /** Number of attempts by the schedule, and the start of that: it starts again when the handoff is resumed. */
  tries: z.number().int(),
  triesSince: z.number().int().nullable(),
  /** Latest time at which its last request may have had an effect. A look at the platform has none. */
  sentAt: z.number().int().nullable(),
  /** Time of the next attempt; of a sent step the time at which it was sent. */
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
  /** Reason for a refused or unknown outcome, in a word. */
  code: z.string().nullable(),
});
export type Attempt = z.infer<typeof attemptSchema>;

export interface Ledger {
  handoff: Handoff;
  /** Sorted by position. */
  steps: Step[];
}
