/** Converts handoffs and steps to rows, and back. */

import { type Handoff, handoffRowSchema, type Step, stepSchema } from "../../../model/handoff.ts";
import { lateAt } from "../../../model/lateness.ts";

/** Parses the columns that hold JSON in place: a schema in front of the schema would cost as much again. */
const parsed = (row: unknown, ...columns: string[]): Record<string, unknown> => {
  const read: Record<string, unknown> = { ...(row as object) };
  for (const column of columns) read[column] = typeof read[column] === "string" ? JSON.parse(read[column]) : null;
  return read;
};
export const toHandoff = (row: unknown): Handoff => handoffRowSchema.parse(parsed(row, "decision", "replaces"));
export const toStep = (row: unknown): Step => stepSchema.parse(parsed(row, "arguments", "result"));

export const HANDOFF = `id, session_id AS sessionId, bot, session, flow, account, epoch, token, state, rule, reason, message, decision,
  routed_by AS routedBy, keep_queue AS keepQueue, conversation_id AS conversationId, agent_id AS agentId, replaces,
  continues, deferred_until AS deferredUntil, waited, alerted_at AS alertedAt, waiting_since AS waitingSince, ended_at AS endedAt,
  CASE WHEN ended_at IS NULL THEN returned_because ELSE 'ended' END AS returnedBecause, left_at AS leftAt,
  replacements, parked_because AS parkedBecause, parked_for AS parkedFor, due_at AS dueAt, created_at AS createdAt, updated_at AS updatedAt, routed_at AS routedAt,
  told_until AS toldUntil, words_at AS wordsAt, on_channel AS onChannel, failures`;
export const STEP = `position, name, arguments, state, sends, fence, first_sent_at AS firstSentAt, tries,
  tries_since AS triesSince, sent_at AS sentAt, next_at AS nextAt, result`;
export const ATTEMPT =
  "position, fence, sent_at AS sentAt, ended_at AS endedAt, outcome, status, request_id AS requestId, code";
export const flagOf = (flag: boolean | null): number | null => (flag === null ? null : flag ? 1 : 0);

/** Columns of a handoff that may change after it was opened. */
export const columnsOf = (h: Handoff): [column: string, value: string | number | null][] => [
  ["state", h.state],
  ["message", h.message],
  ["conversation_id", h.conversationId],
  ["agent_id", h.agentId],
  ["deferred_until", h.deferredUntil],
  ["waited", h.waited],
  ["alerted_at", h.alertedAt],
  // The column accepts only the reasons of earlier releases.
  ["returned_because", h.returnedBecause === "ended" ? null : h.returnedBecause],
  ["ended_at", h.returnedBecause === "ended" ? h.endedAt : null],
  ["waiting_since", h.state === "routed" ? h.waitingSince : null],
  ["late_at", lateAt(h)],
  ["left_at", h.leftAt],
  ["replaces", JSON.stringify(h.replaces)],
  ["replacements", h.replacements],
  ["parked_because", h.parkedBecause],
  ["parked_for", h.parkedFor],
  ["due_at", h.dueAt],
  ["updated_at", h.updatedAt],
  ["routed_at", h.routedAt],
  ["told_until", h.toldUntil],
  ["words_at", h.wordsAt],
  ["on_channel", flagOf(h.onChannel)],
  ["failures", h.failures],
];

/** A handoff as its row returns it: some columns hold nothing in some states. */
export const asStored = (handoff: Handoff): Handoff => {
  const isEnded = handoff.returnedBecause === "ended" && handoff.endedAt !== null;
  const endedAt = isEnded ? handoff.endedAt : null;
  const returnedBecause = handoff.returnedBecause === "ended" && !isEnded ? null : handoff.returnedBecause;
  const waitingSince = handoff.state === "routed" ? handoff.waitingSince : null;
  const isSame =
    endedAt === handoff.endedAt && returnedBecause === handoff.returnedBecause && waitingSince === handoff.waitingSince;
  return isSame ? handoff : { ...handoff, endedAt, returnedBecause, waitingSince };
};
