import { z } from "zod";
import { type CallbackType, controlCallbacks } from "../../events/callback-types.ts";
import {
  type Callback,
  type CallbackAttempt,
  type CallbackData,
  callbackAttemptSchema,
  callbackSchema,
} from "../../model/callback.ts";
import { type OpenCallback, releaseTimes, tellsControl } from "../../model/callback-order.ts";
import type { Database } from "../store.ts";

const json = z.string().transform((text): unknown => JSON.parse(text));
const callbackRow = z.object({ data: json.nullable() }).loose().pipe(callbackSchema);
const ids = z.array(z.object({ id: z.string() }));
const sentRows = z.array(z.object({ id: z.string(), sessionId: z.number().int() }));
const openRow = callbackSchema
  .pick({ id: true, type: true, tries: true, triesSince: true, nextAt: true })
  .extend({ state: z.enum(["ready", "sent"]) });
const endedRow = callbackSchema
  .pick({ type: true, state: true, setAsideBecause: true })
  .extend({ seq: z.number().int(), sessionId: z.number().int() });
const queueRow = z.object({ bot: z.string(), dueAt: z.number().int() });
type CallbackQueue = z.infer<typeof queueRow>;

const CALLBACK = `id, bot, session_id AS sessionId, handoff_id AS handoffId, type, data, state,
  set_aside_because AS setAsideBecause, tries, tries_since AS triesSince, next_at AS nextAt, fence, created_at AS createdAt`;
const ATTEMPT = "callback_id AS callbackId, fence, sent_at AS sentAt, ended_at AS endedAt, outcome, status, code";

/** A step through the index, so that the cost is in the number of bots and not of callbacks. */
const NEXT_QUEUE = `SELECT bot, next_at AS dueAt FROM callbacks
  WHERE next_at IS NOT NULL AND bot > ? ORDER BY bot, next_at LIMIT 1`;
const CONTROL = controlCallbacks.map((type) => `'${type}'`).join(", ");
const OPEN_OF_SESSION = "session_id = ? AND state IN ('ready', 'sent')";
/** Of those that carry words the first alone: it is the one that the others wait for. */
const OPEN = `SELECT id, type, state, tries, tries_since AS triesSince, next_at AS nextAt FROM callbacks
  WHERE ${OPEN_OF_SESSION} AND (type IN (${CONTROL}) OR seq =
    (SELECT min(seq) FROM callbacks WHERE ${OPEN_OF_SESSION} AND type NOT IN (${CONTROL}))) ORDER BY seq`;
/** One that is on its way is set aside when it comes back, unless it was taken. */
const OVERTAKE = `UPDATE callbacks SET set_aside_because = 'overtaken',
    state = CASE state WHEN 'ready' THEN 'refused' ELSE state END,
    next_at = CASE state WHEN 'ready' THEN NULL ELSE next_at END
  WHERE ${OPEN_OF_SESSION} AND seq < ? AND type IN (${CONTROL})`;
const failedRow = callbackSchema.pick({ sessionId: true, tries: true, setAsideBecause: true });
const FAILURES_AT_MOST = 10;
const FIRST_FAILURE_WAIT_MS = 1_000;
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

/** What follows a try: it was taken, is tried again at a time, or is set aside. */
export type CallbackNext = { state: "done" } | { state: "refused"; because: string } | { state: "ready"; at: number };

export interface EndedCallback {
  state: Callback["state"];
  /** How many older ones it made moot. */
  overtaken: number;
}

