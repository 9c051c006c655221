import { type KnownConversation, knownConversationSchema } from "../../model/conversation-state.ts";
import type { Database } from "../database.ts";
import { describeColumns, insertInto } from "../rows/columns.ts";

const rows = describeColumns(knownConversationSchema);
const FIND = `SELECT ${rows.select} FROM conversations WHERE account = ? AND id = ?`;
const SAVE = insertInto("conversations", rows.columns).replace("INSERT", "INSERT OR REPLACE");

/** States of conversations, ours or not: a push may come before Baton knows that the conversation is ours. */
export function createConversationTable(db: Database) {
  return {
    find(account: string, id: string): KnownConversation | null {
      const row = db.first(FIND, account, id);
      return row === undefined ? null : rows.read(row);
    },

    save: (known: KnownConversation): void => void db.run(SAVE, ...rows.valuesOf(known)),

    /** Forgets conversations without news since `before`, at most `limit` of the oldest. */
    prune: (before: number, limit: number): number =>
      db.run(
        `DELETE FROM conversations WHERE (account, id) IN
           (SELECT account, id FROM conversations WHERE heard_at < ? ORDER BY heard_at LIMIT ?)`,
        before,
        limit,
      ),
  };
}
export type ConversationTable = ReturnType<typeof createConversationTable>;
