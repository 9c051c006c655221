import { z } from "zod";
import type { Database } from "../../database.ts";

const idRows = z.array(z.object({ id: z.string() }));
const failuresRow = z.object({ failures: z.number().int() });

/** Handles handoffs whose work broke off. It reads columns only, since a ledger may be unreadable. */
export function createHandoffFailures(db: Database) {
  /** Marks attempts on their way as unknown: they may have had an effect, and Baton looks that up. */
  function endInFlightOf(id: string, code: "crash" | "internal", now: number): void {
    db.run(
      `INSERT INTO attempts (handoff_id, position, fence, sent_at) SELECT handoff_id, position, fence, next_at FROM steps
       WHERE handoff_id = ? AND state = 'sent' ON CONFLICT DO NOTHING`,
      id,
    );
    db.run(
      "UPDATE attempts SET outcome = 'unknown', code = ?, ended_at = ? WHERE handoff_id = ? AND ended_at IS NULL",
      code,
      now,
      id,
    );
    db.run(
      "UPDATE steps SET state = 'unknown', sent_at = ?, next_at = ? WHERE handoff_id = ? AND state = 'sent'",
      now,
      now,
      id,
    );
  }

  return {
    /** Runs at a start on a file that no other process has: the senders are gone. Returns the number of handoffs that it woke. */
    endInFlight(now: number): number {
      const ids = idRows.parse(db.all("SELECT DISTINCT handoff_id AS id FROM steps WHERE state = 'sent'"));
      for (const { id } of ids) {
        endInFlightOf(id, "crash", now);
        db.run("UPDATE handoffs SET due_at = ?, updated_at = max(updated_at, ?) WHERE id = ?", now, now, id);
      }
      return ids.length;
    },

    /** Number of its turns in a row that failed. */
    failuresOf(id: string): number {
      const row = db.first("SELECT failures FROM handoffs WHERE id = ?", id);
      return row === undefined ? 0 : failuresRow.parse(row).failures;
    },

    /** Makes a handoff whose turn failed due again at `until`. Nothing of it is on its way. */
    putOff(id: string, failures: number, now: number, until: number): void {
      endInFlightOf(id, "internal", now);
      db.run(
        "UPDATE handoffs SET failures = ?, due_at = ?, updated_at = max(updated_at, ?) WHERE id = ?",
        failures,
        until,
        now,
        id,
      );
    },

    recovered: (id: string): number => db.run("UPDATE handoffs SET failures = 0 WHERE id = ?", id),

    /** Parks a handoff that cannot be read, and gives its customer back to the bot. False: it cannot be parked any more. */
    setAside(id: string, because: string, now: number): boolean {
      const isParked =
        db.run(
          `UPDATE handoffs SET state = 'parked', parked_because = ?, parked_for = 'person', due_at = NULL, updated_at = ?
           WHERE id = ? AND state IN ('pending', 'deferred')`,
          because,
          now,
          id,
        ) > 0;
      if (isParked) {
        db.run(
          "UPDATE sessions SET control = 'bot' WHERE control = 'queue' AND id = (SELECT session_id FROM handoffs WHERE id = ?)",
          id,
        );
      }
      return isParked;
    },
  };
}
