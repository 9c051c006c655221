import { z } from "zod";
import type { CallbackType } from "../events/callback-types.ts";
import {
  type Callback,
  type CallbackAttempt,
  type CallbackData,
  callbackAttemptSchema,
  callbackSchema,
} from "./callback.ts";
import type { Database } from "./record.ts";

const json = z.string().transform((text): unknown => JSON.parse(text));
const callbackRow = z.object({ data: json.nullable() }).loose().pipe(callbackSchema);
const ids = z.array(z.object({ id: z.string() }));
const queueRow = z.object({ bot: z.string(), dueAt: z.number().int() });
type CallbackQueue = z.infer<typeof queueRow>;

const CALLBACK = `id, bot, session_id AS sessionId, handoff_id AS handoffId, type, data, state, tries,
  tries_since AS triesSince, next_at AS nextAt, lease_until AS leaseUntil, fence, created_at AS createdAt`;
const ATTEMPT = "callback_id AS callbackId, fence, sent_at AS sentAt, ended_at AS endedAt, outcome, status, code";

/** A step through the index, so that the cost is in the number of bots and not of callbacks. */
const NEXT_QUEUE = `SELECT bot, next_at AS dueAt FROM callbacks
  WHERE next_at IS NOT NULL AND bot > ? ORDER BY bot, next_at LIMIT 1`;
/** An agent may write long: the newest are shown. */
const SHOWN = 100;

export interface NewCallback {
  /** Unique, and of ours: the receiver sees it. */
  id: string;
  bot: string;
  sessionId: number;
  handoffId: string | null;
  type: CallbackType;
  data: CallbackData;
  now: number;
}

/** What follows a try: it is over, or tried again at a time. */
export type CallbackNext = { state: "done" | "refused" } | { state: "ready"; at: number };

