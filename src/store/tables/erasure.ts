/** Finds and erases a session in all tables. Tombstones of its events stay, so that Baton recognises a repetition. */
import { z } from "zod";
import { handoffStateSchema } from "../../model/handoff.ts";
import type { Session } from "../../model/session.ts";
import type { Database, Value } from "../database.ts";
import { KEY_WITHOUT_SESSION } from "./event-key.ts";

const busyRow = z.object({ handoffId: z.string(), state: handoffStateSchema });
export type BusyHandoff = z.infer<typeof busyRow>;
const idRows = z.array(z.object({ id: z.string() })).transform((rows) => rows.map(({ id }) => id));
const accountRows = z.array(z.object({ account: z.string() }));
const keyRows = z.array(z.object({ key: z.string() })).transform((rows) => rows.map(({ key }) => key));

/** Handoffs that are open, or over with a step on its way or something left to do. */
export const BUSY = `SELECT id AS handoffId, state FROM handoffs WHERE session_id = ? AND
  (state NOT IN ('returned', 'cancelled') OR due_at IS NOT NULL
   OR EXISTS (SELECT 1 FROM steps WHERE handoff_id = handoffs.id AND steps.state = 'sent')) ORDER BY id DESC LIMIT 1`;
/** The open handoff of another session that this one follows. */
const BUSY_WITH = `SELECT h.id AS handoffId, h.state FROM sessions AS s, handoffs AS h
  WHERE s.id = ? AND h.id = s.follows AND s.epoch = s.follows_epoch AND h.state NOT IN ('returned', 'cancelled')`;
/** Handoffs of other sessions that this one came to. */
const JOINED = `handoff_id IN (SELECT handoff_id FROM events WHERE session_id = ? AND handoff_id IS NOT NULL)
  AND handoff_id NOT IN (SELECT id FROM handoffs WHERE session_id = ?)`;
/** Queried one by one: a Durable Object's engine takes few compound terms. */
const CONVERSATIONS = [
  "SELECT conversation_id AS id FROM handoffs WHERE session_id = ? AND conversation_id IS NOT NULL",
  "SELECT continues AS id FROM handoffs WHERE session_id = ? AND continues IS NOT NULL",
  "SELECT value AS id FROM handoffs, json_each(handoffs.replaces) WHERE session_id = ?",
  "SELECT conversation_id AS id FROM sessions WHERE id = ? AND conversation_id IS NOT NULL",
  "SELECT previous_conversation_id AS id FROM sessions WHERE id = ? AND previous_conversation_id IS NOT NULL",
  `SELECT DISTINCT json_extract(body, '$.conversationId') AS id FROM events
     WHERE session_id = ? AND json_extract(body, '$.conversationId') IS NOT NULL`,
];
/** A tombstone keeps the event's hash and time, and nothing that anybody wrote. */
export const TOMBSTONE = `key = ${KEY_WITHOUT_SESSION}, session_id = NULL, event_id = '', body = '{}', rule = NULL, why = NULL,
  handoff_id = NULL, message = NULL, left_out = NULL`;
const OF_SESSION = "handoff_id IN (SELECT id FROM handoffs WHERE session_id = ?)";
const CALLBACKS_OF_SESSION = "callback_id IN (SELECT id FROM callbacks WHERE session_id = ?)";

/** Pushes from before their conversation was known as a session's name no session. */
const PUSHES = `UPDATE events SET ${TOMBSTONE}
  WHERE session_id IS NULL AND source = 'conversations' AND json_extract(body, '$.conversationId') = ?`;
const CONVERSATION = `DELETE FROM conversations WHERE account = ? AND id = ?
  AND NOT EXISTS (SELECT 1 FROM handoffs WHERE account = ? AND conversation_id = ?)
  AND NOT EXISTS (SELECT 1 FROM sessions WHERE conversation_id = ?)`;

/** Clears the pushes of a conversation that belong to no session. Tombstones stay. */
export const clearPushesOf = (db: Database, conversation: string): number => db.run(PUSHES, conversation);

/** Forgets the state of a conversation, unless another session has it too. */
export const forgetConversation = (db: Database, account: string, id: string): number =>
  db.run(CONVERSATION, account, id, account, id, id);

export interface Erased {
  events: number;
  handoffs: number;
  callbacks: number;
}

export function createErasureTable(db: Database) {
  return {
    /** A handoff whose ledger is still needed. */
    busyOf(sessionId: number): BusyHandoff | null {
      const row = db.first(BUSY, sessionId) ?? db.first(BUSY_WITH, sessionId);
      return row === undefined ? null : busyRow.parse(row);
    },

    /** Ids of the platform's conversations that it was in or named. */
    conversationsOf: (sessionId: number): string[] =>
      [...new Set(CONVERSATIONS.flatMap((query) => idRows.parse(db.all(query, sessionId))))].sort(),

    /** Ids of its events that were made from an `Idempotency-Key`. */
    keyedEventsOf: (sessionId: number): string[] =>
      idRows.parse(
        db.all("SELECT event_id AS id FROM events WHERE session_id = ? AND event_id GLOB 'key-*'", sessionId),
      ),

    /** A bot's `Idempotency-Key`s after `key`, in their order. */
    keysAfter: (bot: string, key: string, limit: number): string[] =>
      keyRows.parse(
        db.all("SELECT key FROM idempotency WHERE bot = ? AND key > ? ORDER BY key LIMIT ?", bot, key, limit),
      ),

    forgetKey: (bot: string, key: string): number =>
      db.run("DELETE FROM idempotency WHERE bot = ? AND key = ?", bot, key),

    /** Erases the rest. A conversation that another session has too stays with that one. */
    erase({ id }: Pick<Session, "id">, account: string | null, conversations: readonly string[]): Erased {
      const ofHandoffs = accountRows.parse(db.all("SELECT DISTINCT account FROM handoffs WHERE session_id = ?", id));
      const accounts = new Set([...ofHandoffs.map((row) => row.account), ...(account === null ? [] : [account])]);
      const remove = (table: string, where: string, ...given: Value[]): number =>
        db.run(`DELETE FROM ${table} WHERE ${where}`, ...given);
      // Words of this session may be in the notes of a handoff that it shared.
      db.run(
        `UPDATE steps SET arguments = json_set(arguments, '$.content', '')
         WHERE ${JOINED} AND json_extract(arguments, '$.kind') = 'note'`,
        id,
        id,
      );
      db.run("UPDATE sessions SET follows = NULL WHERE follows IN (SELECT id FROM handoffs WHERE session_id = ?)", id);
      const events = db.run(`UPDATE events SET ${TOMBSTONE} WHERE session_id = ?`, id);
      remove("callback_attempts", CALLBACKS_OF_SESSION, id);
      const callbacks = remove("callbacks", "session_id = ?", id);
      remove("idempotency", OF_SESSION, id);
      remove("attempts", OF_SESSION, id);
      remove("steps", OF_SESSION, id);
      const handoffs = remove("handoffs", "session_id = ?", id);
      remove("sessions", "id = ?", id);
      for (const of of accounts) {
        for (const conversation of conversations) {
          forgetConversation(db, of, conversation);
        }
      }
      for (const conversation of conversations) clearPushesOf(db, conversation);
      return { events, handoffs, callbacks };
    },
  };
}
export type ErasureTable = ReturnType<typeof createErasureTable>;
