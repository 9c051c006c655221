import type { Database } from "./database.ts";

/** A time after now came from the clock before it was set back: it moves back by as much. */
const shifted = (columns: readonly string[], by: string): string =>
  columns.map((it) => `${it} = CASE WHEN ${it} > ? THEN max(?, ${it} - ${by}) ELSE ${it} END`).join(", ");

const STEP_TIMES = ["next_at", "sent_at", "first_sent_at", "tries_since"];
const HANDOFF_TIMES = ["created_at", "routed_at", "words_at", "waiting_since"];
const CALLBACK_TIMES = ["next_at", "tries_since"];
/** An alert that counts from an opening stays: opening hours follow the clock. */
const LATE = (by: string): string => `late_at = CASE
  WHEN late_at <= ? OR NOT json_valid(decision) OR json_extract(decision, '$.opensAt') IS NOT NULL THEN late_at
  ELSE max(?, late_at - ${by}) END`;
/** Handoffs with something to do: they are due, are watched for lateness, or have a step on its way. */
const UNDER_WAY = `(SELECT id FROM handoffs WHERE due_at IS NOT NULL UNION ALL SELECT id FROM handoffs WHERE late_at IS NOT NULL
  UNION ALL SELECT handoff_id FROM steps WHERE state = 'sent')`;
/** Milliseconds by which the clock was ahead when a handoff was last written. */
const AHEAD_OF_STEP = "(SELECT updated_at - ? FROM handoffs WHERE id = handoff_id)";
const AHEAD = "(updated_at - ?)";

/** Moves times back with the clock, so that nothing waits until the clock has caught up. */
export function createClockSetBack(db: Database) {
  const times = (columns: readonly string[], now: number, by: number): number[] =>
    columns.flatMap(() => [now, now, by]);

  return {
    /**
     * Runs while the process knows by how much the clock was set back. A deferred handoff checks its opening hours again, and
     * stays deferred.
     */
    clockSetBack(now: number, by: number): void {
      db.run(
        `UPDATE steps SET ${shifted(STEP_TIMES, "?")} WHERE handoff_id IN ${UNDER_WAY}`,
        ...times(STEP_TIMES, now, by),
      );
      db.run(
        `UPDATE handoffs SET ${shifted(HANDOFF_TIMES, "?")}, ${LATE("?")}, due_at = min(due_at, ?) WHERE id IN ${UNDER_WAY}`,
        ...times(HANDOFF_TIMES, now, by),
        now,
        now,
        by,
        now,
      );
      db.run(
        `UPDATE callbacks SET ${shifted(CALLBACK_TIMES, "?")} WHERE state IN ('ready', 'sent')`,
        ...times(CALLBACK_TIMES, now, by),
      );
    },

    /**
     * Runs at a start, since the clock may have been ahead when a row was written. Such a handoff is due now; a deferred one
     * checks its opening hours again.
     */
    clockWasAhead(now: number): void {
      db.run(
        `UPDATE steps SET ${shifted(STEP_TIMES, AHEAD_OF_STEP)} WHERE handoff_id IN
           (SELECT id FROM handoffs WHERE id IN ${UNDER_WAY} AND updated_at > ?)`,
        ...times(STEP_TIMES, now, now),
        now,
      );
      db.run(
        `UPDATE handoffs SET ${shifted(HANDOFF_TIMES, AHEAD)}, ${LATE(AHEAD)}, due_at = min(due_at, ?), updated_at = ?
         WHERE id IN ${UNDER_WAY} AND updated_at > ?`,
        ...times(HANDOFF_TIMES, now, now),
        now,
        now,
        now,
        now,
        now,
        now,
      );
      db.run(
        `UPDATE callbacks SET next_at = ?, tries_since = min(tries_since, ?) WHERE next_at > ? AND (created_at > ? OR EXISTS
           (SELECT 1 FROM callback_attempts WHERE callback_id = callbacks.id AND ended_at > ?))`,
        now,
        now,
        now,
        now,
        now,
      );
    },
  };
}
