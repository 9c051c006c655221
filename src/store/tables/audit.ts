import {
  type Act,
  type AuditEntry,
  type AuditFilter,
  beginQuery,
  endQuery,
  listQuery,
  pruneQuery,
  toAuditEntry,
  toSeq,
} from "../audit-log.ts";
import type { Database } from "../database.ts";

export function createAuditTable(db: Database) {
  return {
    begin: (act: Act): number => toSeq(db.first(...beginQuery(act))),
    end: (seq: number, outcome: string): void => void db.run(...endQuery(seq, outcome)),
    list: (filter: AuditFilter, limit: number): AuditEntry[] => db.all(...listQuery(filter, limit)).map(toAuditEntry),
    /** Returns the number of removed entries older than `before`. */
    prune: (before: number, limit: number): number => db.run(...pruneQuery(before, limit)),
  };
}
export type AuditTable = ReturnType<typeof createAuditTable>;
