import { z } from "zod";
import type { Database } from "../database.ts";
import { createWordQueries } from "./words.ts";

const storedSchema = z.object({
  sessionId: z.number().int().nullable(),
  outcome: z.enum(["accepted", "ignored"]),
  handoffId: z.string().nullable(),
  message: z.string().nullable(),
  rule: z.string().nullable(),
  receivedAt: z.number().int(),
});
/** Parts of the first delivery that a duplicate needs. */
export type StoredEvent = z.infer<typeof storedSchema>;

const newestSchema = storedSchema.extend({
  seq: z.number().int(),
  epoch: z.number().int().nullable(),
  contentKey: z.custom<Uint8Array>((value) => value instanceof Uint8Array).nullable(),
});
/** The newest event that a bot reported in a session. */
export type NewestEvent = z.infer<typeof newestSchema>;
const formerSchema = storedSchema.extend({ body: z.string().transform((text): unknown => JSON.parse(text)) });
const formerUntilSchema = z.object({ receivedUntil: z.number().int() });

const recordedSchema = z.object({
  source: z.string(),
  type: z.string(),
  outcome: storedSchema.shape.outcome,
  rule: z.string().nullable(),
  body: z.string().transform((text): unknown => JSON.parse(text)),
});
/** An event in the record. */
export type RecordedEvent = z.infer<typeof recordedSchema>;
const pagedSchema = z.object({
  seq: z.number().int(),
  source: z.string(),
  eventId: z.string(),
  type: z.string(),
  outcome: storedSchema.shape.outcome,
  rule: z.string().nullable(),
  /** JSON, as `body`. */
  why: z.string().nullable(),
  body: z.string(),
  handoffId: z.string().nullable(),
  message: z.string().nullable(),
  /** JSON, as `body`. */
  leftOut: z.string().nullable(),
  occurredAt: z.number().int(),
  receivedAt: z.number().int(),
});
export interface EventPage {
  events: z.infer<typeof pagedSchema>[];
  /** Null: this is the last page. */
  next: number | null;
}
const storySchema = pagedSchema.extend({ epoch: z.number().int().nullable() });
/** An event as the story of a handoff shows it. */
export type StoryEvent = z.infer<typeof storySchema>;
const STORY = `SELECT seq, source, event_id AS eventId, type, outcome, rule, why, body, handoff_id AS handoffId, message,
    left_out AS leftOut, occurred_at AS occurredAt, received_at AS receivedAt, epoch
  FROM events WHERE session_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`;
/** Rows of one read, so that a page ends not far beyond its bytes. */
const PAGED_AT_ONCE = 100;

const STORED = "session_id AS sessionId, outcome, handoff_id AS handoffId, message, rule, received_at AS receivedAt";
// Built once: the engine finds a statement by its text.
const BY_KEY = `SELECT ${STORED} FROM events WHERE key = ?`;
const BY_FORMER_KEY = `SELECT ${STORED}, body FROM events WHERE key = ? AND session_id IS NOT NULL`;
const NEWEST_OF = `SELECT ${STORED}, seq, epoch, content_key AS contentKey FROM events
  WHERE session_id = ? AND source <> 'conversations' ORDER BY seq DESC LIMIT 1`;

const json = z.string().transform((text): unknown => JSON.parse(text));
const wholeSchema = z.object({
  seq: z.number().int(),
  key: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  contentKey: newestSchema.shape.contentKey,
  bot: z.string(),
  source: z.string(),
  sessionId: z.number().int(),
  epoch: z.number().int().nullable(),
  eventId: z.string(),
  type: z.string(),
  body: json,
  outcome: storedSchema.shape.outcome,
  rule: z.string().nullable(),
  why: json.nullable(),
  handoffId: z.string().nullable(),
  message: z.string().nullable(),
  leftOut: json.pipe(z.array(z.string())).nullable(),
  occurredAt: z.number().int(),
  receivedAt: z.number().int(),
});
const NEWEST_OF_SESSION = `SELECT seq, key, content_key AS contentKey, bot, source, session_id AS sessionId, epoch,
    event_id AS eventId, type, body, outcome, rule, why, handoff_id AS handoffId, message, left_out AS leftOut,
    occurred_at AS occurredAt, received_at AS receivedAt
  FROM events WHERE session_id = ? AND seq < ? AND source <> 'conversations' ORDER BY seq DESC LIMIT ?`;

