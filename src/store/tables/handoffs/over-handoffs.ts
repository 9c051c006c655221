/** Forgets handoffs that are over, with their ledgers, in their time, whether their session goes on or not. */
import { z } from "zod";
import type { Database } from "../../database.ts";

const idRow = z.object({ id: z.string() });
const atRow = z.object({ at: z.number().int().nullable() });

const OVER = "session_id = ? AND state IN ('returned', 'cancelled')";
/** Nothing of it is on its way or left to do, and its bot got its callbacks. */
const OLDEST = `SELECT id FROM handoffs AS h WHERE ${OVER} AND updated_at < ? AND due_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM steps AS s WHERE s.handoff_id = h.id AND s.state = 'sent')
  AND NOT EXISTS (SELECT 1 FROM callbacks AS c
    WHERE c.handoff_id = h.id AND c.state IN ('ready', 'sent') AND c.created_at > ?) ORDER BY id LIMIT 1`;
const NEXT = `SELECT min(CASE WHEN updated_at < ? THEN ? ELSE updated_at END) AS at FROM handoffs WHERE ${OVER}`;
/** A clock that was ahead dated these. */
const DATED_AHEAD = `UPDATE handoffs SET updated_at = ? WHERE ${OVER} AND updated_at > ?`;
/** Each takes the handoff's id; the last removes the handoff itself. */
const OF_HANDOFF = [
  "DELETE FROM callback_attempts WHERE callback_id IN (SELECT id FROM callbacks WHERE handoff_id = ?)",
  "DELETE FROM callbacks WHERE handoff_id = ?",
  "DELETE FROM idempotency WHERE handoff_id = ?",
  "DELETE FROM attempts WHERE handoff_id = ?",
  "DELETE FROM steps WHERE handoff_id = ?",
  "UPDATE sessions SET follows = NULL WHERE follows = ?",
  "DELETE FROM handoffs WHERE id = ?",
];

/** Returns the number of changed rows. */
export const removeHandoff = (db: Database, id: string): number =>
  OF_HANDOFF.reduce((sum, sql) => sum + db.run(sql, id), 0);

export interface OldHandoffs {
  /** Handoffs that were over before this time. */
  before: number;
  /** Callbacks created since then that are not over keep their handoff. */
  untoldSince: number;
  now: number;
  /** A correct clock gives no later time. */
  latest: number;
  /** Most rows to change. */
  limit: number;
}

/** Removes a session's handoffs that nothing needs any more, the oldest first. Returns the number of changed rows. */
export function removeOldHandoffs(
  db: Database,
  sessionId: number,
  { before, untoldSince, now, latest, limit }: OldHandoffs,
): number {
  let rows = db.run(DATED_AHEAD, now, sessionId, latest);
  while (rows < limit) {
    const row = db.first(OLDEST, sessionId, before, untoldSince);
    if (row === undefined) break;
    rows += removeHandoff(db, idRow.parse(row).id);
  }
  return rows;
}

/**
 * Time since which the oldest of a session's handoffs is over; one that is still needed counts as `again`. Null: none is over.
 */
export const oldestOver = (db: Database, sessionId: number, before: number, again: number): number | null =>
  atRow.parse(db.first(NEXT, before, again, sessionId)).at;
