import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";

/** A record on a real file whose disk can be full, or read-only, for as long as the test wants. */
export function createBreakableRecord() {
  const connections = new Set<BetterSqlite3.Database>();
  const { pragma } = BetterSqlite3.prototype;
  // The limits belong to a connection, and the record does not show its own.
  BetterSqlite3.prototype.pragma = function (this: BetterSqlite3.Database, ...given: Parameters<typeof pragma>) {
    connections.add(this);
    return pragma.apply(this, given);
  };
  const record = createSqliteRecord(join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db"));
  BetterSqlite3.prototype.pragma = pragma;
  const set = (text: string) => {
    for (const connection of connections) connection.pragma(text);
  };
  const pages = () => [...connections].map((it) => Number(it.pragma("page_count", { simple: true })));
  return {
    record,
    /** Keeps pages from being added to the file. */
    fill: () => set(`max_page_count = ${Math.max(...pages())}`),
    free: () => set("max_page_count = 1000000"),
    /** Makes every write fail, however small. */
    lock: () => set("query_only = ON"),
    unlock: () => set("query_only = OFF"),
    integrity: () => [...connections].map((it) => it.pragma("integrity_check", { simple: true })),
  };
}
