/** The record on one machine: a SQLite file through better-sqlite3. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import type { Database, Value } from "../database.ts";
import type { SessionRecord } from "../store.ts";
import { createKeptLedgers } from "../tables/handoffs/kept-ledgers.ts";
import { createTables } from "../tables.ts";
import { type FileLock, lockFile } from "./file-lock.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createPrivateFile, createPrivateFolder, makePrivate } from "./private-file.ts";

/** "BATN" in the file's header: `file` and `db check` recognise a record by it. */
export const APPLICATION_ID = 0x4241_544e;

const MIGRATIONS = new URL("../migrations/", import.meta.url);

/** better-sqlite3 opens an existing WAL file with synchronous=NORMAL, so each connection says FULL for itself. */
const PRAGMAS = [
  "journal_mode = WAL",
  "synchronous = FULL",
  "foreign_keys = ON",
  "busy_timeout = 5000",
  "trusted_schema = OFF",
  // FAST leaves deleted data on pages that become free.
  "secure_delete = ON",
  "cell_size_check = ON",
  "temp_store = MEMORY",
  // Index pages are written again and again. Checkpoints four times as rare as by default write each of them to the file a
  // fraction as often. The WAL stays at 16 MB while no long read runs.
  "wal_autocheckpoint = 4000",
  `journal_size_limit = ${64 * 1024 * 1024}`,
];

export interface SqliteRecord extends SessionRecord {
  /** Sizes of its files, in bytes. */
  sizes(): { database: number; wal: number };
  /** Commits the work that waits, folds the WAL into the file and closes it. */
  close(): Promise<void>;
}

interface SqliteRecordOptions {
  /** Called after each batch of commits, with the number of works in it and its duration. */
  onBatch?: (pieces: number, ms: number) => void;
}

const RECORD_UNUSABLE = "RECORD_UNUSABLE";
const unusable = (message: string): Error => Object.assign(new Error(message), { code: RECORD_UNUSABLE });

/** True if the file cannot be the record. The message says why, and what to do. */
export const isRecordUnusable = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && error.code === RECORD_UNUSABLE;

function lock(path: string): FileLock {
  const locked = lockFile(`${path}.lock`);
  if (locked.ok) return locked.value;
  const who = locked.error.pid === null ? "another process" : `process ${locked.error.pid}`;
  throw unusable(
    `${path} is in use by ${who}: one Baton at a time may have it. Stop that one first, or point DATABASE_PATH at a file of its own. After a crash there is nothing to clean.`,
  );
}

const migrationsInOrder = (): { version: number; sql: string }[] =>
  readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => ({
      version: Number.parseInt(name, 10),
      sql: readFileSync(new URL(name, MIGRATIONS), "utf8"),
    }));

/** Version of the schema that this Baton works on. */
export const schemaVersion = (): number => migrationsInOrder().at(-1)?.version ?? 0;

function migrate(sqlite: BetterSqlite3.Database, path: string): void {
  const migrations = migrationsInOrder();
  const newest = migrations.at(-1)?.version ?? 0;
  const current = Number(sqlite.pragma("user_version", { simple: true }));
  const application = Number(sqlite.pragma("application_id", { simple: true }));
  const isEmpty = sqlite.prepare("SELECT count(*) AS n FROM sqlite_schema").pluck().get() === 0;
  if (!isEmpty && application !== APPLICATION_ID) {
    throw unusable(`${path} is a database of another program. Point DATABASE_PATH at a file of its own.`);
  }
  if (current > newest) {
    throw unusable(
      `${path} has schema version ${current}; this Baton knows up to ${newest}. Start the newer Baton that wrote it, or restore a backup.`,
    );
  }
  for (const { version, sql } of migrations.filter((migration) => migration.version > current)) {
    sqlite
      .transaction(() => {
        sqlite.exec(sql);
        sqlite.pragma(`application_id = ${APPLICATION_ID}`);
        sqlite.pragma(`user_version = ${version}`);
      })
      .immediate();
  }
}

/** Adds the path to an error of the system or of SQLite. */
function explainErrors<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    const says = `${path} cannot be opened as the record: ${error.message}`;
    if (error instanceof BetterSqlite3.SqliteError) throw unusable(`${says} (${error.code}).`);
    if (!("syscall" in error)) throw error;
    throw unusable(`${says}. Give this user a folder to write in, or point DATABASE_PATH at another one.`);
  }
}

/** SQLite gives the files beside the record the mode of the record. */
function keepPrivate(path: string): void {
  createPrivateFolder(dirname(resolve(path)));
  for (const file of [path, `${path}.lock`]) createPrivateFile(file);
  for (const end of ["", "-wal", "-shm", ".lock"]) makePrivate(`${path}${end}`);
}

