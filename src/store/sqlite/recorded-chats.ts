/** Reads whole chats of bots from a record's file, one after another: a file of any size needs the memory of one chat. */
import BetterSqlite3 from "better-sqlite3";
import { z } from "zod";
import { factsSchema } from "../../events/facts.ts";
import { controlSchema } from "../../model/session.ts";
import {
  chatHandoffsSchema,
  chatRowSchema,
  DECIDED,
  HANDOFFS,
  type RecordedChat,
  toRounds,
} from "../tables/flows/recorded-chats.ts";

const rowSchema = chatRowSchema.extend({ id: z.number(), bot: z.string(), session: z.string() });
type Row = z.infer<typeof rowSchema>;

// A chat with any event in the period is read from its beginning: rules count earlier events.
const CHATS = `SELECT s.id, s.bot, s.session, e.epoch, e.body, e.rule, e.handoff_id AS handoffId, e.received_at AS receivedAt
  FROM sessions s JOIN events e ON e.session_id = s.id
  WHERE s.bot IN (SELECT value FROM json_each(?)) AND s.updated_at >= ? AND ${DECIDED} AND e.epoch IS NOT NULL
  ORDER BY s.id, e.seq`;

/** Reads chats of bots with an event since a time, in milliseconds since the epoch. Throws SQLite's error for a damaged file. */
export function* readChats(path: string, bots: readonly string[], since: number): Generator<RecordedChat> {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
  try {
    // A second connection reads beside the one that iterates.
    const beside = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
    const handoffs = beside.prepare(HANDOFFS);
    const toChat = (rows: readonly Row[], { id, bot, session }: Row): RecordedChat => ({
      bot,
      session,
      rounds: toRounds(rows),
      handoffs: chatHandoffsSchema.parse(handoffs.all(id)),
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

const SESSION = `SELECT id, epoch, control, facts, returned_at AS returnedAt, created_at AS createdAt, updated_at AS updatedAt
  FROM sessions WHERE bot = ? AND session = ?`;
const EVENTS = `SELECT seq, event_id AS id, epoch, body, received_at AS receivedAt, rule, handoff_id AS handoffId
  FROM events WHERE session_id = ? AND ${DECIDED} ORDER BY seq`;
const sessionSchema = z.object({
  id: z.number(),
  epoch: z.number(),
  control: controlSchema,
  facts: z.string(),
  returnedAt: z.number().nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
const eventsSchema = z.array(
  z.object({
    seq: z.number(),
    id: z.string(),
    epoch: z.number().nullable(),
    body: z.string().transform((text): unknown => JSON.parse(text)),
    receivedAt: z.number(),
    rule: z.string().nullable(),
    handoffId: z.string().nullable(),
  }),
);

/** Reads everything that explains the decisions on a session's events; null: the bot has no such session. */
export function readSessionHistory(path: string, bot: string, session: string) {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
  try {
    const row = sqlite.prepare(SESSION).get(bot, session);
    if (row === undefined) return null;
    const { id, createdAt, facts, ...now } = sessionSchema.parse(row);
    return {
      ...{ bot, session, createdAt },
      events: eventsSchema.parse(sqlite.prepare(EVENTS).all(id)),
      handoffs: chatHandoffsSchema.parse(sqlite.prepare(HANDOFFS).all(id)),
      now: { ...now, facts: factsSchema.parse(JSON.parse(facts)) },
    };
  } finally {
    sqlite.close();
  }
}
