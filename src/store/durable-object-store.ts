/** The record on Workers: the SQLite of one Durable Object, with the same SQL and the same migrations. */
import { z } from "zod";
import type { Database, SessionRecord, Tables, Value } from "./store.ts";
import { createKeptLedgers, forgettingLedgers, type KeptLedgers } from "./tables/handoffs/kept-ledgers.ts";
import { createTables } from "./tables.ts";

/** What is used of a Durable Object's storage. */
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
  /** In their order. */
  migrations: readonly Migration[];
  /** All of them at once, for an object that has nothing yet: each migration by itself goes through the whole schema. */
  schema?: string;
  /** After each commit, with nothing awaited in between: what it writes itself becomes durable together with the commit. */
  committed?: (tables: Tables) => void;
}

/** The versions from `first` to `version`, or that one alone. */
const versionRows = z.array(z.object({ version: z.number().int(), first: z.number().int().nullish() }));
const changesRows = z.tuple([z.object({ n: z.number().int() })]);

/** The object's engine names what went wrong at the end of the message; the rest of Baton looks for a code. */
function withCode(error: unknown): unknown {
  if (!(error instanceof Error) || "code" in error) return error;
  const code = /SQLITE_[A-Z_]+/.exec(error.message)?.[0];
  return code === undefined ? error : Object.assign(error, { code });
}

function coded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw withCode(error);
  }
}

/** A transaction that throws, at its end too, was taken back. */
function takenBackWhole<T>(transaction: () => T, ledgers: KeptLedgers): T {
  try {
    return transaction();
  } catch (error) {
    ledgers.forgetAll();
    throw withCode(error);
  }
}

const isBlob = (value: unknown): value is ArrayBuffer => value instanceof ArrayBuffer;

/** Blobs come as buffers. */
function toRow(row: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(row)) if (isBlob(value)) row[name] = new Uint8Array(value);
  return row;
}

/** One for all SQL of an object, whoever has its storage. */
const ledgersOf = new WeakMap<object, KeptLedgers>();
function keptLedgers(storage: object): KeptLedgers {
  const known = ledgersOf.get(storage) ?? createKeptLedgers();
  ledgersOf.set(storage, known);
  return known;
}

/** An engine over an object's storage, for SQL beside the record's. */
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

/** Versions in a row, as one: each row that is written is paid for, and every new object has all of them. */
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
 * Applies the migrations that an object does not have yet. The set of versions counts, not the newest: the record's own
 * migrations and the object's are numbered apart, so an object that has 1000 may lack a later 6.
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
    // An earlier release wrote each version by itself.
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
 * Opens and, where needed, creates or migrates the tables. A commit resolves at once: the runtime lets no answer and no
 * request out of the object before what was written is durable.
 */
export function createDurableObjectRecord(
  storage: ObjectStorage,
  { migrations, schema, committed }: DurableObjectRecordOptions,
): SessionRecord {
  migrate(storage, migrations, schema);
  const ledgers = keptLedgers(storage);
  // The storage may have been emptied since the last time.
  ledgers.forgetAll();
  const tables = createTables(createEngine(storage), ledgers);
  return {
    async commit(work) {
      const result = takenBackWhole(() => storage.transactionSync(() => work(tables)), ledgers);
      committed?.(tables);
      return result;
    },
    read: (work) => coded(() => work(tables)),
  };
}
