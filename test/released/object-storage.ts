import type BetterSqlite3 from "better-sqlite3";
import type { ObjectStorage } from "../../src/store/durable-object-store.ts";

/** A Durable Object's storage over a database of the same engine, so that yesterday's object can be a file of SQL. */
export const createObjectStorage = (sqlite: BetterSqlite3.Database): ObjectStorage => ({
  sql: {
    exec(query, ...bindings) {
      if (bindings.length === 0 && !/^\s*(SELECT|INSERT INTO schema_versions)/.test(query)) {
        sqlite.exec(query);
        return { toArray: () => [] };
      }
      const statement = sqlite.prepare(query);
      const rows = statement.reader ? statement.all(...bindings) : [];
      if (!statement.reader) statement.run(...bindings);
      return { toArray: () => rows as Record<string, unknown>[] };
    },
  },
  transactionSync: (work) => sqlite.transaction(work)(),
});