const PRUNE = `DELETE FROM events WHERE seq IN (SELECT seq FROM events ORDER BY seq LIMIT ?)
  AND seq < (SELECT max(seq) FROM events)
  AND (received_at < ? OR (received_at > ? AND seq <
    (SELECT max(seq) FROM (SELECT seq, received_at FROM events ORDER BY seq LIMIT ?) WHERE received_at < ?)))`;
const PRUNE_AHEAD = `DELETE FROM events WHERE seq IN (SELECT seq FROM events ORDER BY seq LIMIT ?) AND seq < ?
  AND received_at > ?`;
const DATED_FROM = "SELECT seq, received_at AS receivedAt FROM events WHERE seq >= ? ORDER BY seq LIMIT 1";
const LAST_DATED = "SELECT seq, received_at AS receivedAt FROM events ORDER BY seq DESC LIMIT 1";
const datedSchema = z.object({ seq: z.number().int(), receivedAt: z.number().int() });

/** Requests that opened no handoff are included: no agent has read them. */
export interface NewEvent {
  /** Unique: the hash of the delivery's identity. */
  key: Uint8Array;
  /** Null: the sender gave an id. Otherwise the hash of the content without the time. */
  contentKey: Uint8Array | null;
  bot: string;
  source: string;
  sessionId: number | null;
  /** Round of the session; null: the event has no session, or is the platform's. */
  epoch: number | null;
  eventId: string;
  type: string;
  /** The event after redaction. */
  body: unknown;
  outcome: "accepted" | "ignored";
  rule: string | null;
  /** The conditions that matched. */
  why: unknown;
  handoffId: string | null;
  /** Text for the customer in its answer. */
  message: string | null;
  /** Fields of the request that could not be used, or only in part. */
  leftOut?: readonly string[] | undefined;
  occurredAt: number;
  receivedAt: number;
}

