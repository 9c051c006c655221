import { z } from "zod";
import type { Database } from "../database.ts";

const rowSchema = z.object({
  /** Hash of the request's body. */
  fingerprint: z.instanceof(Uint8Array),
  handoffId: z.string().nullable(),
  /** The first answer, as it was sent; null: there is none yet. */
  answer: z.string().nullable(),
});
export type KeyedRequest = z.infer<typeof rowSchema>;
const keptSchema = z.object({ answer: z.string() });

/** `Idempotency-Key`s of handoff requests, by (bot, key). */
export function createIdempotencyTable(db: Database) {
  return {
    find(bot: string, key: string, now: number): KeyedRequest | null {
      const rows = db.all(
        "SELECT fingerprint, handoff_id AS handoffId, answer FROM idempotency WHERE bot = ? AND key = ? AND expires_at > ?",
        bot,
        key,
        now,
      );
      return rows[0] === undefined ? null : rowSchema.parse(rows[0]);
    },

    /** Begins a request anew; a key that has an answer keeps it. */
    add(bot: string, key: string, fingerprint: Uint8Array, now: number, expiresAt: number): void {
      db.run(
        `INSERT INTO idempotency (bot, key, fingerprint, expires_at) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint, expires_at = excluded.expires_at, handoff_id = NULL, answer = NULL
         WHERE answer IS NULL OR expires_at <= ?`,
        bot,
        key,
        fingerprint,
        expiresAt,
        now,
      );
    },

    /** Keeps the first answer, with the handoff that it names. Returns the kept answer, or null if the key does not exist. */
    answered(bot: string, key: string, answer: string, handoffId: string | null): string | null {
      const kept = db.first(
        `UPDATE idempotency SET handoff_id = CASE WHEN answer IS NULL THEN ? ELSE handoff_id END, answer = coalesce(answer, ?)
         WHERE bot = ? AND key = ? RETURNING answer`,
        handoffId,
        answer,
        bot,
        key,
      );
      return kept === undefined ? null : keptSchema.parse(kept).answer;
    },

    /** Forgets expired keys, at most `limit` of the oldest. Returns their number. */
    prune: (now: number, limit: number): number =>
      db.run(
        `DELETE FROM idempotency WHERE (bot, key) IN
           (SELECT bot, key FROM idempotency WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
        now,
        limit,
      ),
  };
}
export type IdempotencyTable = ReturnType<typeof createIdempotencyTable>;
