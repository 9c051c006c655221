/** The audit trail on Workers, in D1 beside the lists. */
import {
  type AuditLog,
  beginQuery,
  endQuery,
  KEEP_AUDIT_MS,
  listQuery,
  pruneQuery,
  toAuditEntry,
  toSeq,
} from "../../store/audit-log.ts";

const PRUNE_AT_ONCE = 100;

export function createD1AuditLog(d1: D1Database): AuditLog {
  const prepare = ([sql, ...parameters]: ReturnType<typeof beginQuery>) => d1.prepare(sql).bind(...parameters);
  return {
    async begin(act) {
      const prune = prepare(pruneQuery(act.at - KEEP_AUDIT_MS, PRUNE_AT_ONCE));
      const [begun] = await d1.batch([prepare(beginQuery(act)), prune]);
      return toSeq(begun?.results[0]);
    },
    async end(seq, outcome) {
      await prepare(endQuery(seq, outcome)).run();
    },
    async list(filter, limit) {
      const { results } = await prepare(listQuery(filter, limit)).all();
      return results.map(toAuditEntry);
    },
  };
}