/** The events: one for each delivery that got a 2xx. */
export function createEventTable(db: Database) {
  const one = (row: unknown): StoredEvent | null => (row === undefined ? null : storedSchema.parse(row));

  /**
   * Finds the first event after the oldest ones that are dated later than `latest`; null: the oldest are not, or no later one has
   * a credible time.
   */
  function endOfAhead(latest: number): z.infer<typeof datedSchema> | null {
    const first = db.first(DATED_FROM, 0);
    if (first === undefined) return null;
    let [ahead, end] = [datedSchema.parse(first), datedSchema.parse(db.first(LAST_DATED))];
    if (ahead.receivedAt <= latest || end.receivedAt > latest) return null;
    for (let below = end.seq; below - ahead.seq > 1; ) {
      const half = Math.floor((ahead.seq + below) / 2);
      const middle = datedSchema.parse(db.first(DATED_FROM, half));
      if (middle.receivedAt > latest) ahead = middle;
      else [end, below] = [middle, half];
    }
    return end;
  }

  return {
    ...createWordQueries(db),

    byKey: (key: Uint8Array): StoredEvent | null => one(db.first(BY_KEY, key)),

    /** Finds an event, with its body, by a key of a former version. */
    byFormerKey(key: Uint8Array): z.infer<typeof formerSchema> | null {
      const row = db.first(BY_FORMER_KEY, key);
      return row === undefined ? null : formerSchema.parse(row);
    },

    /** Time until which events got keys of a former version; null: there are none. */
    formerKeysUntil(): number | null {
      const row = db.first("SELECT received_until AS receivedUntil FROM former_keys");
      return row === undefined ? null : formerUntilSchema.parse(row).receivedUntil;
    },

    /** Time of the newest event; null: there is none. */
    newestAt(): number | null {
      const row = db.first(LAST_DATED);
      return row === undefined ? null : datedSchema.parse(row).receivedAt;
    },

    /** The newest event that the bot reported in a session. */
    newestOf(sessionId: number): NewestEvent | null {
      const row = db.first(NEWEST_OF, sessionId);
      return row === undefined ? null : newestSchema.parse(row);
    },

    /**
     * The newest events that the bot reported in a session, whole, oldest first; so many at most, and not much beyond so many
     * bytes.
     */
    newestOfSession(sessionId: number, most: { events: number; bytes: number }): NewEvent[] {
      const events: NewEvent[] = [];
      let bytes = 0;
      for (let before = Number.MAX_SAFE_INTEGER; events.length < most.events && bytes < most.bytes; ) {
        const rows = db.all(NEWEST_OF_SESSION, sessionId, before, PAGED_AT_ONCE);
        for (const row of rows) {
          const { seq, leftOut, ...event } = wholeSchema.parse(row);
          events.push({ ...event, ...(leftOut !== null && { leftOut }) });
          bytes += String((row as { body: unknown }).body).length;
          before = seq;
        }
        if (rows.length < PAGED_AT_ONCE) break;
      }
      return events.slice(0, most.events).reverse();
    },

    add(event: NewEvent): void {
      db.run(
        `INSERT INTO events (key, content_key, bot, source, session_id, epoch, event_id, type, body, outcome, rule, why,
           handoff_id, message, left_out, occurred_at, received_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        event.key,
        event.contentKey,
        event.bot,
        event.source,
        event.sessionId,
        event.epoch,
        event.eventId,
        event.type,
        JSON.stringify(event.body),
        event.outcome,
        event.rule,
        event.why === null ? null : JSON.stringify(event.why),
        event.handoffId,
        event.message,
        event.leftOut === undefined ? null : JSON.stringify(event.leftOut),
        event.occurredAt,
        event.receivedAt,
      );
    },

    /** The first `limit` events in their order. */
    list: (limit: number): RecordedEvent[] =>
      db
        .all("SELECT source, type, outcome, rule, body FROM events ORDER BY seq LIMIT ?", limit)
        .map((row) => recordedSchema.parse(row)),

    /** A session's events after `seq` in their order; so many at most, and not much beyond so many bytes. */
    page(sessionId: number, seq: number, most: { events: number; bytes: number }): EventPage {
      const events: EventPage["events"] = [];
      let bytes = 0;
      for (;;) {
        const rows = db
          .all(
            `SELECT seq, source, event_id AS eventId, type, outcome, rule, why, body, handoff_id AS handoffId, message,
               left_out AS leftOut, occurred_at AS occurredAt, received_at AS receivedAt
             FROM events WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
            sessionId,
            events.at(-1)?.seq ?? seq,
            PAGED_AT_ONCE,
          )
          .map((row) => pagedSchema.parse(row));
        events.push(...rows);
        bytes += rows.reduce((sum, { body }) => sum + body.length, 0);
        if (rows.length < PAGED_AT_ONCE) return { events, next: null };
        if (events.length >= most.events || bytes >= most.bytes) return { events, next: events.at(-1)?.seq ?? null };
      }
    },

    /**
     * Events of one round of a session, oldest first, with what the platform told since `from`. At most so many are looked
     * through, the newest first; `isWhole` tells whether that was enough.
     */
    ofRound(sessionId: number, round: { epoch: number; from: number; until: number }, most: number) {
      const events: StoryEvent[] = [];
      for (let before = Number.MAX_SAFE_INTEGER, seen = 0; seen < most; seen += PAGED_AT_ONCE) {
        const rows = db.all(STORY, sessionId, before, PAGED_AT_ONCE).map((row) => storySchema.parse(row));
        const isInTime = ({ receivedAt }: StoryEvent): boolean => receivedAt >= round.from && receivedAt <= round.until;
        events.push(...rows.filter((it) => (it.epoch === null ? isInTime(it) : it.epoch === round.epoch)));
        const isBefore = rows.some(({ epoch }) => epoch !== null && epoch < round.epoch);
        if (isBefore || rows.length < PAGED_AT_ONCE) return { events: events.reverse(), isWhole: true };
        before = rows.at(-1)?.seq ?? 0;
      }
      return { events: events.reverse(), isWhole: false };
    },

    /**
     * Forgets events received before `before`, at most `limit` of the oldest. Returns their number. The last one stays: its
     * number would be given again, and handoffs remember the number up to which agents were told. Events that a clock dated later
     * than `latest` count as old as the first one after them with a credible time.
     */
    prune(before: number, latest: number, limit: number): number {
      const gone = db.run(PRUNE, limit, before, latest, limit, before);
      const end = gone < limit ? endOfAhead(latest) : null;
      const isOld = end !== null && end.receivedAt < before;
      return isOld ? gone + db.run(PRUNE_AHEAD, limit, end.seq, latest) : gone;
    },
  };
}
export type EventTable = ReturnType<typeof createEventTable>;
