/** Reads whole chats of bots from a record's file, one after another: a file of any size needs the memory of one chat. */
import BetterSqlite3 from "better-sqlite3";
import { z } from "zod";
import { factsSchema } from "../../events/facts.ts";
import { controlSchema } from "../../model/session.ts";

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
}
interface ReadChat {
  bot: string;
  session: string;
  rounds: ReadRound[];
  handoffs: RecordedHandoff[];
}

// A chat with any event in the period is read from its beginning: rules count earlier events.
const CHATS = `SELECT s.id, s.bot, s.session, e.epoch, e.body, e.rule, e.handoff_id AS handoffId, e.received_at AS receivedAt
  FROM sessions s JOIN events e ON e.session_id = s.id
  WHERE s.bot IN (SELECT value FROM json_each(?)) AND s.updated_at >= ? AND e.source <> 'conversations' AND e.outcome = 'accepted'
  ORDER BY s.id, e.seq`;
const OVER = "CASE WHEN state IN ('returned', 'cancelled') THEN coalesce(ended_at, updated_at) END AS overAt";
const HANDOFFS = `SELECT id, epoch, created_at AS openedAt, ${OVER}, state = 'returned' AS isReturned
  FROM handoffs WHERE session_id = ? ORDER BY id`;
const handoffSchema = z.object({
  id: z.string(),
  epoch: z.number(),
  openedAt: z.number(),
  overAt: z.number().nullable(),
  isReturned: z.number().transform((flag) => flag === 1),
});
const handoffsSchema = z.array(handoffSchema);
type RecordedHandoff = z.infer<typeof handoffSchema>;

/** Ends a round at its handoff: later reports of the bot are not compared. */
function toRounds(rows: readonly Row[]): ReadRound[] {
  const rounds = Map.groupBy(rows, ({ epoch }) => epoch);
  return [...rounds].map(([epoch, all]) => {
    const end = all.findIndex(({ handoffId, rule }) => handoffId !== null && rule !== null);
    return {
      epoch,
      events: (end === -1 ? all : all.slice(0, end + 1)).map(({ body, receivedAt, rule }) => ({
        body: JSON.parse(body),
        receivedAt,
        rule,
      })),
    };
  });
}

/** Reads chats of bots with an event since a time, in milliseconds since the epoch. Throws SQLite's error for a damaged file. */
export function* readChats(path: string, bots: readonly string[], since: number): Generator<ReadChat> {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
  try {
    // A second connection reads beside the one that iterates.
    const beside = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
    const handoffs = beside.prepare(HANDOFFS);
    const toChat = (rows: readonly Row[], { id, bot, session }: Row): ReadChat => ({
      bot,
      session,
      rounds: toRounds(rows),
      handoffs: handoffsSchema.parse(handoffs.all(id)),
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
  FROM events WHERE session_id = ? AND source <> 'conversations' AND outcome = 'accepted' ORDER BY seq`;
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
      handoffs: handoffsSchema.parse(sqlite.prepare(HANDOFFS).all(id)),
      now: { ...now, facts: factsSchema.parse(JSON.parse(facts)) },
    };
  } finally {
    sqlite.close();
  }
}
