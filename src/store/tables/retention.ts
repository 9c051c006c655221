/**
 * Forgets quiet sessions with all that belongs to them. Of sessions that go on it forgets handoffs that have been over for as
 * long, and words as old. Each call changes a bounded number of rows.
 */
import { z } from "zod";
import type { Database } from "../database.ts";
import { BUSY, clearPushesOf, forgetConversation, TOMBSTONE } from "./erasure.ts";
import { oldestOver, removeHandoff, removeOldHandoffs } from "./handoffs/over-handoffs.ts";

const quietRow = z.object({
  id: z.number().int(),
  bot: z.string(),
  updatedAt: z.number().int(),
  conversationId: z.string().nullable(),
  previousConversationId: z.string().nullable(),
});
type Quiet = z.infer<typeof quietRow>;
const handoffRow = z.object({
  id: z.string(),
  account: z.string(),
  conversationId: z.string().nullable(),
  continues: z.string().nullable(),
  replaces: z.string().transform((text): string[] => JSON.parse(text)),
});
const atRow = z.object({ at: z.number().int().nullable() });

// Built once: the engine finds a statement by its text.
const QUIETEST = `SELECT id, bot, updated_at AS updatedAt, conversation_id AS conversationId,
    previous_conversation_id AS previousConversationId
  FROM sessions WHERE quiet_since < ? ORDER BY quiet_since LIMIT 1`;
const LAST_CHANGE = "SELECT max(updated_at) AS at FROM handoffs WHERE session_id = ? AND updated_at <= ?";
const OLDEST_HANDOFF = `SELECT id, account, conversation_id AS conversationId, continues, replaces
  FROM handoffs WHERE session_id = ? ORDER BY id LIMIT 1`;
const OPEN = "h.state NOT IN ('returned', 'cancelled')";
/** Another session's open handoff that it came to: the agent may still need what was said here. */
const NEEDED_BY_OTHERS = [
  `SELECT 1 FROM sessions AS s, handoffs AS h WHERE s.id = ? AND h.id = s.follows AND ${OPEN}`,
  `SELECT 1 FROM events AS e, handoffs AS h WHERE e.session_id = ? AND h.id = e.handoff_id AND ${OPEN} LIMIT 1`,
];
const UNTOLD = "SELECT 1 FROM callbacks WHERE session_id = ? AND state IN ('ready', 'sent') AND created_at > ? LIMIT 1";
const EVENTS = `UPDATE events SET ${TOMBSTONE} WHERE seq IN (SELECT seq FROM events WHERE session_id = ? LIMIT ?)`;
/** All events up to the last one that is old enough: one that a clock dated ahead is as old as those after it. */
const OLD_EVENTS = `UPDATE events SET ${TOMBSTONE} WHERE seq IN (SELECT seq FROM events WHERE session_id = ? AND seq <=
  (SELECT seq FROM events WHERE session_id = ? AND received_at < ? ORDER BY seq DESC LIMIT 1) ORDER BY seq LIMIT ?)`;
const OLDEST_EVENT = "SELECT received_at AS at FROM events WHERE session_id = ? ORDER BY seq LIMIT 1";
/** Each takes the session's id; the last removes the session itself. */
const OF_SESSION = [
  "DELETE FROM callback_attempts WHERE callback_id IN (SELECT id FROM callbacks WHERE session_id = ?)",
  "DELETE FROM callbacks WHERE session_id = ?",
  "DELETE FROM sessions WHERE id = ?",
];
/** Rows dated by a clock that was ahead count as of now. Each takes now, the latest credible time, and a limit. */
const DATED_AHEAD = [
  `UPDATE sessions SET (quiet_since, updated_at) = (SELECT at, min(at, updated_at) FROM (SELECT ? AS at)) WHERE id IN
     (SELECT id FROM sessions WHERE quiet_since > ? ORDER BY quiet_since LIMIT ?)`,
  `UPDATE conversations SET heard_at = ? WHERE (account, id) IN
     (SELECT account, id FROM conversations WHERE heard_at > ? ORDER BY heard_at LIMIT ?)`,
  `UPDATE callbacks SET created_at = ? WHERE seq IN
     (SELECT seq FROM callbacks WHERE state IN ('done', 'refused') AND created_at > ? ORDER BY created_at LIMIT ?)`,
];
/** The last event alone: the time of later events tells how old the others are. */
const LAST_AHEAD = "UPDATE events SET received_at = ? WHERE seq = (SELECT max(seq) FROM events) AND received_at > ?";
const DAY_MS = 24 * 3_600_000;
/** A correct clock is ahead by no more than this. */
export const AHEAD_AT_MOST_MS = DAY_MS;
/** A session that is still needed comes up again after this time. */
const LOOK_AGAIN_MS = DAY_MS;

export interface Forgetting {
  /** Forgets sessions whose last change is older, and handoffs that were over before. */
  before: number;
  /** True: the owner of the record forgets sessions as a whole. */
  keepsSessions?: boolean;
  /** Callbacks created since then that are not over keep their session. */
  untoldSince: number;
  now: number;
  /** A bot's account; null: no flow has the bot. */
  accountOf: (bot: string) => string | null;
  /** Most rows to change. */
  limit: number;
}

