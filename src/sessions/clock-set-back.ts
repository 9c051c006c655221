import { z } from "zod";
import type { Database } from "./record.ts";

const atRow = z.object({ at: z.number().int().nullable() });
const LATEST = [
  "SELECT max(updated_at) AS at FROM handoffs INDEXED BY handoffs_due WHERE due_at IS NOT NULL",
  "SELECT received_at AS at FROM events ORDER BY seq DESC LIMIT 1",
];

/** The latest time at which anything of what is due was written, or an event came; null: there was none. */
export const latestTimeIn = (db: Database) => (): number | null => {
  const times = LATEST.flatMap((sql) => {
    const row = db.first(sql);
    return row === undefined ? [] : (atRow.parse(row).at ?? []);
  });
  return times.length === 0 ? null : Math.max(...times);
};

/** A time later than now came from the clock as it was before: it is earlier by as much as the clock was set back. */
const shifted = (columns: readonly string[]): string =>
  columns.map((it) => `${it} = CASE WHEN ${it} > ? THEN max(?, ${it} - ?) ELSE ${it} END`).join(", ");

const STEP_TIMES = ["next_at", "sent_at", "first_sent_at", "tries_since"];
const HANDOFF_TIMES = ["routed_at", "words_at", "waiting_since"];
const CALLBACK_TIMES = ["next_at", "tries_since"];

/** Nothing waits for the clock to come back to where it was. Opening hours are the clock's own: what is deferred stays. */
export function createClockSetBack(db: Database) {
  return (now: number, by: number): void => {
    const times = (columns: readonly string[]): number[] => columns.flatMap(() => [now, now, by]);
    db.run(
      `UPDATE steps SET ${shifted(STEP_TIMES)} WHERE handoff_id IN
         (SELECT id FROM handoffs WHERE due_at IS NOT NULL AND state <> 'deferred')`,
      ...times(STEP_TIMES),
    );
    // Before that since when they wait is moved.
    db.run(
      "UPDATE handoffs SET late_at = max(?, late_at - ?) WHERE late_at > ? AND coalesce(waiting_since, created_at) > ?",
      ...[now, by, now, now],
    );
    db.run(
      `UPDATE handoffs SET ${shifted(HANDOFF_TIMES)}, due_at = min(due_at, ?)
       WHERE due_at IS NOT NULL AND state <> 'deferred'`,
      ...times(HANDOFF_TIMES),
      now,
    );
    db.run(
      `UPDATE callbacks SET ${shifted(CALLBACK_TIMES)} WHERE state IN ('ready', 'sent')`,
      ...times(CALLBACK_TIMES),
    );
  };
}
