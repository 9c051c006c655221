/** Shows the record of a session to a person who asks why one of its events escalated or did not. */
import { z } from "zod";
import type { SessionHistory } from "../../escalation/past/history.ts";
import { factsSchema } from "../../events/facts.ts";
import { controlSchema } from "../../model/session.ts";
import { showTime, showTimeOrNull, timeSchema } from "./handoff-view.ts";

export const historyViewSchema = z.object({
  bot: z.string(),
  session: z.string(),
  createdAt: timeSchema.describe("Earlier than the first event: earlier ones are no longer recorded."),
  events: z
    .array(
      z.object({
        seq: z.number().int(),
        id: z.string(),
        epoch: z.number().int().nullable().describe("The round of the session."),
        body: z.unknown().describe("The event after redaction."),
        receivedAt: timeSchema,
        rule: z.string().nullable().describe("The rule that matched when it came."),
        handoffId: z.string().nullable(),
      }),
    )
    .describe("What the bot reported, oldest first."),
  handoffs: z.array(
    z.object({
      id: z.string(),
      epoch: z.number().int(),
      openedAt: timeSchema,
      overAt: timeSchema.nullable(),
      isReturned: z.boolean().describe("The bot had its customer back."),
    }),
  ),
  now: z.object({
    epoch: z.number().int(),
    control: controlSchema,
    facts: factsSchema,
    returnedAt: timeSchema.nullable(),
    updatedAt: timeSchema,
  }),
});
type HistoryView = z.infer<typeof historyViewSchema>;

export const showHistory = ({ createdAt, events, handoffs, now, ...whose }: SessionHistory): HistoryView => ({
  ...whose,
  createdAt: showTime(createdAt),
  events: events.map(({ receivedAt, ...event }) => ({ ...event, receivedAt: showTime(receivedAt) })),
  handoffs: handoffs.map(({ openedAt, overAt, ...handoff }) => ({
    ...handoff,
    openedAt: showTime(openedAt),
    overAt: showTimeOrNull(overAt),
  })),
  now: { ...now, returnedAt: showTimeOrNull(now.returnedAt), updatedAt: showTime(now.updatedAt) },
});

const timeOrNull = (time: string | null): number | null => (time === null ? null : Date.parse(time));

/** Reads what `showHistory` shows. */
export const historyIn = ({ createdAt, events, handoffs, now, ...whose }: HistoryView): SessionHistory => ({
  ...whose,
  createdAt: Date.parse(createdAt),
  events: events.map(({ receivedAt, ...event }) => ({ ...event, receivedAt: Date.parse(receivedAt) })),
  handoffs: handoffs.map(({ openedAt, overAt, ...handoff }) => ({
    ...handoff,
    openedAt: Date.parse(openedAt),
    overAt: timeOrNull(overAt),
  })),
  now: { ...now, returnedAt: timeOrNull(now.returnedAt), updatedAt: Date.parse(now.updatedAt) },
});
