import { noFacts } from "../../events/facts.ts";
import { type Session, sessionRowSchema } from "../../model/session.ts";
import type { Database } from "../database.ts";
import { describeColumns } from "../rows/columns.ts";

const rows = describeColumns(sessionRowSchema, {
  id: { isFixed: true },
  bot: { isFixed: true },
  session: { isFixed: true },
  agentId: { stored: ({ control, agentId }) => (control === "agent" ? agentId : null) },
  facts: { json: sessionRowSchema.shape.facts },
  version: { isFixed: true },
  createdAt: { isFixed: true },
});
const COLUMNS = rows.select;

// Built once: the engine finds a statement by its text.
const FIND = `SELECT ${COLUMNS} FROM sessions WHERE bot = ? AND session = ?`;
const BY_ID = `SELECT ${COLUMNS} FROM sessions WHERE id = ?`;
const FOLLOWERS = `SELECT ${COLUMNS} FROM sessions WHERE follows = ? AND epoch <= follows_epoch + 1 ORDER BY id`;
/** A push must not cost more and more because a bot begins a session with each message. */
const MOST_IN_ONE = 50;
const OPEN = `INSERT INTO sessions (bot, session, epoch, control, facts, version, created_at, updated_at, quiet_since)
  VALUES (?, ?, 1, 'bot', ?, 0, ?, ?, ?) RETURNING ${COLUMNS}`;

function toSession(row: unknown): Session {
  const { agentId, control, ...common } = rows.read(row);
  return control === "agent" ? { ...common, control, agentId } : { ...common, control };
}
const toRow = (session: Session): Parameters<typeof rows.valuesOf>[0] => ({ agentId: null, ...session });

/** Sessions, by (bot, session). */
export function createSessionTable(db: Database) {
  const one = (row: unknown): Session | null => (row === undefined ? null : toSession(row));
  return {
    find: (bot: string, session: string): Session | null => one(db.first(FIND, bot, session)),

    /** The bots' sessions in a conversation, the newest first. */
    inConversation: (conversationId: string, bots: readonly string[]): Session[] =>
      db
        .all(
          `SELECT ${COLUMNS} FROM sessions WHERE conversation_id = ? AND bot IN (${bots.map(() => "?").join(", ")})
           ORDER BY updated_at DESC LIMIT ${MOST_IN_ONE}`,
          conversationId,
          ...bots,
        )
        .map(toSession),

    /** Sessions that follow a handoff, or followed it and have not begun a new round since. */
    followersOf: (handoffId: string): Session[] => db.all(FOLLOWERS, handoffId).map(toSession),

    /** Sessions behind this id, in the order of their ids. */
    after: (id: number, limit: number): Session[] =>
      db.all(`SELECT ${COLUMNS} FROM sessions WHERE id > ? ORDER BY id LIMIT ?`, id, limit).map(toSession),

    byId: (id: number): Session | null => one(db.first(BY_ID, id)),

    /** Creates a session: the bot has the customer, and nothing is known. */
    open(bot: string, session: string, now: number): Session {
      return toSession(db.first(OPEN, bot, session, JSON.stringify(noFacts), now, now, now));
    },

    /**
     * `before`: the row as it is, if that is known. Then only what changed is written: the engine rewrites each index on a column
     * that an UPDATE names, changed or not.
     */
    save(session: Session, now: number, before: Session | null = null): void {
      const changed = rows.changes(before === null ? null : toRow(before), { ...toRow(session), updatedAt: now });
      const set = changed.map(([column]) => `${column} = ?, `).join("");
      db.run(
        `UPDATE sessions SET ${set}version = version + 1 WHERE id = ?`,
        ...changed.map(([, it]) => it),
        session.id,
      );
    },
  };
}
export type SessionTable = ReturnType<typeof createSessionTable>;
