/** Alerts, and the conditions for them that the record shows. Each query reads an index to a limit. */
import type { AlertCode } from "../../log.ts";
import { type Alert, alertSchema, type Condition } from "../../model/alert.ts";
import type { Database } from "../database.ts";

const conditionRow = alertSchema.pick({ handoffId: true, bot: true, account: true, count: true });

const ALL = `SELECT id, code, bot, account, handoff_id AS handoffId, count, since, over_at AS overAt, told,
  told_count AS toldCount, tries FROM alerts`;
// The first condition of each is its index's own.
const PARKED = `SELECT id AS handoffId, bot, account, 1 AS count FROM handoffs
  WHERE state NOT IN ('returned') AND state = 'parked' AND coalesce(parked_for, 'person') = 'person' ORDER BY id LIMIT ?`;
const LATE = `SELECT id AS handoffId, bot, account, 1 AS count FROM handoffs
  WHERE alerted_at IS NOT NULL AND state IN ('pending', 'routed') ORDER BY id LIMIT ?`;
const GIVEN_UP = `SELECT handoffId, bot, NULL AS account, count(*) AS count FROM
    (SELECT handoff_id AS handoffId, bot FROM callbacks
     WHERE state = 'refused' AND set_aside_because <> 'overtaken' ORDER BY seq LIMIT ?)
  GROUP BY handoffId, bot`;
const WAITING = `SELECT NULL AS handoffId, NULL AS bot, ? AS account, count(*) AS count FROM
  (SELECT 1 FROM handoffs WHERE account = ? AND parked_for = 'credentials' LIMIT ?)`;

export function createAlertTable(db: Database) {
  const listed = (code: AlertCode, sql: string, limit: number): Condition[] =>
    db.all(sql, limit).map((row) => ({ code, ...conditionRow.parse(row) }));

  return {
    all: (): Alert[] => db.all(ALL).map((row) => alertSchema.parse(row)),
    save(it: Alert): void {
      db.run(
        "INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        it.id,
        it.code,
        it.bot,
        it.account,
        it.handoffId,
        it.count,
        it.since,
        it.overAt,
        it.told,
        it.toldCount,
        it.tries,
      );
    },
    remove: (id: string): void => void db.run("DELETE FROM alerts WHERE id = ?", id),

    /** Handoffs that wait for a person, the oldest first. */
    parked: (limit: number): Condition[] => listed("handoff-parked", PARKED, limit),
    late: (limit: number): Condition[] => listed("handoff-late", LATE, limit),
    /** Handoffs with callbacks that were given up, from the oldest `limit` callbacks. */
    givenUp: (limit: number): Condition[] => listed("callback-given-up", GIVEN_UP, limit),
    /** Number of handoffs that wait for an account's credentials, counted up to `most`. */
    waitingForCredentials: (account: string, most: number): number =>
      conditionRow.parse(db.first(WAITING, account, account, most)).count,
  };
}
export type AlertTable = ReturnType<typeof createAlertTable>;
