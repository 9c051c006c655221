/** Reads whole chats of bots from a record's file, one after another: a file of any size needs the memory of one chat. */
import BetterSqlite3 from "better-sqlite3";
import { z } from "zod";

const rowSchema = z.object({
  id: z.number(),
  bot: z.string(),
  session: z.string(),
  epoch: z.number(),
  body: z.string(),
  rule: z.string().nullable(),
  handoffId: z.string().nullable(),
  receivedAt: z.number(),
});
type Row = z.infer<typeof rowSchema>;

interface ReadRound {
  epoch: number;
  events: { body: unknown; receivedAt: number; rule: string | null }[];
  returnedAt: number | null;
}
export interface ReadChat {
  bot: string;
  session: string;
  rounds: ReadRound[];
}

// A chat with any event in the period is read from its beginning: rules count earlier events.
const CHATS = `SELECT s.id, s.bot, s.session, e.epoch, e.body, e.rule, e.handoff_id AS handoffId, e.received_at AS receivedAt
  FROM sessions s JOIN events e ON e.session_id = s.id
  WHERE s.bot IN (SELECT value FROM json_each(?)) AND s.updated_at >= ? AND e.source <> 'conversations' AND e.outcome = 'accepted'
  ORDER BY s.id, e.seq`;
const RETURNED = "SELECT epoch, ended_at AS endedAt FROM handoffs WHERE session_id = ? AND state = 'returned'";
const returnedSchema = z.object({ epoch: z.number(), endedAt: z.number().nullable() });

/** Ends a round at its handoff: later reports of the bot are not compared. */
function toRounds(rows: readonly Row[], returned: readonly z.infer<typeof returnedSchema>[]): ReadRound[] {
  const rounds = Map.groupBy(rows, ({ epoch }) => epoch);
  return [...rounds].map(([epoch, all]) => {
    const end = all.findIndex(({ handoffId, rule }) => handoffId !== null && rule !== null);
    const times = returned.filter((it) => it.epoch < epoch).map(({ endedAt }) => endedAt ?? 0);
    return {
      epoch,
      events: (end === -1 ? all : all.slice(0, end + 1)).map(({ body, receivedAt, rule }) => ({
        body: JSON.parse(body),
        receivedAt,
        rule,
      })),
      returnedAt: times.length === 0 ? null : Math.max(...times),
    };
  });
}

/** Reads chats of bots with an event since a time, in milliseconds since the epoch. Throws SQLite's error for a damaged file. */
export function* readChats(path: string, bots: readonly string[], since: number): Generator<ReadChat> {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
  try {
    // A second connection reads beside the one that iterates.
    const beside = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
    const returned = beside.prepare(RETURNED);
    const toChat = (rows: readonly Row[], { id, bot, session }: Row): ReadChat => ({
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