/** Migrates an empty database once a process. A record in memory starts as a copy of it: a copy takes 1 ms, the migrations take 20. */
let emptyRecord: Buffer | null = null;
function openInMemory(): BetterSqlite3.Database {
  if (emptyRecord === null) {
    const sqlite = new BetterSqlite3(":memory:");
    migrate(sqlite, ":memory:");
    emptyRecord = sqlite.serialize();
    sqlite.close();
  }
  return new BetterSqlite3(emptyRecord);
}

function open(path: string): { sqlite: BetterSqlite3.Database; unlock: () => void } {
  const isFile = path !== ":memory:";
  if (isFile) keepPrivate(path);
  const held = isFile ? lock(path) : null;
  const unlock = () => held?.release();
  const sqlite = isFile ? new BetterSqlite3(path) : openInMemory();
  try {
    for (const pragma of PRAGMAS) sqlite.pragma(pragma);
    if (isFile) migrate(sqlite, path);
    return { sqlite, unlock };
  } catch (error) {
    sqlite.close();
    unlock();
    throw error;
  }
}

/**
 * SQLite looks at bound values to plan a query with `ORDER BY` or `LIMIT ?`, and then compiles the statement again each time that
 * values are bound: 20 to 150 µs. It does not look at an expression such as `+?`, which has the value as it is.
 */
const withoutPeeking = (sql: string): string => sql.replaceAll("?", "+?");

/** Opens the file; creates or migrates it if needed. `:memory:` is for tests. Throws an error that says what to do. */
export function createSqliteRecord(path: string, { onBatch }: SqliteRecordOptions = {}): SqliteRecord {
  const { sqlite, unlock } = explainErrors(path, () => open(path));

  const statements = new Map<string, BetterSqlite3.Statement>();
  const prepared = (sql: string): BetterSqlite3.Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = sqlite.prepare(withoutPeeking(sql));
    statements.set(sql, statement);
    return statement;
  };
  const db: Database = {
    all: (sql: string, ...parameters: Value[]) => prepared(sql).all(...parameters),
    first: (sql: string, ...parameters: Value[]) => prepared(sql).get(...parameters),
    run: (sql: string, ...parameters: Value[]) => prepared(sql).run(...parameters).changes,
  };
  const ledgers = createKeptLedgers();
  const tables = createTables(db, ledgers);

  const command = (sql: string): (() => void) => {
    const statement = sqlite.prepare(sql);
    return () => void statement.run();
  };
  /** The lock keeps other processes out. This sees one that got in while this process was suspended. */
  const dataVersion = path === ":memory:" ? null : sqlite.prepare("PRAGMA data_version").pluck();
  let version = dataVersion?.get();
  const heedOthers = (): void => {
    const now = dataVersion?.get();
    if (now === version) return;
    version = now;
    ledgers.forgetAll();
  };

  const begin = command("BEGIN IMMEDIATE");
  const rollback = command("ROLLBACK");
  const rollbackTo = command("ROLLBACK TO piece");
  const release = command("RELEASE piece");
  const commitBatch = command("COMMIT");
  let begunAt = 0;
  const commit = createGroupCommit(
    {
      begin: () => {
        begunAt = performance.now();
        begin();
        heedOthers();
      },
      commit: (pieces) => {
        commitBatch();
        onBatch?.(pieces, performance.now() - begunAt);
      },
      rollback: () => {
        if (sqlite.inTransaction) rollback();
      },
      savepoint: command("SAVEPOINT piece"),
      release,
      rollbackToSavepoint: () => {
        rollbackTo();
        release();
      },
      forget: ledgers.forgetAll,
    },
    setImmediate,
  );

  /** A long backup may hold up the fold. Then a later checkpoint does it, and no commit waits here. */
  function foldWal(): void {
    sqlite.pragma("busy_timeout = 0");
    sqlite.pragma("wal_checkpoint(TRUNCATE)");
    sqlite.pragma("busy_timeout = 5000");
  }

  const sizeOf = (file: string): number =>
    path === ":memory:" ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);

  return {
    sizes: () => ({ database: sizeOf(path), wal: sizeOf(`${path}-wal`) }),
    commit: (work) => commit(() => work(tables)),
    read: (work) => {
      heedOthers();
      return work(tables);
    },
    async commitErasing(work) {
      const result = await commit(() => work(tables));
      if (path !== ":memory:") foldWal();
      return result;
    },
    close: async () => {
      await commit.idle();
      if (path !== ":memory:") sqlite.pragma("wal_checkpoint(TRUNCATE)");
      sqlite.close();
      unlock();
    },
  };
}
