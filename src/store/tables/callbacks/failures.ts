/** Handles callbacks whose try broke off, by a failure of ours or with the process. It reads columns only, since a row may be unreadable. */
import { z } from "zod";
import { type Callback, callbackSchema } from "../../../model/callback.ts";
import type { Database } from "../../database.ts";
import type { SessionOrder } from "./session-order.ts";

const sentRows = z.array(z.object({ id: z.string(), sessionId: z.number().int() }));
const failedRow = callbackSchema.pick({ sessionId: true, tries: true, setAsideBecause: true });
const FAILURES_AT_MOST = 10;
const FIRST_FAILURE_WAIT_MS = 1_000;

export function createCallbackFailures(db: Database, order: SessionOrder) {
  const endOpenAttempts = (id: string, code: "crash" | "internal", now: number): void => {
    db.run(
      "UPDATE callback_attempts SET outcome = 'unknown', code = ?, ended_at = ? WHERE callback_id = ? AND ended_at IS NULL",
      code,
      now,
      id,
    );
  };

  return {
    /**
     * Puts off a callback whose try broke off by a failure of ours: longer each time, and in the end it is set aside. Returns
     * its state; null: it is over.
     */
    putOff(id: string, now: number): Callback["state"] | null {
      const [row] = db.all(
        `SELECT session_id AS sessionId, set_aside_because AS setAsideBecause, tries + (state = 'ready') AS tries
         FROM callbacks WHERE id = ? AND state IN ('ready', 'sent')`,
        id,
      );
      if (row === undefined) return null;
      const { sessionId, tries, setAsideBecause } = failedRow.parse(row);
      const because = setAsideBecause ?? (tries < FAILURES_AT_MOST ? null : "internal");
      const state = because === null ? "ready" : "refused";
      endOpenAttempts(id, "internal", now);
      db.run(
        `UPDATE callbacks SET state = ?, tries = ?, tries_since = coalesce(tries_since, ?), next_at = ?,
           set_aside_because = ? WHERE id = ?`,
        state,
        tries,
        now,
        state === "ready" ? now + FIRST_FAILURE_WAIT_MS * 2 ** (tries - 1) : null,
        because,
        id,
      );
      if (state === "refused") order.release(sessionId, now);
      return state;
    },

    /**
     * Runs at a start on a file that no other process has: the senders are gone, and the callbacks may have arrived. Returns the
     * number of callbacks that are sent again.
     */
    endInFlight(now: number): number {
      const sent = sentRows.parse(db.all("SELECT id, session_id AS sessionId FROM callbacks WHERE state = 'sent'"));
      for (const { id, sessionId } of sent) {
        endOpenAttempts(id, "crash", now);
        db.run(
          `UPDATE callbacks SET state = CASE WHEN set_aside_because IS NULL THEN 'ready' ELSE 'refused' END,
             next_at = CASE WHEN set_aside_because IS NULL THEN ? END WHERE id = ?`,
          now,
          id,
        );
        order.release(sessionId, now);
      }
      return sent.length;
    },
  };
}
