/** Reads whole chats of bots from a record's file, one after another: a file of any size needs the memory of one chat. */
import BetterSqlite3 from "better-sqlite3";
import { z } from "zod";
import {
  chatRowSchema,
  DECIDED,
  RETURNED,
  type RecordedChat,
  returnedSchema,
  toRounds,
} from "../tables/flows/recorded-chats.ts";

const rowSchema = chatRowSchema.extend({ id: z.number(), bot: z.string(), session: z.string() });
type Row = z.infer<typeof rowSchema>;

// A chat with any event in the period is read from its beginning: rules count earlier events.
const CHATS = `SELECT s.id, s.bot, s.session, epoch, body, rule, handoff_id AS handoffId, received_at AS receivedAt
  FROM (SELECT id, bot, session, updated_at FROM sessions) s JOIN events e ON e.session_id = s.id
  WHERE s.bot IN (SELECT value FROM json_each(?)) AND s.updated_at >= ? AND ${DECIDED}
  ORDER BY s.id, e.seq`;

/** Reads chats of bots with an event since a time, in milliseconds since the epoch. Throws SQLite's error for a damaged file. */
export function* readChats(path: string, bots: readonly string[], since: number): Generator<RecordedChat> {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
  try {
    // A second connection reads beside the one that iterates.
    const beside = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
    const returned = beside.prepare(RETURNED);
    const toChat = (rows: readonly Row[], { id, bot, session }: Row): RecordedChat => ({
      bot,
      session,
      rounds: toRounds(rows, z.array(returnedSchema).parse(returned.all(id))),
    });
    try {
      let rows: Row[] = [];
      for (const found of sqlite.prepare(CHATS).iterate(JSON.stringify(bots), since)) {
        const row = rowSchema.parse(found);
        const [first] = rows;
        if (first !== undefined && first.id !== row.id) {
          yield toChat(rows, first);
          rows = [];
        }
        rows.push(row);
      }
      const [first] = rows;
      if (first !== undefined) yield toChat(rows, first);
    } finally {
      beside.close();
    }
  } finally {
    sqlite.close();
  }
}
