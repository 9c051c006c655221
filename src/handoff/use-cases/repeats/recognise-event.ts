/** Recognises a repeated delivery. */
import type { Event } from "../../../events/event.ts";
import { eventSchema } from "../../../events/event.ts";
import type { Handoff } from "../../../model/handoff.ts";
import type { Session } from "../../../model/session.ts";
import type { Tables } from "../../../store/store.ts";
import type { NewestEvent, StoredEvent } from "../../../store/tables/events.ts";
import { hashOf, isSameKey, saidIn } from "./dedupe-key.ts";

/** The same content without an id counts as a repetition for this time, if no handoff is open. */
const SAME_CONTENT_MS = 60_000;
/** An event is recognised for this time. */
export const KNOWN_MS = 35 * 24 * 3_600_000;

interface Delivery {
  bot: string;
  source: string;
  event: Event;
  hasSenderId: boolean;
  unheard: string | undefined;
}

/** The session before the delivery; null: there is none yet. */
interface Place {
  session: Session | null;
  open: Handoff | null;
  at: number;
}

export type Recognised =
  | { known: StoredEvent }
  | {
      known: null;
      key: Uint8Array;
      /** Null: the sender gave an id. */
      contentKey: Uint8Array | null;
    };

/** True if a delivery without an id repeats the newest event of its session. */
export function isRepeated(
  newest: NewestEvent,
  contentKeys: readonly Uint8Array[],
  { session, open, at }: Place,
): boolean {
  const { contentKey } = newest;
  if (contentKey === null || !contentKeys.some((key) => isSameKey(key, contentKey))) return false;
  if (newest.handoffId !== null) return open?.id === newest.handoffId;
  return (
    (newest.epoch === null || newest.epoch === session?.epoch) && Math.abs(at - newest.receivedAt) < SAME_CONTENT_MS
  );
}

/** The marks that redaction leaves in place of what it takes out. */
const MARK = /\[[a-z][a-z -]*\]/i;

/** Compares recorded words with given ones. A mark in the record, or an empty record, matches anything. */
function isRecordOf(recorded: string, given: string): boolean {
  const [first = "", ...others] = recorded.split(MARK);
  if (others.length === 0) return recorded === "" || recorded === given;
  if (!given.startsWith(first)) return false;
  const last = others.pop() ?? "";
  let from = first.length;
  for (const part of others) {
    const place = given.indexOf(part, from);
    if (place < 0) return false;
    from = place + part.length;
  }
  return given.length - last.length >= from && given.endsWith(last);
}

/** True if a recorded event has the same session, type and words, as far as the record keeps words. */
export function isRecorded(body: unknown, event: Event): boolean {
  const recorded = eventSchema.safeParse(body);
  if (!recorded.success || recorded.data.session !== event.session) return false;
  const [type, ...words] = saidIn(event);
  const [recordedType, ...recordedWords] = saidIn(recorded.data);
  if (type !== recordedType) return false;
  return recordedWords.every((word, at) => isRecordOf(word, words[at] ?? ""));
}

export function createRecogniseDelivery() {
  /** Time until which events may be known only by a key of a former version; undefined: not read yet. */
  let formerUntil: number | null | undefined;

  function mayBeFormer(tables: Tables, at: number): boolean {
    if (formerUntil === undefined) {
      const receivedUntil = tables.events.formerKeysUntil();
      formerUntil = receivedUntil === null ? null : receivedUntil + KNOWN_MS;
    }
    return formerUntil !== null && at < formerUntil;
  }

  function byFormerKey(tables: Tables, { bot, source, event }: Delivery, at: number): StoredEvent | null {
    if (!mayBeFormer(tables, at)) return null;
    const former = tables.events.byFormerKey(hashOf(bot, source, event.id));
    return former !== null && isRecorded(former.body, event) ? former : null;
  }

  return (tables: Tables, delivery: Delivery, place: Place): Recognised => {
    const { bot, source, event, hasSenderId, unheard } = delivery;
    const { session, at } = place;
    if (hasSenderId) {
      const key = hashOf(
        bot,
        source,
        event.session,
        event.id,
        JSON.stringify(unheard === undefined ? saidIn(event) : [...saidIn(event), unheard]),
      );
      const known = tables.events.byKey(key, session?.id ?? null) ?? byFormerKey(tables, delivery, at);
      return known === null ? { known, key, contentKey: null } : { known };
    }
    const contentKey = hashOf(bot, source, event.session, event.id);
    const newest = session === null ? null : tables.events.newestOf(session.id);
    const contentKeys = mayBeFormer(tables, at) ? [contentKey, hashOf(bot, source, event.id)] : [contentKey];
    if (newest !== null && isRepeated(newest, contentKeys, place)) return { known: newest };
    // A customer may say the same twice within a millisecond, with something else in between.
    const key = hashOf(bot, source, event.session, event.id, String(at), String(newest?.seq ?? 0));
    return { known: null, key, contentKey };
  };
}
