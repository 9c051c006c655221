import {
  type Act,
  type AuditEntry,
  type AuditFilter,
  type AuditLog,
  beginQuery,
  endQuery,
  listQuery,
  pruneQuery,
  toAuditEntry,
  toSeq,
} from "../audit-log.ts";
import type { Database, SessionRecord } from "../store.ts";

export function createAuditTable(db: Database) {
  return {
    begin: (act: Act): number => toSeq(db.first(...beginQuery(act))),
    end: (seq: number, outcome: string): void => void db.run(...endQuery(seq, outcome)),
    list: (filter: AuditFilter, limit: number): AuditEntry[] => db.all(...listQuery(filter, limit)).map(toAuditEntry),
    /** Returns how many entries older than `before` went. */
    prune: (before: number, limit: number): number => db.run(...pruneQuery(before, limit)),
  };
}
export type AuditTable = ReturnType<typeof createAuditTable>;

/** The audit trail in the record beside the service. */
export const createRecordAuditLog = (record: SessionRecord): AuditLog => ({
  begin: (act) => record.commit(({ audit }) => audit.begin(act)),
  end: (seq, outcome) => record.commit(({ audit }) => audit.end(seq, outcome)),
  list: async (filter, limit) => record.read(({ audit }) => audit.list(filter, limit)),
});
