import { z } from "zod";
import type { Database } from "../database.ts";
import { insertInto } from "../rows/columns.ts";
import { KEY_BYTES, keyIn } from "./event-key.ts";
import { type EventRow, eventRows } from "./event-rows.ts";
import { createWordQueries } from "./words.ts";

const STORED = ["sessionId", "outcome", "handoffId", "message", "rule", "receivedAt"] as const;
const stored = eventRows.pick(STORED);
/** Parts of the first delivery that a duplicate needs. */
export type StoredEvent = ReturnType<typeof stored.read>;
const newest = eventRows.pick([...STORED, "seq", "epoch", "contentKey"]);
/** The newest event that a bot reported in a session. */
export type NewestEvent = ReturnType<typeof newest.read>;
const former = eventRows.pick([...STORED, "body"]);
const recorded = eventRows.pick(["source", "type", "outcome", "rule", "body"]);
/** An event in the record. */
export type RecordedEvent = ReturnType<typeof recorded.read>;
const dated = eventRows.pick(["seq", "receivedAt"]);

const TOLD = [
  ...([
    "seq",
    "epoch",
    "source",
    "eventId",
    "type",
    "outcome",
    "rule",
    "why",
    "body",
    "handoffId",
    "message",
    "leftOut",
  ] as const),
  ...(["occurredAt", "receivedAt"] as const),
] as const;
/** An event with its JSON as text. */
type ToldEvent = Omit<Pick<EventRow, (typeof TOLD)[number]>, "why" | "body" | "leftOut"> & {
  why: string | null;
  body: string;
  leftOut: string | null;
};
/** An event as the story of a handoff shows it. */
export type StoryEvent = ToldEvent;
export interface EventPage {
  events: ToldEvent[];
  /** Null: this is the last page. */
  next: number | null;
}
/** Source of the platform's pushes. */
const PUSHED = "conversations";
/** Rows of one read, so that a page ends not far beyond its bytes. */
const PAGED_AT_ONCE = 100;

// Built once: the engine finds a statement by its text.
const BY_KEY = `SELECT ${stored.select} FROM events WHERE key = ?`;
const BY_FORMER_KEY = `SELECT ${former.select} FROM events WHERE key = ? AND session_id IS NOT NULL`;
const NEWEST_OF = `SELECT ${newest.select} FROM events
  WHERE session_id = ? AND source <> 'conversations' ORDER BY seq DESC LIMIT 1`;
const NEWEST_OF_SESSION = `SELECT ${eventRows.select} FROM events
  WHERE session_id = ? AND seq < ? AND source <> 'conversations' ORDER BY seq DESC LIMIT ?`;
const PAGE = `SELECT ${eventRows.pick(TOLD).select} FROM events WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT ?`;
const STORY = `SELECT ${eventRows.pick(TOLD).select} FROM events
  WHERE session_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`;
const LIST = `SELECT ${recorded.select} FROM events ORDER BY seq LIMIT ?`;
const ADD = insertInto(
  "events",
  eventRows.columns.filter((column) => column !== "seq"),
);
const formerUntilSchema = z.object({ receivedUntil: z.number().int() });

const PRUNE = `DELETE FROM events WHERE seq IN (SELECT seq FROM events ORDER BY seq LIMIT ?)
  AND seq < (SELECT max(seq) FROM events)
  AND (received_at < ? OR (received_at > ? AND seq <
    (SELECT max(seq) FROM (SELECT seq, received_at FROM events ORDER BY seq LIMIT ?) WHERE received_at < ?)))`;
const PRUNE_AHEAD = `DELETE FROM events WHERE seq IN (SELECT seq FROM events ORDER BY seq LIMIT ?) AND seq < ?
  AND received_at > ?`;
const DATED_FROM = `SELECT ${dated.select} FROM events WHERE seq >= ? ORDER BY seq LIMIT 1`;
const LAST_DATED = `SELECT ${dated.select} FROM events ORDER BY seq DESC LIMIT 1`;

/** An event to record. */
export interface NewEvent extends Omit<EventRow, "seq" | "leftOut"> {
  leftOut?: readonly string[] | undefined;
}

