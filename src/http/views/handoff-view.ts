/** A handoff for bots and operators. */
import { z } from "zod";
import { prioritySchema } from "../../events/event.ts";
import type { FullLedger } from "../../handoff/api.ts";
import { controlOf } from "../../handoff/save/control.ts";
import { type CallbackAttempt, callbackSchema } from "../../model/callback.ts";
import {
  type Attempt,
  attemptSchema,
  type Handoff,
  handoffRowSchema,
  handoffStateSchema,
  returnedBecauseSchema,
  stepSchema,
} from "../../model/handoff.ts";
import { controlSchema } from "../../model/session.ts";

export const timeSchema = z.iso.datetime();
export const showTime = (ms: number): string => new Date(ms).toISOString();
export const showTimeOrNull = (ms: number | null): string | null => (ms === null ? null : showTime(ms));

/** A handoff without its ledger, for lists. */
export const handoffViewSchema = z.object({
  id: z.string(),
  bot: z.string(),
  session: z.string().describe("The bot's name for the chat."),
  flow: z.string(),
  account: z.string(),
  state: handoffStateSchema,
  rule: z.string(),
  reason: z.string().describe("The reason of the rule that matched."),
  control: controlSchema,
  conversationId: z.string().nullable(),
  agentId: z.string().nullable(),
  replaces: z.array(z.string()).describe("Conversations that closed or vanished, and whose place this one took."),
  continues: z.string().nullable().describe("The conversation of the session's previous round."),
  returnedBecause: returnedBecauseSchema.nullable(),
  deferredUntil: timeSchema.nullable(),
  lateSince: timeSchema.nullable().describe("Since then the handoff should have reached an agent."),
  tags: z.array(z.string()),
  priority: prioritySchema,
  queue: z.string().nullable(),
  leftOut: handoffRowSchema.shape.decision.shape.leftOut.describe(
    "What the bot asked for and the platform or the flow does not have.",
  ),
  message: z.string().nullable().describe("The flow's text for the customer."),
  parkedBecause: z.string().nullable(),
  parkedFor: handoffRowSchema.shape.parkedFor,
  nextAttemptAt: timeSchema.nullable(),
  createdAt: timeSchema,
  routedAt: timeSchema.nullable(),
});
type HandoffView = z.infer<typeof handoffViewSchema>;

export const showHandoff = (handoff: Handoff): HandoffView => ({
  id: handoff.id,
  bot: handoff.bot,
  session: handoff.session,
  flow: handoff.flow,
  account: handoff.account,
  state: handoff.state,
  rule: handoff.rule,
  reason: handoff.reason,
  control: controlOf(handoff),
  conversationId: handoff.conversationId,
  agentId: handoff.agentId,
  replaces: handoff.replaces,
  continues: handoff.continues,
  returnedBecause: handoff.returnedBecause,
  deferredUntil: showTimeOrNull(handoff.deferredUntil),
  lateSince: showTimeOrNull(handoff.alertedAt),
  tags: handoff.decision.tags,
  priority: handoff.decision.priority,
  queue: handoff.decision.queue,
  leftOut: handoff.decision.leftOut,
  message: handoff.message,
  parkedBecause: handoff.parkedBecause,
  parkedFor: handoff.parkedFor,
  nextAttemptAt: showTimeOrNull(handoff.dueAt),
  createdAt: showTime(handoff.createdAt),
  routedAt: showTimeOrNull(handoff.routedAt),
});

/** A page of handoffs. */
export const handoffListViewSchema = z.object({
  handoffs: z.array(handoffViewSchema),
  next: z.string().nullable().describe("Where the next page begins, as `before`; null: this is the last."),
});

/** How the retry of many handoffs went. */
export const retriedViewSchema = z.object({
  retried: z.number().int().describe("How many go on."),
  failed: z
    .array(
      z.object({
        id: z.string(),
        state: handoffStateSchema.nullable().describe("Its state now; null: it could not be asked, or is gone."),
        detail: z.string(),
      }),
    )
    .describe("Those that do not."),
  more: z.boolean().describe("True: the filter matches more than `limit`. Ask again."),
});
/** The number of objects that rebuilt their part of the lists. */
export const rebuiltViewSchema = z.object({ told: z.number().int() });

export const attemptViewSchema = z.object({
  at: timeSchema,
  ms: z.number().nullable().describe("Null while the attempt is on its way."),
  outcome: attemptSchema.shape.outcome.describe("`unknown`: it may have had its effect."),
  status: z.number().int().nullable(),
  requestId: z.string().nullable().describe("The platform's."),
  reason: z.string().nullable(),
});
type AttemptView = z.infer<typeof attemptViewSchema>;

const showAttempt = (attempt: Attempt | CallbackAttempt): AttemptView => ({
  at: showTime(attempt.sentAt),
  ms: attempt.endedAt === null ? null : attempt.endedAt - attempt.sentAt,
  outcome: attempt.outcome,
  status: attempt.status,
  requestId: "requestId" in attempt ? attempt.requestId : null,
  reason: attempt.code,
});

const stepViewSchema = z.object({
  name: z.string().describe("`conversation`, `tag:<name>`, `note`, `metadata`, `queue`, `route`, …"),
  state: stepSchema.shape.state,
  attempts: z.array(attemptViewSchema),
});

const callbackStepViewSchema = z.object({
  name: z.templateLiteral(["callback:", callbackSchema.shape.type]),
  state: callbackSchema.shape.state,
  callback: z.string().describe("The callback's id."),
  setAsideBecause: z.string().nullable(),
  nextAttemptAt: timeSchema.nullable(),
  attempts: z.array(attemptViewSchema),
});

/** A handoff with every step, its callbacks, and every attempt. */
export const ledgerViewSchema = handoffViewSchema.extend({
  steps: z.array(z.union([callbackStepViewSchema, stepViewSchema])),
});
export type LedgerView = z.infer<typeof ledgerViewSchema>;

export const showLedger = ({ handoff, steps, attempts, callbacks }: FullLedger): LedgerView => ({
  ...showHandoff(handoff),
  steps: [
    ...steps.map((step) => ({
      name: step.name,
      state: step.state,
      attempts: attempts.filter(({ position }) => position === step.position).map(showAttempt),
    })),
    ...callbacks.map(({ callback, attempts: tries }) => ({
      name: `callback:${callback.type}` as const,
      state: callback.state,
      callback: callback.id,
      setAsideBecause: callback.setAsideBecause,
      nextAttemptAt: showTimeOrNull(callback.state === "ready" ? callback.nextAt : null),
      attempts: tries.map(showAttempt),
    })),
  ],
});