/** The outbox to the bots. Of each session only the first that is not over is ever due: they arrive in their order. */
export function createCallbackTable(db: Database) {
  const one = (rows: unknown[]): Callback | null => (rows[0] === undefined ? null : callbackRow.parse(rows[0]));
  const byId = (id: string): Callback | null => one(db.all(`SELECT ${CALLBACK} FROM callbacks WHERE id = ?`, id));

  const endOpenAttempts = (id: string, code: "lease" | "crash", now: number): void => {
    db.run(
      "UPDATE callback_attempts SET outcome = 'unknown', code = ?, ended_at = ? WHERE callback_id = ? AND ended_at IS NULL",
      code,
      now,
      id,
    );
  };

  return {
    byId,

    /** To be told to the bot: part of the commit that makes it true. Whoever commits it wakes the delivery. */
    add({ id, bot, sessionId, handoffId, type, data, now }: NewCallback): void {
      const isBehind =
        db.all("SELECT 1 FROM callbacks WHERE session_id = ? AND state IN ('ready', 'sent') LIMIT 1", sessionId)
          .length > 0;
      db.run(
        `INSERT INTO callbacks (id, bot, session_id, handoff_id, type, data, state, tries, next_at, fence, created_at)
         VALUES (?, ?, ?, ?, ?, ?, 'ready', 0, ?, 0, ?)`,
        id,
        bot,
        sessionId,
        handoffId,
        type,
        JSON.stringify(data),
        isBehind ? null : now,
        now,
      );
    },

    /** The bots that something is to be told, and when the first of it is due. */
    queues(): CallbackQueue[] {
      const found: CallbackQueue[] = [];
      for (;;) {
        const [next] = db.all(NEXT_QUEUE, found.at(-1)?.bot ?? "");
        if (next === undefined) return found;
        found.push(queueRow.parse(next));
      }
    },

    /** The ids of a bot's callbacks that are due at `now`, the longest due first. */
    due: (bot: string, now: number, limit: number): string[] =>
      ids
        .parse(
          db.all("SELECT id FROM callbacks WHERE bot = ? AND next_at <= ? ORDER BY next_at LIMIT ?", bot, now, limit),
        )
        .map(({ id }) => id),

    /** The intent: written before the request leaves. Null where it is not due after all. */
    claim(id: string, now: number, leaseUntil: number): Callback | null {
      const before = byId(id);
      if (before === null || before.nextAt === null || before.nextAt > now) return null;
      endOpenAttempts(id, "lease", now);
      db.run(
        `UPDATE callbacks SET state = 'sent', tries = tries + 1, tries_since = coalesce(tries_since, ?), next_at = ?,
           lease_until = ?, fence = fence + 1 WHERE id = ?`,
        now,
        leaseUntil,
        leaseUntil,
        id,
      );
      const claimed = byId(id);
      if (claimed === null) throw new Error(`Callback ${id} vanished in its own commit.`);
      db.run("INSERT INTO callback_attempts (callback_id, fence, sent_at) VALUES (?, ?, ?)", id, claimed.fence, now);
      return claimed;
    },

    /**
     * The answer of a try. It is kept even where a newer try has taken over, which alone says what follows: then it
     * returns false.
     */
    end(attempt: CallbackAttempt, next: CallbackNext, now: number): boolean {
      const { callbackId: id, fence } = attempt;
      db.run(
        `UPDATE callback_attempts SET ended_at = ?, outcome = ?, status = ?, code = ? WHERE callback_id = ? AND fence = ?`,
        attempt.endedAt,
        attempt.outcome,
        attempt.status,
        attempt.code,
        id,
        fence,
      );
      const held = "id = ? AND fence = ? AND state = 'sent'";
      if (next.state === "ready") {
        const again = `UPDATE callbacks SET state = 'ready', next_at = ?, lease_until = NULL WHERE ${held}`;
        return db.run(again, next.at, id, fence) > 0;
      }
      const over = `UPDATE callbacks SET state = ?, data = NULL, next_at = NULL, lease_until = NULL WHERE ${held}`;
      if (db.run(over, next.state, id, fence) === 0) return false;
      db.run(
        `UPDATE callbacks SET next_at = ? WHERE seq = (SELECT seq FROM callbacks
           WHERE session_id = (SELECT session_id FROM callbacks WHERE id = ?) AND state IN ('ready', 'sent')
           ORDER BY seq LIMIT 1)`,
        now,
        id,
      );
      return true;
    },

    /**
     * For a start on a file that no other process has: whoever sent these is gone, and they may have arrived. Returns how
     * many are sent again.
     */
    endLeases(now: number): number {
      const sent = ids.parse(db.all("SELECT id FROM callbacks WHERE state = 'sent'"));
      for (const { id } of sent) {
        endOpenAttempts(id, "crash", now);
        db.run("UPDATE callbacks SET state = 'ready', next_at = ?, lease_until = NULL WHERE id = ?", now, id);
      }
      return sent.length;
    },

    /** The newest of a handoff, in their order. */
    ofHandoff: (handoffId: string): Callback[] =>
      db
        .all(`SELECT ${CALLBACK} FROM callbacks WHERE handoff_id = ? ORDER BY seq DESC LIMIT ?`, handoffId, SHOWN)
        .map((row) => callbackRow.parse(row))
        .reverse(),

    attemptsOf: (id: string): CallbackAttempt[] =>
      db
        .all(`SELECT ${ATTEMPT} FROM callback_attempts WHERE callback_id = ? ORDER BY fence`, id)
        .map((row) => callbackAttemptSchema.parse(row)),

    /** Forgets what is over and was made before `before`, at most `limit` of the oldest. Returns how many went. */
    prune(before: number, limit: number): number {
      const old = ids.parse(
        db.all(
          `SELECT id FROM callbacks WHERE state IN ('done', 'refused') AND created_at < ?
           ORDER BY created_at LIMIT ?`,
          before,
          limit,
        ),
      );
      for (const { id } of old) {
        db.run("DELETE FROM callback_attempts WHERE callback_id = ?", id);
        db.run("DELETE FROM callbacks WHERE id = ?", id);
      }
      return old.length;
    },
  };
}
export type CallbackTable = ReturnType<typeof createCallbackTable>;
