/**
 * Keeps ledgers in memory as the rows have them, so that a handoff in work is not read and parsed at each turn. See decision 010.
 * The handoff table replaces an entry with each row that it writes. Any other writer of such rows, a rollback, and another
 * process that got into the file make all entries forgotten.
 */
import type { Ledger } from "../../../model/handoff.ts";
import type { Database } from "../../database.ts";

export interface KeptLedgers {
  get(id: string): Ledger | undefined;
  set(ledger: Ledger): void;
  /** Forgets all, when something other than the handoff table changed the rows. */
  forgetAll(): void;
}

/** More than are in work at once. Each takes some 10 KB. */
const MOST_KEPT = 512;

export function createKeptLedgers(): KeptLedgers {
  const ledgers = new Map<string, Ledger>();
  return {
    get: (id) => ledgers.get(id),
    set(ledger) {
      const { id } = ledger.handoff;
      ledgers.delete(id);
      ledgers.set(id, ledger);
      if (ledgers.size <= MOST_KEPT) return;
      const [oldest] = ledgers.keys();
      if (oldest !== undefined) ledgers.delete(oldest);
    },
    forgetAll: () => ledgers.clear(),
  };
}

const WRITES_LEDGERS = /\b(?:UPDATE(?:\s+OR\s+\w+)?|INTO|DELETE\s+FROM)\s+["'`[]?(?:handoffs|steps)\b/i;

/** Wraps a database for all SQL outside the handoff table: a write to ledgers makes `ledgers` forget them. */
export function forgettingLedgers(db: Database, ledgers: KeptLedgers): Database {
  const known = new Map<string, boolean>();
  const isWrite = (sql: string): boolean => {
    const found = known.get(sql) ?? WRITES_LEDGERS.test(sql);
    known.set(sql, found);
    return found;
  };
  const heed = (sql: string): string => {
    if (isWrite(sql)) ledgers.forgetAll();
    return sql;
  };
  return {
    all: (sql, ...given) => db.all(heed(sql), ...given),
    first: (sql, ...given) => db.first(heed(sql), ...given),
    run: (sql, ...given) => db.run(heed(sql), ...given),
  };
}
