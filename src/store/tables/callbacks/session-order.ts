/** Keeps the order of a session's callbacks (`callback-order.ts`): one that has to wait for others has no due time. */
import { z } from "zod";
import { controlCallbacks } from "../../../events/callback-types.ts";
import { callbackSchema } from "../../../model/callback.ts";
import { type OpenCallback, releaseTimes } from "../../../model/callback-order.ts";
import type { Database } from "../../database.ts";

const openRow = callbackSchema
  .pick({ id: true, type: true, tries: true, triesSince: true, nextAt: true })
  .extend({ state: z.enum(["ready", "sent"]) });

const CONTROL = controlCallbacks.map((type) => `'${type}'`).join(", ");
const OPEN_OF_SESSION = "session_id = ? AND state IN ('ready', 'sent')";
/** Only the first callback that carries words counts: the others wait for it. */
const OPEN = `SELECT id, type, state, tries, tries_since AS triesSince, next_at AS nextAt FROM callbacks
  WHERE ${OPEN_OF_SESSION} AND (type IN (${CONTROL}) OR seq =
    (SELECT min(seq) FROM callbacks WHERE ${OPEN_OF_SESSION} AND type NOT IN (${CONTROL}))) ORDER BY seq`;
/** A callback on its way is set aside when it comes back, unless the bot took it. */
const OVERTAKE = `UPDATE callbacks SET set_aside_because = 'overtaken',
    state = CASE state WHEN 'ready' THEN 'refused' ELSE state END,
    next_at = CASE state WHEN 'ready' THEN NULL ELSE next_at END
  WHERE ${OPEN_OF_SESSION} AND seq < ? AND type IN (${CONTROL})`;
const HOLD_BACK_WORDS = `UPDATE callbacks SET next_at = NULL
  WHERE ${OPEN_OF_SESSION} AND seq > ? AND state = 'ready' AND type NOT IN (${CONTROL})`;

export function createSessionOrder(db: Database) {
  return {
    /** True if the session has callbacks that are not over. */
    hasOpen: (sessionId: number): boolean =>
      db.all(`SELECT 1 FROM callbacks WHERE ${OPEN_OF_SESSION} LIMIT 1`, sessionId).length > 0,

    isControlOnItsWay: (sessionId: number): boolean =>
      db.all(
        `SELECT 1 FROM callbacks WHERE ${OPEN_OF_SESSION} AND state = 'sent' AND type IN (${CONTROL}) LIMIT 1`,
        sessionId,
      ).length > 0,

    /** Gives callbacks of a session that need not wait any longer a due time. */
    release(sessionId: number, now: number): void {
      const open: OpenCallback[] = db.all(OPEN, sessionId, sessionId).map((row) => openRow.parse(row));
      for (const { id, at } of releaseTimes(open, now)) db.run("UPDATE callbacks SET next_at = ? WHERE id = ?", at, id);
    },

    /** Sets older callbacks aside that tell who has the customer: a newer one was taken. Returns their number. */
    overtake: (sessionId: number, seq: number): number => db.run(OVERTAKE, sessionId, seq),

    /** Makes later words wait for those of this callback. */
    holdBackWords: (sessionId: number, seq: number): void => void db.run(HOLD_BACK_WORDS, sessionId, seq),
  };
}
export type SessionOrder = ReturnType<typeof createSessionOrder>;
