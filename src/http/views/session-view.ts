/** A session for bots and operators. */
import { z } from "zod";
import { eventTypes } from "../../events/event.ts";
import { factsSchema } from "../../events/facts.ts";
import type { FullLedger, SessionErased, SessionExport, SessionView } from "../../handoff/api.ts";
import { callbackDataSchema, callbackSchema } from "../../model/callback.ts";
import { knownConversationSchema } from "../../model/conversation-state.ts";
import { handoffStateSchema } from "../../model/handoff.ts";
import { controlSchema } from "../../model/session.ts";
import { ledgerViewSchema, showLedger, showTime, showTimeOrNull, timeSchema } from "./handoff-view.ts";

/** Control of a session. */
export const sessionViewSchema = z.object({
  bot: z.string(),
  session: z.string(),
  control: controlSchema.describe("Who talks to the customer now. The bot stays silent while it is not `bot`."),
  conversationId: z.string().nullable(),
  handoff: z
    .object({ id: z.string(), state: handoffStateSchema, reason: z.string() })
    .nullable()
    .describe("The last one."),
});

export const showSession = ({ session, lastHandoff: last }: SessionView): z.infer<typeof sessionViewSchema> => ({
  bot: session.bot,
  session: session.session,
  control: session.control,
  conversationId: session.conversationId,
  handoff: last === null ? null : { id: last.id, state: last.state, reason: last.reason },
});

const sentViewSchema = z.object({
  topic: z.string().nullable(),
  summary: z.string().nullable(),
  notes: z.array(z.string()),
  metadata: z.record(z.string(), z.string()).nullable(),
  texts: z.array(z.string()),
});

/** Lists the effects of a handoff on the platform, in the order of its steps. */
function showSent({ steps }: FullLedger): z.infer<typeof sentViewSchema> {
  const all = steps.map((step) => step.arguments);
  const conversation = all.find((it) => it.kind === "conversation");
  return {
    topic: conversation?.topic ?? null,
    summary: conversation?.summary ?? null,
    notes: all.flatMap((it) => (it.kind === "words" ? it.pages : it.kind === "note" && it.content ? [it.content] : [])),
    metadata: all.find((it) => it.kind === "metadata")?.data ?? null,
    texts: all.flatMap((it) => (it.kind === "text" ? [it.text] : [])),
  };
}

const known = knownConversationSchema.shape;

/** Everything recorded of a session. */
export const exportViewSchema = z.object({
  session: z.object({
    bot: z.string(),
    session: z.string(),
    control: controlSchema,
    agentId: z.string().nullable(),
    epoch: z.number().int().describe("Counts the rounds of the session."),
    conversationId: z.string().nullable(),
    follows: z.string().nullable().describe("The handoff of another session in the same conversation."),
    previousConversationId: z.string().nullable(),
    facts: factsSchema,
    notice: z.string().nullable().describe("A text for the customer that the next answer carries."),
    returnedAt: timeSchema.nullable(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  }),
  events: z.array(
    z.object({
      source: z.string(),
      id: z.string(),
      type: z.string().describe(`${eventTypes.join(", ")}, or a type of the platform's pushes.`),
      at: timeSchema,
      receivedAt: timeSchema,
      body: z.unknown(),
      outcome: z.enum(["accepted", "ignored"]),
      rule: z.string().nullable(),
      why: z.unknown(),
      handoffId: z.string().nullable(),
      message: z.string().nullable(),
      leftOut: z.unknown(),
    }),
  ),
  next: z
    .number()
    .int()
    .nullable()
    .describe("Where the next page of events begins, as `after`; null: this is the last."),
  handoffs: z.array(
    ledgerViewSchema.extend({
      sent: sentViewSchema,
      callbacks: z.array(
        z.object({
          type: callbackSchema.shape.type,
          state: callbackSchema.shape.state,
          at: timeSchema,
          data: callbackDataSchema.nullable(),
        }),
      ),
    }),
  ),
  conversations: z.array(
    z.object({
      id: z.string(),
      account: z.string(),
      status: known.status,
      assignee: known.assignee,
      agentId: z.string().nullable(),
      agentName: z.string().nullable(),
      queueId: z.string().nullable(),
      heardAt: timeSchema,
    }),
  ),
});

const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

export const showExport = ({
  session,
  events,
  next,
  handoffs,
  conversations,
}: SessionExport): z.infer<typeof exportViewSchema> => ({
  session: {
    bot: session.bot,
    session: session.session,
    control: session.control,
    agentId: session.control === "agent" ? session.agentId : null,
    epoch: session.epoch,
    conversationId: session.conversationId,
    follows: session.follows,
    previousConversationId: session.previousConversationId,
    facts: session.facts,
    notice: session.notice,
    returnedAt: showTimeOrNull(session.returnedAt),
    createdAt: showTime(session.createdAt),
    updatedAt: showTime(session.updatedAt),
  },
  events: events.map((event) => ({
    source: event.source,
    id: event.eventId,
    type: event.type,
    at: showTime(event.occurredAt),
    receivedAt: showTime(event.receivedAt),
    body: parsed(event.body),
    outcome: event.outcome,
    rule: event.rule,
    why: parsed(event.why),
    handoffId: event.handoffId,
    message: event.message,
    leftOut: parsed(event.leftOut),
  })),
  next,
  handoffs: handoffs.map((ledger) => ({
    ...showLedger(ledger),
    sent: showSent(ledger),
    callbacks: ledger.callbacks.map(({ callback }) => ({
      type: callback.type,
      state: callback.state,
      at: showTime(callback.createdAt),
      data: callback.data,
    })),
  })),
  conversations: conversations.map(({ id, account, status, assignee, agentId, agentName, queueId, heardAt }) => ({
    ...{ id, account, status, assignee, agentId, agentName, queueId },
    heardAt: showTime(heardAt),
  })),
});

const count = z.number().int();

/** The erased data, and the data that Baton cannot erase. */
export const erasedViewSchema = z.object({
  erased: z.object({ events: count, handoffs: count, callbacks: count }),
  atPlatform: z.object({ conversations: z.array(z.string()), detail: z.string() }),
});

export const showErased = ({
  conversations,
  ...erased
}: Extract<SessionErased, { ok: true }>["value"]): z.infer<typeof erasedViewSchema> => ({
  erased,
  atPlatform: {
    conversations,
    detail:
      conversations.length === 0
        ? "No conversation of it was known."
        : "These conversations stay at the platform, with their notes and messages: delete them there.",
  },
});
