/** Words of a chat, from its events. */
import { z } from "zod";
import { type Event, eventSchema } from "../../events/event.ts";
import type { Database } from "../database.ts";
import { createFits } from "../rows/fits.ts";
import { eventRows } from "./event-rows.ts";

/** An event whose words are for the agent. */
export interface WordsOf {
  seq: number;
  source: string;
  /** The handoff that it opened or came to. */
  handoffId: string | null;
  event: Event;
  occurredAt: number;
}

const rows = eventRows.pick(["seq", "source", "handoffId", "body", "occurredAt"]);
const COLUMNS = rows.select;
const isEvent = createFits(eventSchema);
const TYPES = "('customer.message', 'bot.message', 'bot.fallback', 'handoff.requested', 'session.ended')";
// Built once: the engine finds a statement by its text.
const OF_ROUND = `FROM events WHERE session_id = ? AND epoch = ? AND type IN ${TYPES}`;
const NEWEST = `SELECT ${COLUMNS} ${OF_ROUND} ORDER BY occurred_at DESC, seq DESC LIMIT ?`;
const AFTER = `SELECT ${COLUMNS} ${OF_ROUND} AND seq > ? ORDER BY seq LIMIT ?`;
const UNTIL = `SELECT ${COLUMNS} ${OF_ROUND} AND seq <= ? ORDER BY seq DESC LIMIT ?`;
const COUNT = `SELECT count(*) AS total, coalesce(max(seq), 0) AS last ${OF_ROUND}`;
const FOLLOWERS = `SELECT id AS sessionId, follows_epoch AS epoch, (SELECT seq FROM events AS e
    WHERE e.session_id = s.id AND e.epoch = s.follows_epoch AND e.handoff_id = s.follows ORDER BY seq LIMIT 1) AS cameAt
  FROM sessions AS s WHERE follows = ?`;
/** Each takes a session and a round. The rest of an event stays: its type, its times, and the bot's data. */
const WORDLESS = [
  [
    "source <> 'conversations'",
    "json_remove(json_replace(body, '$.text', '', '$.error', ''), '$.transcript', '$.reason', '$.summary')",
  ],
  ["source = 'conversations'", "json_remove(body, '$.text', '$.url')"],
].map(
  ([which, bare]) => `UPDATE events SET body = ${bare}
  WHERE session_id = ? AND coalesce(epoch, 0) <= ? AND ${which} AND body <> ${bare}`,
);
const countSchema = z.object({ total: z.number().int(), last: z.number().int() });

/** One round of a session. */
const roundSchema = z.object({ sessionId: z.number().int(), epoch: z.number().int() });
/** Round of a session that came to another's handoff. `cameAt` is the event by which it came; null: it came without one. */
const followerSchema = roundSchema.extend({ cameAt: z.number().int().nullable() });
/** Rounds of a handoff: its own, and those of other sessions that came to it. */
interface Place extends z.infer<typeof roundSchema> {
  id: string;
}

/** Skips a row that an earlier version wrote and this one cannot read: the customer waits for the rest. */
function read(row: unknown): WordsOf[] {
  const { body, ...rest } = rows.read(row);
  if (isEvent(body)) return [{ ...rest, event: body }];
  const read = eventSchema.safeParse(body);
  return read.success ? [{ ...rest, event: read.data }] : [];
}
const inOrder = (a: WordsOf, b: WordsOf): number => a.occurredAt - b.occurredAt || a.seq - b.seq;

export function createWordQueries(db: Database) {
  const followersOf = ({ id }: Place) => db.all(FOLLOWERS, id).map((row) => followerSchema.parse(row));
  const roundsOf = ({ id, sessionId, epoch }: Place): z.infer<typeof followerSchema>[] => [
    { sessionId, epoch, cameAt: null },
    ...followersOf({ id, sessionId, epoch }),
  ];

  return {
    /** Removes the words of a session's rounds until this one, and of the platform's pushes about it. */
    emptyWords(sessionId: number, epoch: number): void {
      for (const statement of WORDLESS) db.run(statement, sessionId, epoch);
    },

    /** The newest words, oldest first, with their number and the last `seq`. */
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

    /**
     * The last words of sessions that came to the handoff after `seq`, and not after `until`, from before they came, oldest first.
     * `last`: the event by which the last of them came; 0: nobody did.
     */
    wordsOfNewcomers(place: Place, seq: number, until: number, limit: number): { words: WordsOf[]; last: number } {
      const newcomers = followersOf(place).flatMap(({ cameAt, ...round }) =>
        cameAt !== null && cameAt > seq && cameAt <= until ? [{ ...round, cameAt }] : [],
      );
      const words = newcomers.flatMap(({ sessionId, epoch, cameAt }) =>
        db.all(UNTIL, sessionId, epoch, cameAt - 1, limit).flatMap(read),
      );
      return { words: words.sort(inOrder).slice(-limit), last: Math.max(0, ...newcomers.map(({ cameAt }) => cameAt)) };
    },

    /** The first words after `seq`, in the record's order, without those from before a session came to the handoff. */
    wordsAfter: (place: Place, seq: number, limit: number): WordsOf[] =>
      roundsOf(place)
        .flatMap(({ sessionId, epoch, cameAt }) =>
          db.all(AFTER, sessionId, epoch, Math.max(seq, (cameAt ?? 0) - 1), limit).flatMap(read),
        )
        .sort((a, b) => a.seq - b.seq)
        .slice(0, limit),

    /** The last words until `seq`, oldest first. */
    wordsUntil: (place: Place, seq: number, limit: number): WordsOf[] =>
      roundsOf(place)
        .flatMap(({ sessionId, epoch }) => db.all(UNTIL, sessionId, epoch, seq, limit).flatMap(read))
        .sort((a, b) => a.seq - b.seq)
        .slice(-limit)
        .sort(inOrder),
  };
}