/** The events: one for each delivery that got a 2xx. */
export function createEventTable(db: Database) {
  const one = (row: unknown): StoredEvent | null => (row === undefined ? null : stored.read(row));

  /**
   * Finds the first event after the oldest ones that are dated later than `latest`; null: the oldest are not, or no later one has
   * a credible time.
   */
  function endOfAhead(latest: number): ReturnType<typeof dated.read> | null {
    const first = db.first(DATED_FROM, 0);
    if (first === undefined) return null;
    let [ahead, end] = [dated.read(first), dated.read(db.first(LAST_DATED))];
    if (ahead.receivedAt <= latest || end.receivedAt > latest) return null;
    for (let below = end.seq; below - ahead.seq > 1; ) {
      const half = Math.floor((ahead.seq + below) / 2);
      const middle = dated.read(db.first(DATED_FROM, half));
      if (middle.receivedAt > latest) ahead = middle;
      else [end, below] = [middle, half];
    }
    return end;
  }

  return {
    ...createWordQueries(db),

    /** `sessionId`: the session, if it exists. Without it only events are found whose session is erased, or that have none. */
    byKey: (key: Uint8Array, sessionId: number | null): StoredEvent | null =>
      (sessionId === null ? null : one(db.first(BY_KEY, keyIn(sessionId, key)))) ?? one(db.first(BY_KEY, key)),

    /** Finds an event, with its body, by a key of a former version. */
    byFormerKey(key: Uint8Array): ReturnType<typeof former.read> | null {
      const row = db.first(BY_FORMER_KEY, key);
      return row === undefined ? null : former.read(row);
    },

    /** Time until which events got keys of a former version; null: there are none. */
    formerKeysUntil(): number | null {
      const row = db.first("SELECT received_until AS receivedUntil FROM former_keys");
      return row === undefined ? null : formerUntilSchema.parse(row).receivedUntil;
    },

    /** Time of the newest event; null: there is none. */
    newestAt(): number | null {
      const row = db.first(LAST_DATED);
      return row === undefined ? null : dated.read(row).receivedAt;
    },

    /** The newest event that the bot reported in a session. */
    newestOf(sessionId: number): NewestEvent | null {
      const row = db.first(NEWEST_OF, sessionId);
      return row === undefined ? null : newest.read(row);
    },

    /**
     * The newest events that the bot reported in a session, whole, oldest first; so many at most, and not much beyond so many
     * bytes.
     */
    newestOfSession(sessionId: number, most: { events: number; bytes: number }): NewEvent[] {
      const events: NewEvent[] = [];
      let bytes = 0;
      for (let before = Number.MAX_SAFE_INTEGER; events.length < most.events && bytes < most.bytes; ) {
        const found = db.all(NEWEST_OF_SESSION, sessionId, before, PAGED_AT_ONCE);
        for (const row of found) {
          bytes += String((row as { body: unknown }).body).length;
          const { seq, leftOut, key, ...event } = eventRows.read(row);
          events.push({ ...event, key: key.slice(-KEY_BYTES), ...(leftOut !== null && { leftOut }) });
          before = seq;
        }
        if (found.length < PAGED_AT_ONCE) break;
      }
      return events.slice(0, most.events).reverse();
    },

    add(event: NewEvent): void {
      const key = event.sessionId === null || event.source === PUSHED ? event.key : keyIn(event.sessionId, event.key);
      const [, ...values] = eventRows.valuesOf({ ...event, key, seq: 0, leftOut: event.leftOut?.slice() ?? null });
      db.run(ADD, ...values);
    },

    /** The first `limit` events in their order. */
    list: (limit: number): RecordedEvent[] => db.all(LIST, limit).map(recorded.read),

    /** A session's events after `seq` in their order; so many at most, and not much beyond so many bytes. */
    page(sessionId: number, seq: number, most: { events: number; bytes: number }): EventPage {
      const events: EventPage["events"] = [];
      let bytes = 0;
      for (;;) {
        const found = db.all(PAGE, sessionId, events.at(-1)?.seq ?? seq, PAGED_AT_ONCE) as ToldEvent[];
        events.push(...found);
        bytes += found.reduce((sum, { body }) => sum + body.length, 0);
        if (found.length < PAGED_AT_ONCE) return { events, next: null };
        if (events.length >= most.events || bytes >= most.bytes) return { events, next: events.at(-1)?.seq ?? null };
      }
    },

    /**
     * Events of one round of a session, oldest first, with what the platform told since `from`. At most so many are looked
     * through, the newest first; `isWhole` tells whether that was enough.
     */
    ofRound(sessionId: number, round: { epoch: number; from: number; until: number }, most: number) {
      const events: ToldEvent[] = [];
      for (let before = Number.MAX_SAFE_INTEGER, seen = 0; seen < most; seen += PAGED_AT_ONCE) {
        const found = db.all(STORY, sessionId, before, PAGED_AT_ONCE) as ToldEvent[];
        const isInTime = ({ receivedAt }: ToldEvent): boolean => receivedAt >= round.from && receivedAt <= round.until;
        events.push(...found.filter((it) => (it.epoch === null ? isInTime(it) : it.epoch === round.epoch)));
        const isBefore = found.some(({ epoch }) => epoch !== null && epoch < round.epoch);
        if (isBefore || found.length < PAGED_AT_ONCE) return { events: events.reverse(), isWhole: true };
        before = found.at(-1)?.seq ?? 0;
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