export interface Forgotten {
  sessions: number;
  /** Number of changed rows; `limit` or more: there may be more to do. */
  rows: number;
}

export function createRetentionTable(db: Database) {
  const is = (sql: string, ...given: (string | number)[]): boolean => db.first(sql, ...given) !== undefined;
  const lookFrom = (id: number, at: number): number =>
    db.run("UPDATE sessions SET quiet_since = ? WHERE id = ?", at, id);

  const isNeeded = (id: number, untoldSince: number): boolean =>
    is(BUSY, id) || NEEDED_BY_OTHERS.some((query) => is(query, id)) || is(UNTOLD, id, untoldSince);

  /** Time of the newest change of a session and of its handoffs. A time from a clock that was ahead becomes now. */
  function lastWordOf({ id, updatedAt }: Quiet, now: number): number {
    const latest = now + AHEAD_AT_MOST_MS;
    if (updatedAt > latest) db.run("UPDATE sessions SET updated_at = ? WHERE id = ?", now, id);
    const { at } = atRow.parse(db.first(LAST_CHANGE, id, latest));
    return Math.max(updatedAt > latest ? now : updatedAt, at ?? 0);
  }

  function forgetHandoff(row: unknown): number {
    const { id, account, conversationId, continues, replaces } = handoffRow.parse(row);
    const rows = removeHandoff(db, id);
    const conversations = [conversationId, continues, ...replaces].filter((it) => it !== null);
    return conversations.reduce((sum, it) => sum + forgetConversation(db, account, it) + clearPushesOf(db, it), rows);
  }

  /** Removes the rest of a session in parts. The session comes up first until it is gone. */
  function forgetSession(session: Quiet, account: string | null, limit: number): Forgotten {
    let rows = db.run(EVENTS, session.id, limit);
    while (rows < limit) {
      const handoff = db.first(OLDEST_HANDOFF, session.id);
      if (handoff === undefined) break;
      rows += forgetHandoff(handoff);
    }
    if (rows >= limit) return { sessions: 0, rows };
    rows += OF_SESSION.reduce((sum, sql) => sum + db.run(sql, session.id), 0);
    for (const it of [session.conversationId, session.previousConversationId]) {
      if (it !== null) rows += (account === null ? 0 : forgetConversation(db, account, it)) + clearPushesOf(db, it);
    }
    return { sessions: 1, rows };
  }

  /** Also forgets old words of a session that stays. The session comes up again when the next ones are old. */
  function forgetHandoffs({ id }: Quiet, lastWord: number, { before, untoldSince, now, limit }: Forgetting): number {
    const removed = removeOldHandoffs(db, id, { before, untoldSince, now, latest: now + AHEAD_AT_MOST_MS, limit });
    // A record that keeps events for longer than it recognises deliveries drops them whole, by their own time.
    const areWordsOlder = before > untoldSince;
    const isEmptied = areWordsOlder && removed < limit && !isNeeded(id, untoldSince);
    const rows = removed + (isEmptied ? db.run(OLD_EVENTS, id, id, before, limit - removed) : 0);
    if (rows >= limit) return rows;
    const again = Math.min(before + LOOK_AGAIN_MS, now);
    const oldest = areWordsOlder ? db.first(OLDEST_EVENT, id) : undefined;
    const next = Math.min(
      lastWord < before ? again : lastWord,
      oldestOver(db, id, before, again) ?? now,
      oldest === undefined ? now : Math.max(again, atRow.parse(oldest).at ?? now),
    );
    return rows + lookFrom(id, next);
  }

  return {
    /**
     * Forgets sessions that nothing needs, the longest quiet first. Tombstones of their events stay, so that Baton recognises a
     * repetition.
     */
    forget(forgetting: Forgetting): Forgotten {
      const { before, untoldSince, now, accountOf, limit, keepsSessions = false } = forgetting;
      const done: Forgotten = { sessions: 0, rows: 0 };
      while (done.rows < limit) {
        const row = db.first(QUIETEST, before);
        if (row === undefined) break;
        const session = quietRow.parse(row);
        const lastWord = lastWordOf(session, now);
        if (keepsSessions || lastWord >= before || isNeeded(session.id, untoldSince)) {
          done.rows += forgetHandoffs(session, lastWord, { ...forgetting, limit: limit - done.rows });
        } else {
          const gone = forgetSession(session, accountOf(session.bot), limit - done.rows);
          done.sessions += gone.sessions;
          done.rows += gone.rows;
        }
      }
      return done;
    },

    /** Corrects times from a clock that was ahead: rows would otherwise stay until then. */
    setRight(now: number, limit: number): void {
      for (const sql of DATED_AHEAD) db.run(sql, now, now + AHEAD_AT_MOST_MS, limit);
      db.run(LAST_AHEAD, now, now + AHEAD_AT_MOST_MS);
    },
  };
}
export type RetentionTable = ReturnType<typeof createRetentionTable>;
