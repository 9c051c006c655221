/** Moves a session, with its newest events, to another record. */

import type { Session } from "../../model/session.ts";
import type { Tables } from "../../store/store.ts";
import type { NewEvent } from "../../store/tables/events.ts";
import { openFor } from "../ledger/conversation/shared-handoff.ts";

/** A session with its newest events, oldest first. */
export interface MovedSession {
  session: Session;
  events: NewEvent[];
}

/** A transcript has so many entries. One message between two objects can carry so many bytes. */
const MOST = { events: 1_000, bytes: 8 * 1024 * 1024 };

export function packSession(tables: Tables, bot: string, name: string): MovedSession | null {
  const session = tables.sessions.find(bot, name);
  return session === null ? null : { session, events: tables.events.newestOfSession(session.id, MOST) };
}

/** Takes a session over, within a commit. A repetition, or an older copy, changes nothing. */
export function unpackSession(tables: Tables, { session, events }: MovedSession): void {
  const found = tables.sessions.find(session.bot, session.session);
  const newest = found === null ? null : tables.events.newestOf(found.id);
  if (newest !== null && newest.receivedAt >= (events.at(-1)?.receivedAt ?? 0)) return;
  const { id } = found ?? tables.sessions.open(session.bot, session.session, session.createdAt);
  for (const event of events) {
    if (tables.events.byKey(event.key, id) === null) tables.events.add({ ...event, sessionId: id });
  }
  // A handoff that is open here decides.
  if (found !== null && openFor(tables, found) !== null) return;
  tables.sessions.save({ ...session, id, follows: null, followsEpoch: null }, session.updatedAt);
}
