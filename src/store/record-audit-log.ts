import type { AuditLog } from "./audit-log.ts";
import type { SessionRecord } from "./store.ts";

/** The audit trail in the record beside the service. */
export const createRecordAuditLog = (record: SessionRecord): AuditLog => ({
  begin: (act) => record.commit(({ audit }) => audit.begin(act)),
  end: (seq, outcome) => record.commit(({ audit }) => audit.end(seq, outcome)),
  list: async (filter, limit) => record.read(({ audit }) => audit.list(filter, limit)),
});
