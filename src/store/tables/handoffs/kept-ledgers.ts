/**
 * Keeps ledgers in memory as the rows have them, so that a handoff in work is not read and parsed at each turn. See decision 010.
 * The handoff table replaces an entry with each row that it writes. Any other writer of such rows, a rollback, and another
 * process that got into the file make all entries forgotten.
 */
import type { Ledger } from "../../../model/handoff.ts";
import type { Database } from "../../database.ts";
import { createKeptCounts, type KeptCounts } from "./kept-counts.ts";

export interface KeptLedgers {
  get(id: string): Ledger | undefined;
  set(ledger: Ledger): void;
  /** Forgets the ledgers, when something other than the handoff table wrote such rows. */
  forgetLedgers(): void;
  /** Numbers of the handoffs by state. */
  counts: KeptCounts;
  /** Forgets everything, when the rows are not known any more to be as they were written. */
  forgetAll(): void;
}

/** More than are in work at once. Each takes some 10 KB. */
const MOST_KEPT = 512;

export function createKeptLedgers(): KeptLedgers {
  const ledgers = new Map<string, Ledger>();
  const counts = createKeptCounts();
  return {
    counts,
    get: (id) => ledgers.get(id),
    set(ledger) {
      const { id } = ledger.handoff;
      ledgers.delete(id);
      ledgers.set(id, ledger);
      if (ledgers.size <= MOST_KEPT) return;
      const [oldest] = ledgers.keys();
      if (oldest !== undefined) ledgers.delete(oldest);
    },
    forgetLedgers: () => ledgers.clear(),
    forgetAll() {
      ledgers.clear();
      counts.forgetAll();
    },
  };
}

type Forget = (ledgers: KeptLedgers) => void;
const forgetNothing: Forget = () => undefined;
const WRITES: readonly [statement: RegExp, forget: Forget][] = [
  [/\bUPDATE\s+handoffs\s+SET\b.*\bstate\s*=.*\bWHERE\b|\bINTO\s+handoffs\b/is, ({ forgetAll }) => forgetAll()],
  [
    /\bDELETE\s+FROM\s+handoffs\b/i,
    (ledgers) => {
      ledgers.forgetLedgers();
      // Only handoffs that are over are removed, and nobody counts those that returned.
      ledgers.counts.forget("cancelled");
      ledgers.counts.forget("returned");
    },
  ],
  [
    /\b(?:UPDATE(?:\s+OR\s+\w+)?|INTO|DELETE\s+FROM)\s+["'`[]?(?:handoffs|steps)\b/i,
    ({ forgetLedgers }) => forgetLedgers(),
  ],
];

/** Wraps a database for all SQL outside the handoff table: a write of such rows makes `ledgers` forget what it keeps of them. */
export function forgettingLedgers(db: Database, ledgers: KeptLedgers): Database {
  const known = new Map<string, Forget>();
  const heed = (sql: string): string => {
    const forget = known.get(sql) ?? WRITES.find(([statement]) => statement.test(sql))?.[1] ?? forgetNothing;
    known.set(sql, forget);
    forget(ledgers);
    return sql;
  };
  return {
    all: (sql, ...given) => db.all(heed(sql), ...given),
    first: (sql, ...given) => db.first(heed(sql), ...given),
    run: (sql, ...given) => db.run(heed(sql), ...given),
  };
}
