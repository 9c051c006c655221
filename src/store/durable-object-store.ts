/** The record on Workers: the SQLite of one Durable Object, with the same SQL and migrations as on Node. */
import { z } from "zod";
import type { Database, Value } from "./database.ts";
import type { SessionRecord, Tables } from "./store.ts";
import { createKeptLedgers, forgettingLedgers, type KeptLedgers } from "./tables/handoffs/kept-ledgers.ts";
import { createTables } from "./tables.ts";

/** The part of a Durable Object's storage that the record uses. */
export interface ObjectStorage {
  sql: { exec(sql: string, ...bindings: (string | number | null | ArrayBuffer | ArrayBufferView)[]): Cursor };
  transactionSync<T>(work: () => T): T;
}
type Cursor = { toArray(): Record<string, unknown>[] };

export interface Migration {
  version: number;
  sql: string;
}

interface DurableObjectRecordOptions {
  /** Sorted by version. */
  migrations: readonly Migration[];
  /** The whole schema at once, for an object that has none: each migration by itself goes through all of it. */
  schema?: string;
  /** Called after each commit, with nothing awaited in between: its writes become durable together with the commit. */
  committed?: (tables: Tables) => void;
}

/** The versions from `first` to `version`; without `first` that one alone. */
const versionRows = z.array(z.object({ version: z.number().int(), first: z.number().int().nullish() }));
const changesRows = z.tuple([z.object({ n: z.number().int() })]);

/** The object's engine puts the code of an error at the end of the message; the rest of Baton looks for `code`. */
function withCode(error: unknown): unknown {
  if (!(error instanceof Error) || "code" in error) return error;
  const code = /SQLITE_[A-Z_]+/.exec(error.message)?.[0];
  return code === undefined ? error : Object.assign(error, { code });
}

function withErrorCode<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw withCode(error);
  }
}

/** Runs a transaction and forgets kept ledgers if it throws, at its end too: it was rolled back. */
function takenBackWhole<T>(transaction: () => T, ledgers: KeptLedgers): T {
  try {
    return transaction();
  } catch (error) {
    ledgers.forgetAll();
    throw withCode(error);
  }
}

const isBlob = (value: unknown): value is ArrayBuffer => value instanceof ArrayBuffer;

/** The engine returns blobs as buffers. */
function toRow(row: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(row)) if (isBlob(value)) row[name] = new Uint8Array(value);
  return row;
}

/** One for all SQL of an object, whichever code has its storage. */
const ledgersOf = new WeakMap<object, KeptLedgers>();
function keptLedgers(storage: object): KeptLedgers {
  const known = ledgersOf.get(storage) ?? createKeptLedgers();
  ledgersOf.set(storage, known);
  return known;
}

/** Creates an engine over an object's storage, for SQL beside the record's. */
export const createObjectDatabase = (storage: Pick<ObjectStorage, "sql">): Database =>
  forgettingLedgers(createEngine(storage), keptLedgers(storage));

function createEngine({ sql }: Pick<ObjectStorage, "sql">): Database {
  return {
    all: (query: string, ...parameters: Value[]) =>
      sql
        .exec(query, ...parameters)
        .toArray()
        .map(toRow),
    first: (query: string, ...parameters: Value[]) => {
      const [row] = sql.exec(query, ...parameters).toArray();
      return row === undefined ? undefined : toRow(row);
    },
    run: (query: string, ...parameters: Value[]) => {
      sql.exec(query, ...parameters);
      // A cursor counts the rows of indexes too.
      return changesRows.parse(sql.exec("SELECT changes() AS n").toArray())[0].n;
    },
  };
}

/** Joins versions in a row: each written row is paid for, and every new object has all versions. */
function toRanges(versions: readonly number[]): { first: number; last: number }[] {
  const ranges: { first: number; last: number }[] = [];
  for (const version of versions) {
    const range = ranges.at(-1);
    if (range?.last === version - 1) range.last = version;
    else ranges.push({ first: version, last: version });
  }
  return ranges;
}

/**
 * Applies the migrations that an object lacks. The set of versions counts, not the newest: the record's own migrations and the
 * object's have separate numbers, so an object that has 1000 may lack a later 6.
 */
function migrate(storage: ObjectStorage, migrations: readonly Migration[], schema: string | undefined): void {
  const { sql } = storage;
  sql.exec("CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, first INTEGER) STRICT");
  const ranges = versionRows.parse(sql.exec("SELECT * FROM schema_versions").toArray());
  const isApplied = (version: number): boolean =>
    ranges.some(({ version: last, first }) => version <= last && version >= (first ?? last));
  const missing = migrations.filter(({ version }) => !isApplied(version));
  if (missing.length === 0) return;
  storage.transactionSync(() => {
    // An earlier release wrote one row for each version.
    if (ranges.some(({ first }) => first === undefined)) {
      sql.exec("ALTER TABLE schema_versions ADD COLUMN first INTEGER");
    }
    if (schema !== undefined && ranges.length === 0) sql.exec(schema);
    else for (const migration of missing) sql.exec(migration.sql);
    for (const { first, last } of toRanges(missing.map(({ version }) => version))) {
      sql.exec("INSERT INTO schema_versions (version, first) VALUES (?, ?)", last, first);
    }
  });
}

/**
 * Opens the tables; creates or migrates them if needed. A commit resolves at once: the runtime holds back answers and requests of
 * the object until its writes are durable.
 */
export function createDurableObjectRecord(
  storage: ObjectStorage,
  { migrations, schema, committed }: DurableObjectRecordOptions,
): SessionRecord {
  migrate(storage, migrations, schema);
  const ledgers = keptLedgers(storage);
  // The storage may have been emptied in between.
  ledgers.forgetAll();
  const tables = createTables(createEngine(storage), ledgers);
  return {
    async commit(work) {
      const result = takenBackWhole(() => storage.transactionSync(() => work(tables)), ledgers);
      committed?.(tables);
      return result;
    },
    read: (work) => withErrorCode(() => work(tables)),
  };
}
