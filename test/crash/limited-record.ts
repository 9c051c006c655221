import { readdirSync, readFileSync } from "node:fs";
import BetterSqlite3 from "better-sqlite3";
import type { Database, Value } from "../../src/store/database.ts";
import { createGroupCommit } from "../../src/store/sqlite/group-commit.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import { createKeptLedgers } from "../../src/store/tables/handoffs/kept-ledgers.ts";
import { createTables } from "../../src/store/tables.ts";

const MIGRATIONS = new URL("../../src/store/migrations/", import.meta.url);
const SCHEMA = readdirSync(MIGRATIONS)
  .sort()
  .map((name) => readFileSync(new URL(name, MIGRATIONS), "utf8"))
  .join("\n");
const WRITES = /^\s*(INSERT|UPDATE|DELETE|COMMIT)/i;

/**
 * SQLite rolls back the statement alone, or the whole transaction, when there is no room. Which of the two depends on where it
 * runs out.
 */
export type TakenBack = "statement" | "transaction";

/** The record's own SQL and group commit over SQLite in memory, on a disk with room for a number of writes. */
export function createLimitedRecord(takenBack: TakenBack) {
  const sqlite = new BetterSqlite3(":memory:");
  sqlite.pragma("foreign_keys = ON");
  sqlite.exec(SCHEMA);
  let left = Number.POSITIVE_INFINITY;
  let refused = 0;

  function make<T>(sql: string, execute: () => T): T {
    if (!WRITES.test(sql)) return execute();
    left -= 1;
    if (left >= 0) return execute();
    refused += 1;
    if (takenBack === "transaction") sqlite.exec("ROLLBACK");
    throw new BetterSqlite3.SqliteError("database or disk is full", "SQLITE_FULL");
  }
  const run = (sql: string, ...parameters: Value[]): number =>
    make(sql, () => sqlite.prepare(sql).run(...parameters).changes);
  const command = (sql: string) => (): void => void run(sql);

  const engine: Database = {
    all: (sql, ...parameters) => make(sql, () => sqlite.prepare(sql).all(...parameters)),
    first: (sql, ...parameters) => make(sql, () => sqlite.prepare(sql).get(...parameters)),
    run,
  };
  const ledgers = createKeptLedgers();
  const tables = createTables(engine, ledgers);
  const commit = createGroupCommit(
    {
      begin: command("BEGIN IMMEDIATE"),
      commit: command("COMMIT"),
      rollback: () => {
        if (sqlite.inTransaction) run("ROLLBACK");
      },
      savepoint: command("SAVEPOINT piece"),
      release: command("RELEASE piece"),
      rollbackToSavepoint: () => {
        run("ROLLBACK TO piece");
        run("RELEASE piece");
      },
      forget: ledgers.forgetAll,
    },
    setImmediate,
  );
  const record: SessionRecord = { commit: (work) => commit(() => work(tables)), read: (work) => work(tables) };
  return {
    record,
    /** Sets the number of writes that the disk takes from now on. */
    takes(writes: number): void {
      left = writes;
    },
    /** Number of writes that found no room. */
    refused: (): number => refused,
  };
}
