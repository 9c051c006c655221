import { z } from "zod";
import type { Database } from "../../database.ts";

const dueRow = z.object({ id: z.string(), bot: z.string(), account: z.string() });
/** Enough of a handoff to dispatch it. */
export type DueHandoff = z.infer<typeof dueRow>;

const queueRow = z.object({ account: z.string(), bot: z.string(), dueAt: z.number().int() });
type DueQueue = z.infer<typeof queueRow>;

/** A step through the index, so that the cost grows with the number of bots and not of handoffs. */
const NEXT_QUEUE = `SELECT account, bot, due_at AS dueAt FROM handoffs
  WHERE due_at IS NOT NULL AND (account, bot) > (?, ?) ORDER BY account, bot, due_at LIMIT 1`;

/** Finds handoffs with something to do, and wakes many of them at once. */
export function createHandoffQueues(db: Database) {
  return {
    /** Bots with handoffs that have something to do, by account, with the due time of their first. */
    queues(): DueQueue[] {
      const found: DueQueue[] = [];
      for (;;) {
        const last = found.at(-1);
        const [next] = db.all(NEXT_QUEUE, last?.account ?? "", last?.bot ?? "");
        if (next === undefined) return found;
        found.push(queueRow.parse(next));
      }
    },

    /** Handoffs of a bot that are due at `now`, the longest due first. */
    due: ({ account, bot }: { account: string; bot: string }, now: number, limit: number): DueHandoff[] =>
      db
        .all(
          "SELECT id, bot, account FROM handoffs WHERE account = ? AND bot = ? AND due_at <= ? ORDER BY due_at LIMIT ?",
          account,
          bot,
          now,
          limit,
        )
        .map((row) => dueRow.parse(row)),

    /** Number of a bot's pending handoffs, counted up to `most`. */
    pendingOf(account: string, bot: string, most: number): number {
      const row = db.first(
        "SELECT count(*) AS n FROM (SELECT 1 FROM handoffs WHERE account = ? AND bot = ? AND state = 'pending' LIMIT ?)",
        account,
        bot,
        most,
      );
      return z.object({ n: z.number() }).parse(row).n;
    },

    /** Number of pending handoffs, counted up to `most`. */
    pending(most: number): number {
      const [row] = db.all("SELECT count(*) AS n FROM (SELECT 1 FROM handoffs WHERE state = 'pending' LIMIT ?)", most);
      return z.object({ n: z.number() }).parse(row).n;
    },

    /** Handoffs that are late by now without an alert, the longest late first. */
    late: (now: number, limit: number): string[] =>
      z
        .array(z.object({ id: z.string() }))
        .parse(db.all("SELECT id FROM handoffs WHERE late_at <= ? ORDER BY late_at LIMIT ?", now, limit))
        .map(({ id }) => id),

    /** Time at which the next one is late; null: none will be. */
    nextLateAt(): number | null {
      const row = db.first("SELECT late_at AS lateAt FROM handoffs WHERE late_at IS NOT NULL ORDER BY late_at LIMIT 1");
      return row === undefined ? null : z.object({ lateAt: z.number().int() }).parse(row).lateAt;
    },

    /** Handoffs that wait for an account to accept our credentials, the oldest first, from behind `after`. */
    parkedForCredentials: (account: string, limit: number, after = ""): DueHandoff[] =>
      db
        .all(
          "SELECT id, bot, account FROM handoffs WHERE account = ? AND parked_for = 'credentials' AND id > ? ORDER BY id LIMIT ?",
          account,
          after,
          limit,
        )
        .map((row) => dueRow.parse(row)),

    /** Makes all pending handoffs of an account due now. */
    wakePending: (account: string, now: number): number =>
      db.run(
        "UPDATE handoffs SET due_at = ?, updated_at = max(updated_at, ?) WHERE account = ? AND state = 'pending'",
        now,
        now,
        account,
      ),
  };
}
