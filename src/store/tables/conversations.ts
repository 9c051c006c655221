import { type KnownConversation, knownConversationSchema } from "../../model/conversation-state.ts";
import type { Database } from "../database.ts";

const COLUMNS = `account, id, status, status_at AS statusAt, assignee, agent_id AS agentId, agent_name AS agentName,
  assignee_at AS assigneeAt, queue_id AS queueId, queue_at AS queueAt, customer_messages AS customerMessages,
  agent_messages AS agentMessages, agent_wrote_at AS agentWroteAt, heard_at AS heardAt`;

/** States of conversations, ours or not: a push may come before Baton knows that the conversation is ours. */
export function createConversationTable(db: Database) {
  return {
    find(account: string, id: string): KnownConversation | null {
      const [row] = db.all(`SELECT ${COLUMNS} FROM conversations WHERE account = ? AND id = ?`, account, id);
      return row === undefined ? null : knownConversationSchema.parse(row);
    },

    save(known: KnownConversation): void {
      db.run(
        `INSERT OR REPLACE INTO conversations (account, id, status, status_at, assignee, agent_id, agent_name, assignee_at,
           queue_id, queue_at, customer_messages, agent_messages, agent_wrote_at, heard_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        known.account,
        known.id,
        known.status,
        known.statusAt,
        known.assignee,
        known.agentId,
        known.agentName,
        known.assigneeAt,
        known.queueId,
        known.queueAt,
        known.customerMessages,
        known.agentMessages,
        known.agentWroteAt,
        known.heardAt,
      );
    },

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
