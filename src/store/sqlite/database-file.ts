/** The record's file for an operator: opened for reading only, whether a service uses it or not. */
import { closeSync, constants, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { z } from "zod";
import { err, ok, type Result } from "../../result.ts";
import { createSecretUseTable } from "../tables/secret-uses.ts";
import { createPrivateFile } from "./private-file.ts";
import { APPLICATION_ID } from "./sqlite-store.ts";

const TABLES = ["sessions", "events", "handoffs", "steps", "attempts", "idempotency"] as const;
export type Counts = Partial<Record<(typeof TABLES)[number], number>>;

const workSchema = z.object({
  parked: z.number(),
  pending: z.number(),
  /** Number of handoffs pending since before the given time. */
  late: z.number(),
  /** Number of handoffs deferred until before the given time. */
  overdue: z.number(),
});

const quietSchema = z.object({
  /** Not later than its last change. */
  since: z.number(),
  updatedAt: z.number(),
});

/** SQLite's check stops after so many lines. */
const LINES = 20;
const PAGES_AT_ONCE = 1_000;

/** Returns SQLite's own message about a file. */
function complaint(error: unknown): string {
  if (error instanceof BetterSqlite3.SqliteError) return `${error.message} (${error.code})`;
  throw error;
}

/** Tells why this user may not open the file; null: they may. */
function objection(path: string): string | null {
  const { uid, size } = statSync(path);
  const me = process.getuid?.() ?? uid;
  // SQLite leaves a shared-memory file beside a file that no process has open; the service could not use another user's.
  if (size > 0 && me !== 0 && me !== uid && !existsSync(`${path}-shm`)) {
    return "belongs to another user, and no service has it open: run this as the user the service runs as";
  }
  return null;
}

/** Opens an existing file. The error completes a sentence that begins with its path. */
export function openRecordFile(path: string) {
  const because = objection(path);
  if (because !== null) return err(because);
  let sqlite: BetterSqlite3.Database;
  try {
    sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
  } catch (error) {
    return err(`cannot be opened: ${complaint(error)}`);
  }
  const number = (sql: string, ...parameters: number[]): number | null => {
    const value: unknown = sqlite
      .prepare(sql)
      .pluck()
      .get(...parameters);
    return typeof value === "number" ? value : null;
  };
  const lines = (pragma: string): string[] =>
    z
      .array(z.string())
      .parse(sqlite.prepare(`PRAGMA ${pragma}(${LINES})`).pluck().all())
      .flatMap((row) => row.split("\n"))
      .filter((line) => line !== "ok" && !line.startsWith("***"));
  /** Returns the result of `look`, or SQLite's complaint. */
  const tried = <T>(look: () => T): Result<T, string> => {
    try {
      return ok(look());
    } catch (error) {
      return err(complaint(error));
    }
  };
  const pragma = (name: string): number => Number(sqlite.pragma(name, { simple: true }));

  return ok({
    /** Owner of the file, and version of its schema; 0: the file is empty. */
    identity: () =>
      tried(() => ({
        isOurs: pragma("application_id") === APPLICATION_ID,
        isEmpty: number("SELECT count(*) FROM sqlite_schema") === 0,
        version: pragma("user_version"),
      })),

    /** Damage to the file's structure. `whole` also compares each index with its table. */
    damage: (depth: "quick" | "whole") => tried(() => lines(depth === "quick" ? "quick_check" : "integrity_check")),

    /** Number of rows that refer to a missing row. */
    danglingRows: () => tried(() => sqlite.prepare("PRAGMA foreign_key_check").all().length),

    counts: () =>
      tried((): Counts => {
        const there = z.array(z.string()).parse(sqlite.prepare("SELECT name FROM sqlite_schema").pluck().all());
        const counted = TABLES.filter((table) => there.includes(table));
        return Object.fromEntries(counted.map((table) => [table, number(`SELECT count(*) FROM ${table}`) ?? 0]));
      }),

    /** Counts of work that waits, and of work that should not wait any more. */
    work: (before: number) =>
      tried(() =>
        workSchema.parse(
          sqlite
            .prepare(
              `SELECT (SELECT count(*) FROM handoffs WHERE state NOT IN ('returned') AND state = 'parked') AS parked,
                 (SELECT count(*) FROM handoffs WHERE state NOT IN ('returned') AND state = 'pending') AS pending,
                 (SELECT count(*) FROM handoffs WHERE state NOT IN ('returned') AND state = 'pending' AND created_at < @before) AS late,
                 (SELECT count(*) FROM handoffs WHERE state NOT IN ('returned') AND state = 'deferred' AND deferred_until < @before) AS overdue`,
            )
            .get({ before }),
        ),
      ),

    /** Time of the newest write, by the last handoffs and events; null: the file has none. */
    newest: () =>
      tried(() =>
        number(
          `SELECT max(at) FROM (SELECT updated_at AS at FROM (SELECT updated_at FROM handoffs ORDER BY id DESC LIMIT 100)
             UNION ALL SELECT received_at FROM (SELECT received_at FROM events ORDER BY seq DESC LIMIT 1))`,
        ),
      ),

    /** The session that retention looks at next; null: there is none. */
    longestQuiet: () =>
      tried(() =>
        quietSchema
          .nullable()
          .parse(
            sqlite
              .prepare(
                "SELECT quiet_since AS since, updated_at AS updatedAt FROM sessions ORDER BY quiet_since LIMIT 1",
              )
              .get() ?? null,
          ),
      ),

    secretUses: (bot: string) =>
      tried(() =>
        createSecretUseTable({
          all: (sql, ...given) => sqlite.prepare(sql).all(...given),
          run: () => 0,
        }).of(bot),
      ),

    /**
     * Writes a backup of one moment with SQLite's online backup, while a service may go on writing. The copy gets its name once
     * it is whole, on the disk and checked. The error completes a sentence that begins with the target.
     */
    async backupTo(target: string, onProgress: (part: number) => void): Promise<Result<{ bytes: number }, string>> {
      const temporary = `${target}.${process.pid}.tmp`;
      try {
        createPrivateFile(temporary, { isNew: true });
        // A transaction of our own keeps to one moment: otherwise each commit of the service restarts the copy.
        sqlite.exec("BEGIN");
        const version = pragma("user_version");
        await sqlite.backup(temporary, {
          progress: ({ totalPages, remainingPages }) => {
            onProgress(totalPages === 0 ? 1 : 1 - remainingPages / totalPages);
            return PAGES_AT_ONCE;
          },
        });
        const unsound = soundness(temporary, version);
        if (unsound !== null) return err(`was not written: ${unsound}`);
        sync(temporary);
        renameSync(temporary, target);
        sync(dirname(target));
        return ok({ bytes: statSync(target).size });
      } catch (error) {
        return err(`was not written: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        if (sqlite.inTransaction) sqlite.exec("ROLLBACK");
        for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(`${temporary}${end}`, { force: true });
      }
    },

    close: () => void sqlite.close(),
  });
}
export type RecordFile = Extract<ReturnType<typeof openRecordFile>, { ok: true }>["value"];

/**
 * Checks a copy and returns its damage; null: none. The copy has no write-ahead log, also after the check, so that it is one
 * file. The service that opens it turns the log on again.
 */
function soundness(path: string, version: number): string | null {
  const copy = new BetterSqlite3(path, { fileMustExist: true });
  try {
    copy.pragma("journal_mode = DELETE");
    const found = copy.pragma("integrity_check", { simple: true });
    if (found !== "ok") return `the copy is damaged: ${String(found)}`;
    const copied = Number(copy.pragma("user_version", { simple: true }));
    return copied === version ? null : `the copy has schema version ${copied}, the record ${version}`;
  } finally {
    copy.close();
  }
}

/** Syncs a file, or a folder's entries. */
function sync(path: string): void {
  const file = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