/** The outbox to the bots, each session's callbacks in their order (`callback-order.ts`): what has to wait has no due time. */
export function createCallbackTable(db: Database) {
  const one = (rows: unknown[]): Callback | null => (rows[0] === undefined ? null : callbackRow.parse(rows[0]));
  const byId = (id: string): Callback | null => one(db.all(`SELECT ${CALLBACK} FROM callbacks WHERE id = ?`, id));

  const endOpenAttempts = (id: string, code: "crash" | "internal", now: number): void => {
    db.run(
      "UPDATE callback_attempts SET outcome = 'unknown', code = ?, ended_at = ? WHERE callback_id = ? AND ended_at IS NULL",
      code,
      now,
      id,
    );
  };

  /** Whatever of a session waits no longer gets its time. */
  const release = (sessionId: number, now: number): void => {
    const open: OpenCallback[] = db.all(OPEN, sessionId, sessionId).map((row) => openRow.parse(row));
    for (const { id, at } of releaseTimes(open, now)) db.run("UPDATE callbacks SET next_at = ? WHERE id = ?", at, id);
  };

  const isControlOnItsWay = (sessionId: number): boolean =>
    db.all(
      `SELECT 1 FROM callbacks WHERE ${OPEN_OF_SESSION} AND state = 'sent' AND type IN (${CONTROL}) LIMIT 1`,
      sessionId,
    ).length > 0;

  return {
    byId,

    /** To be told to the bot: part of the commit that makes it true. Whoever commits it wakes the delivery. */
    add({ id, bot, sessionId, handoffId, type, data, now }: NewCallback): void {
      const isBehind = db.all(`SELECT 1 FROM callbacks WHERE ${OPEN_OF_SESSION} LIMIT 1`, sessionId).length > 0;
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
      if (isBehind) release(sessionId, now);
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
    claim(id: string, now: number): Callback | null {
      const before = byId(id);
      if (before?.state !== "ready" || before.nextAt === null || before.nextAt > now) return null;
      if (tellsControl(before.type) && isControlOnItsWay(before.sessionId)) {
        db.run("UPDATE callbacks SET next_at = NULL WHERE id = ?", id);
        return null;
      }
      db.run(
        `UPDATE callbacks SET state = 'sent', tries = tries + 1, tries_since = coalesce(tries_since, ?), next_at = NULL,
           fence = fence + 1 WHERE id = ?`,
        now,
        id,
      );
      const claimed = byId(id);
      if (claimed === null) throw new Error(`Callback ${id} vanished in its own commit.`);
      db.run("INSERT INTO callback_attempts (callback_id, fence, sent_at) VALUES (?, ?, ?)", id, claimed.fence, now);
      return claimed;
    },

    /** How many tries of the present schedule were refused for what was sent. */
    refusalsOf: ({ id, triesSince }: Pick<Callback, "id" | "triesSince">): number =>
      db.all(
        "SELECT 1 FROM callback_attempts WHERE callback_id = ? AND sent_at >= ? AND code = 'refused'",
        id,
        triesSince ?? 0,
      ).length,

    /** The answer of a try. It is kept even where a newer try has taken over, which alone says what follows: then null. */
    end(attempt: CallbackAttempt, next: CallbackNext, now: number): EndedCallback | null {
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
      const [row] = db.all(
        "SELECT seq, session_id AS sessionId, type, state, set_aside_because AS setAsideBecause FROM callbacks WHERE id = ? AND fence = ?",
        id,
        fence,
      );
      const held = row === undefined ? null : endedRow.parse(row);
      if (held === null || held.state !== "sent") return null;
      const isMoot = next.state !== "done" && held.setAsideBecause !== null;
      const state = isMoot ? "refused" : next.state;
      const because = next.state === "refused" ? next.because : null;
      db.run(
        `UPDATE callbacks SET state = ?, next_at = ?, set_aside_because = ?,
           data = CASE ? WHEN 'done' THEN NULL ELSE data END WHERE id = ?`,
        state,
        state === "ready" && next.state === "ready" ? next.at : null,
        isMoot ? held.setAsideBecause : because,
        state,
        id,
      );
      const isNewest = state === "done" && tellsControl(held.type);
      const overtaken = isNewest ? db.run(OVERTAKE, held.sessionId, held.seq) : 0;
      release(held.sessionId, now);
      return { state, overtaken };
    },

    /**
     * Its try broke off by a failure of ours: it waits longer each time, and is set aside in the end. Only columns are
     * written: one that cannot be read is put off too.
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
      if (state === "refused") release(sessionId, now);
      return state;
    },

    /**
     * What is set aside, or waits for its next try, is sent again from the first, and those of its session that have to come
     * after it wait. False: it was taken, is on its way, or its data is gone.
     */
    resend(id: string, now: number): boolean {
      const [row] = db.all(
        "SELECT seq, session_id AS sessionId, type, state, set_aside_because AS setAsideBecause FROM callbacks WHERE id = ? AND state IN ('ready', 'refused') AND data IS NOT NULL",
        id,
      );
      if (row === undefined) return false;
      const { seq, sessionId, type } = endedRow.parse(row);
      db.run(
        "UPDATE callbacks SET state = 'ready', tries = 0, tries_since = NULL, set_aside_because = NULL, next_at = NULL WHERE id = ?",
        id,
      );
      if (!tellsControl(type)) {
        const later = `UPDATE callbacks SET next_at = NULL WHERE ${OPEN_OF_SESSION} AND seq > ?
          AND state = 'ready' AND type NOT IN (${CONTROL})`;
        db.run(later, sessionId, seq);
      }
      release(sessionId, now);
      return true;
    },

    /**
     * For a start on a file that no other process has: whoever sent these is gone, and they may have arrived. Returns how
     * many are sent again.
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
        release(sessionId, now);
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
