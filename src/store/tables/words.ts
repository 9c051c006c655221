/** What was said in a chat, as its events have it. */
import { z } from "zod";
import { type Event, eventSchema } from "../../events/event.ts";
import type { Database } from "../store.ts";

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
const OF_ROUND = `FROM events WHERE session_id = ? AND epoch = ? AND type IN ${TYPES}`;
const NEWEST = `SELECT ${COLUMNS} ${OF_ROUND} ORDER BY occurred_at DESC, seq DESC LIMIT ?`;
const AFTER = `SELECT ${COLUMNS} ${OF_ROUND} AND seq > ? ORDER BY seq LIMIT ?`;
const UNTIL = `SELECT ${COLUMNS} ${OF_ROUND} AND seq <= ? ORDER BY seq DESC LIMIT ?`;
const COUNT = `SELECT count(*) AS total, coalesce(max(seq), 0) AS last ${OF_ROUND}`;
const FOLLOWERS = `SELECT id AS sessionId, follows_epoch AS epoch, (SELECT seq FROM events AS e
    WHERE e.session_id = s.id AND e.epoch = s.follows_epoch AND e.handoff_id = s.follows ORDER BY seq LIMIT 1) AS cameAt
  FROM sessions AS s WHERE follows = ?`;
const countSchema = z.object({ total: z.number().int(), last: z.number().int() });

/** One round of a session. */
const roundSchema = z.object({ sessionId: z.number().int(), epoch: z.number().int() });
/** The round of a session that came to another's handoff by an event, or without one: null. */
const followerSchema = roundSchema.extend({ cameAt: z.number().int().nullable() });
/** What is said in a handoff: in the round it is of, and in those of other sessions that came to it. */
interface Place extends z.infer<typeof roundSchema> {
  id: string;
}

/** None of a row that an earlier version wrote and this one cannot read: a customer waits for the rest. */
function read(row: unknown): WordsOf[] {
  const { body, ...rest } = rowSchema.parse(row);
  const event = eventSchema.safeParse(JSON.parse(body));
  return event.success ? [{ ...rest, event: event.data }] : [];
}
const inOrder = (a: WordsOf, b: WordsOf): number => a.occurredAt - b.occurredAt || a.seq - b.seq;

export function createWordQueries(db: Database) {
  const followersOf = ({ id }: Place) => db.all(FOLLOWERS, id).map((row) => followerSchema.parse(row));
  const roundsOf = ({ id, sessionId, epoch }: Place): z.infer<typeof followerSchema>[] => [
    { sessionId, epoch, cameAt: null },
    ...followersOf({ id, sessionId, epoch }),
  ];

  return {
    /** The newest, oldest first, with how many there are, and the last in the record's order. */
    newestWords(place: Place, limit: number): { words: WordsOf[]; total: number; last: number } {
      const rounds = roundsOf(place);
      const rows = rounds.flatMap(({ sessionId, epoch }) => db.all(NEWEST, sessionId, epoch, limit));
      const words = rows.flatMap(read).sort(inOrder).slice(-limit);
      const cameAt = Math.max(0, ...rounds.map((round) => round.cameAt ?? 0));
      if (rows.length < limit)
        return { words, total: rows.length, last: Math.max(cameAt, ...words.map((it) => it.seq)) };
      const counts = rounds.map(({ sessionId, epoch }) => countSchema.parse(db.first(COUNT, sessionId, epoch)));
      const total = counts.reduce((sum, count) => sum + count.total, 0);
      return { words, total, last: Math.max(cameAt, ...counts.map(({ last }) => last)) };
    },

    /** The last words until `seq` of sessions that came to the handoff after it, at the latest by `until`, oldest first. */
    wordsOfNewcomers: (place: Place, seq: number, until: number, limit: number): WordsOf[] =>
      followersOf(place)
        .filter(({ cameAt }) => cameAt !== null && cameAt > seq && cameAt <= until)
        .flatMap(({ sessionId, epoch }) => db.all(UNTIL, sessionId, epoch, seq, limit).flatMap(read))
        .sort(inOrder)
        .slice(-limit),

    /** The first that came after `seq`, in the record's order. */
    wordsAfter: (place: Place, seq: number, limit: number): WordsOf[] =>
      roundsOf(place)
        .flatMap(({ sessionId, epoch }) => db.all(AFTER, sessionId, epoch, seq, limit).flatMap(read))
        .sort((a, b) => a.seq - b.seq)
        .slice(0, limit),

    /** The last that came until `seq`, oldest first. */
    wordsUntil: (place: Place, seq: number, limit: number): WordsOf[] =>
      roundsOf(place)
        .flatMap(({ sessionId, epoch }) => db.all(UNTIL, sessionId, epoch, seq, limit).flatMap(read))
        .sort((a, b) => a.seq - b.seq)
        .slice(-limit)
        .sort(inOrder),
  };
}
