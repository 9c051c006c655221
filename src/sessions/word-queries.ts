/** What was said in a chat, as its events have it. */
import { z } from "zod";
import { type Event, eventSchema } from "../events/event.ts";
import type { Database } from "./record.ts";

const rowSchema = z.object({
  seq: z.number().int(),
  source: z.string(),
  handoffId: z.string().nullable(),
  body: z.string(),
  occurredAt: z.number().int(),
});
/** An event of which the agent is to be told. */
export interface WordsOf {
  seq: number;
  source: string;
  /** The handoff that it opened, or came to. */
  handoffId: string | null;
  event: Event;
  occurredAt: number;
}

const COLUMNS = "seq, source, handoff_id AS handoffId, body, occurred_at AS occurredAt";
const TYPES = "('customer.message', 'bot.message', 'bot.fallback', 'handoff.requested', 'session.ended')";
// Put together once: a statement is found by its text.
const NEWEST = `SELECT ${COLUMNS} FROM events WHERE session_id = ? AND seq > ? AND type IN ${TYPES}
  ORDER BY occurred_at DESC, seq DESC LIMIT ?`;
const AFTER = `SELECT ${COLUMNS} FROM events WHERE session_id = ? AND seq > ? AND seq <= ? AND type IN ${TYPES}
  ORDER BY seq LIMIT ?`;
const UNTIL = `SELECT ${COLUMNS} FROM events WHERE session_id = ? AND seq > ? AND seq <= ? AND type IN ${TYPES}
  ORDER BY seq DESC LIMIT ?`;
const COUNT = `SELECT count(*) AS total, coalesce(max(seq), 0) AS last FROM events
  WHERE session_id = ? AND seq > ? AND type IN ${TYPES}`;

/** None of a row that an earlier version wrote and this one cannot read: a customer waits for the rest. */
function read(row: unknown): WordsOf[] {
  const { body, ...rest } = rowSchema.parse(row);
  const event = eventSchema.safeParse(JSON.parse(body));
  return event.success ? [{ ...rest, event: event.data }] : [];
}
const inOrder = (a: WordsOf, b: WordsOf): number => a.occurredAt - b.occurredAt || a.seq - b.seq;

export function createWordQueries(db: Database) {
  return {
    /** The newest after `seq`, oldest first, with how many there are, and the last in the record's order. */
    newestWords(sessionId: number, seq: number, limit: number): { words: WordsOf[]; total: number; last: number } {
      const rows = db.all(NEWEST, sessionId, seq, limit);
      const words = rows.flatMap(read).sort(inOrder);
      const last = Math.max(seq, ...words.map((it) => it.seq));
      if (rows.length < limit) return { words, total: rows.length, last };
      const counted = z.object({ total: z.number(), last: z.number() }).parse(db.first(COUNT, sessionId, seq));
      return { words, ...counted };
    },

    /** The first that came after `seq` and not after `end`, in the record's order. */
    wordsAfter: (sessionId: number, seq: number, end: number | null, limit: number): WordsOf[] =>
      db.all(AFTER, sessionId, seq, end ?? Number.MAX_SAFE_INTEGER, limit).flatMap(read),

    /** The last that came after `since` and not after `seq`, oldest first. */
    wordsUntil: (sessionId: number, since: number, seq: number, limit: number): WordsOf[] =>
      db.all(UNTIL, sessionId, since, seq, limit).flatMap(read).sort(inOrder),

    /** The last event of a session, in the record's order. */
    lastSeq: (sessionId: number): number =>
      z
        .object({ last: z.number() })
        .parse(db.first("SELECT coalesce(max(seq), 0) AS last FROM events WHERE session_id = ?", sessionId)).last,
  };
}
