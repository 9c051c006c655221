import { z } from "zod";
import { HELD_AT_MOST_MS } from "../model/callback-order.ts";
import type { Database, Value } from "./database.ts";

/** A time after now came from the clock before it was set back: it moves back by as much. */
const shifted = (columns: readonly string[]): string =>
  columns.map((it) => `${it} = CASE WHEN ${it} > ? THEN max(?, ${it} - ?) ELSE ${it} END`).join(", ");
const times = (columns: readonly string[], now: number, by: number): number[] => columns.flatMap(() => [now, now, by]);

const STEP_TIMES = ["next_at", "sent_at", "first_sent_at", "tries_since"];
const HANDOFF_TIMES = ["created_at", "routed_at", "words_at", "waiting_since"];
const CALLBACK_TIMES = ["next_at", "tries_since"];
/** Attempts keep the pauses between them. */
const ATTEMPT_TIMES = ["sent_at", "ended_at"]
  .map((it) => `${it} = CASE WHEN ${it} > ? THEN min(?, ${it} - ?) ELSE ${it} END`)
  .join(", ");
/** It was taken up at an opening that came by the clock before it was set back. */
const WAS_TAKEN_UP = "(state <> 'deferred' AND ifnull(deferred_until, 0) > ?)";
/** An alert that counts from an opening still to come stays: opening hours follow the clock. */
const LATE = `late_at = CASE
  WHEN late_at <= ? OR NOT json_valid(decision) OR
    (json_extract(decision, '$.opensAt') IS NOT NULL AND NOT ${WAS_TAKEN_UP}) THEN late_at
  ELSE max(?, late_at - ?) END`;
const OPENED = `deferred_until = iif(${WAS_TAKEN_UP}, ?, deferred_until),
  decision = iif(${WAS_TAKEN_UP} AND json_valid(decision), json_set(decision, '$.opensAt', ?), decision)`;
/** Handoffs with something to do: they are due, are watched for lateness, have an agent who may let go, or a step on its way. */
const UNDER_WAY = `(SELECT id FROM handoffs WHERE due_at IS NOT NULL UNION ALL SELECT id FROM handoffs WHERE late_at IS NOT NULL
  UNION ALL SELECT id FROM handoffs WHERE state NOT IN ('returned') AND state = 'assigned'
  UNION ALL SELECT handoff_id FROM steps WHERE state = 'sent')`;
/** The latest of a handoff's times that a correct clock dates in the past. */
const LATEST = `max(updated_at, created_at, ifnull(routed_at, 0), ifnull(waiting_since, 0), ifnull((
  SELECT max(max(ifnull(sent_at, 0), ifnull(first_sent_at, 0), ifnull(tries_since, 0))) FROM steps WHERE handoff_id = h.id), 0))`;
const DATED_AHEAD = `SELECT id, latest - ? AS "by" FROM (
  SELECT id, ${LATEST} AS latest FROM handoffs AS h WHERE id IN ${UNDER_WAY}) WHERE latest > ?`;
const aheadRows = z.array(z.object({ id: z.string(), by: z.number().int() }));
/** A callback without a try waits for an earlier one, and no longer. */
const CALLBACK_DATED_AHEAD = `(created_at > ? OR tries_since > ? OR (tries = 0 AND next_at > ?) OR EXISTS (
  SELECT 1 FROM callback_attempts WHERE callback_id = callbacks.id AND max(sent_at, ifnull(ended_at, 0)) > ?))`;

/** Moves times back with the clock, so that nothing waits until the clock has caught up. */
export function createClockSetBack(db: Database) {
  /** Moves the times of the handoffs that `which` selects. A deferred one checks its opening hours again, and stays deferred. */
  function shift(which: string, given: readonly Value[], now: number, by: number): void {
    db.run(
      `UPDATE steps SET ${shifted(STEP_TIMES)} WHERE handoff_id ${which}`,
      ...times(STEP_TIMES, now, by),
      ...given,
    );
    db.run(
      `UPDATE attempts SET ${ATTEMPT_TIMES} WHERE handoff_id ${which}`,
      ...[now, now, by],
      ...[now, now, by],
      ...given,
    );
    db.run(
      `UPDATE handoffs SET ${shifted(HANDOFF_TIMES)}, ${LATE}, ${OPENED}, due_at = min(due_at, ?), updated_at = min(updated_at, ?)
       WHERE id ${which}`,
      ...times(HANDOFF_TIMES, now, by),
      ...[now, now, now, by],
      ...[now, now, now, now],
      ...[now, now],
      ...given,
    );
  }

  return {
    /** Runs while the process knows by how much its clock was set back. */
    clockSetBack(now: number, by: number): void {
      shift(`IN ${UNDER_WAY}`, [], now, by);
      db.run(
        `UPDATE callbacks SET ${shifted(CALLBACK_TIMES)} WHERE state IN ('ready', 'sent')`,
        ...times(CALLBACK_TIMES, now, by),
      );
    },

    /** Runs at a start: a clock that was ahead dated past events after now. The difference shows by how much it was ahead. */
    clockWasAhead(now: number): void {
      for (const { id, by } of aheadRows.parse(db.all(DATED_AHEAD, now, now))) shift("= ?", [id], now, by);
      db.run(
        `UPDATE callbacks SET next_at = min(next_at, ?), tries_since = min(tries_since, ?)
         WHERE state IN ('ready', 'sent') AND ${CALLBACK_DATED_AHEAD}`,
        ...[now, now],
        ...[now, now, now + HELD_AT_MOST_MS, now],
      );
    },
  };
}
