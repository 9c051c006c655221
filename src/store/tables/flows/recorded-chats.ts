/** Recorded chats of bots, as a backtest reads them. */
import { z } from "zod";
import type { Database } from "../../database.ts";

export const chatRowSchema = z.object({
  epoch: z.number(),
  body: z.string(),
  rule: z.string().nullable(),
  handoffId: z.string().nullable(),
  receivedAt: z.number(),
});
type ChatRow = z.infer<typeof chatRowSchema>;
export const chatHandoffsSchema = z.array(
  z.object({
    id: z.string(),
    epoch: z.number(),
    openedAt: z.number(),
    overAt: z.number().nullable(),
    isReturned: z.number().transform((flag) => flag === 1),
  }),
);

interface RecordedRound {
  epoch: number;
  events: { body: unknown; receivedAt: number; rule: string | null }[];
}
export interface RecordedChat {
  bot: string;
  session: string;
  rounds: RecordedRound[];
  handoffs: z.infer<typeof chatHandoffsSchema>;
}

/** Reports of a bot, as far as a decision was made on them. */
export const DECIDED = "source <> 'conversations' AND outcome = 'accepted'";
export const HANDOFFS = `SELECT id, epoch, created_at AS openedAt,
    CASE WHEN state IN ('returned', 'cancelled') THEN coalesce(ended_at, updated_at) END AS overAt, state = 'returned' AS isReturned
  FROM handoffs WHERE session_id = ? ORDER BY id`;

/** Ends a round at its handoff: later reports of the bot are not compared. `rows`: in their order. */
export function toRounds(rows: readonly ChatRow[]): RecordedRound[] {
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

const placeRow = z.object({
  seq: z.number(),
  sessionId: z.number().nullable(),
  bot: z.string(),
  receivedAt: z.number(),
});
const nameRow = z.object({ bot: z.string(), session: z.string() });

const PLACES = `SELECT seq, session_id AS sessionId, bot, received_at AS receivedAt FROM events
  WHERE seq < ? ORDER BY seq DESC LIMIT ?`;
const EVENTS = `SELECT epoch, body, rule, handoff_id AS handoffId, received_at AS receivedAt FROM events
  WHERE session_id = ? AND ${DECIDED} AND epoch IS NOT NULL ORDER BY seq DESC LIMIT ?`;
const NAMES = "SELECT bot, session FROM sessions WHERE id = ?";

export function createRecordedChatTable(db: Database) {
  return {
    /** A page of all events, the newest first: a search for chats with news goes along them. */
    placesBefore: (seq: number, limit: number): z.infer<typeof placeRow>[] =>
      db.all(PLACES, seq, limit).map((row) => placeRow.parse(row)),

    /** A chat with the newest `most` of its events; null: its session is gone. */
    find(sessionId: number, most: number): RecordedChat | null {
      const named = db.first(NAMES, sessionId);
      if (named === undefined) return null;
      const rows = db.all(EVENTS, sessionId, most).map((row) => chatRowSchema.parse(row));
      const handoffs = chatHandoffsSchema.parse(db.all(HANDOFFS, sessionId));
      return { ...nameRow.parse(named), rounds: toRounds(rows.reverse()), handoffs };
    },
  };
}
export type RecordedChatTable = ReturnType<typeof createRecordedChatTable>;
