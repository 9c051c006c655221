import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DEFAULT_DATABASE_PATH } from "../../config.ts";
import { damageChecks, identityCheck } from "../../doctor/database.ts";
import { size } from "../../doctor/figures.ts";
import { openRecordFile, type RecordFile } from "../../store/sqlite/database-file.ts";
import { holderOf } from "../../store/sqlite/file-lock.ts";
import { createSqliteRecord, isRecordUnusable, schemaVersion } from "../../store/sqlite/sqlite-store.ts";
import { Failure, printJson, printTable } from "../support/print.ts";
import { conclude, createPrinter } from "./doctor.ts";

interface DatabaseOptions {
  database?: string;
  json?: boolean;
}

function existing(path = process.env.DATABASE_PATH || DEFAULT_DATABASE_PATH): string {
  if (existsSync(path)) return path;
  throw new Failure(`${path} is not there. DATABASE_PATH or --database says which file; baton serve makes it.`, 2);
}

/** Runs `work` on a file that is opened for reading. */
async function reading<T>(path: string, work: (file: RecordFile) => T | Promise<T>): Promise<T> {
  const opened = openRecordFile(path);
  if (!opened.ok) throw new Failure(`${path} ${opened.error}.`);
  try {
    return await work(opened.value);
  } finally {
    opened.value.close();
  }
}

/** Returns the version of a record; fails if the file is none. */
function versionOf(file: RecordFile, path: string): number {
  const identity = file.identity();
  if (!identity.ok) throw new Failure(`${path} cannot be read: ${identity.error}.`);
  const { isOurs, isEmpty, version } = identity.value;
  if (!isOurs && !isEmpty) throw new Failure(`${path} is a database of another program.`);
  return version;
}

/** Reads the whole file and prints what is wrong with it. */
export async function checkDatabase(given: string | undefined, { database, json = false }: DatabaseOptions) {
  const path = existing(given ?? database);
  await reading(path, (file) => {
    const { check } = identityCheck(file, path);
    const checks = check.name === "file" ? [check] : [check, ...damageChecks(file, "whole")];
    const counts = check.name === "file" ? null : file.counts();
    if (!json) {
      createPrinter()(checks);
      if (counts?.ok) {
        const rows = Object.entries(counts.value).map(([table, n]) => [`  ${table}`, String(n)]);
        console.log();
        if (rows.length > 0) printTable(["  table", "rows"], rows);
      }
    }
    conclude(checks, json);
  });
}

function refuseTarget(target: string, path: string, force: boolean): void {
  if (!existsSync(dirname(resolve(target)))) throw new Failure(`The folder of ${target} is not there.`, 2);
  const there = statSync(target, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isFile()) throw new Failure(`${target} is no file; name the file that the backup shall be.`, 2);
  const source = statSync(path);
  if (there.ino === source.ino && there.dev === source.dev) throw new Failure(`${target} is the database itself.`, 2);
  if (!force) throw new Failure(`${target} already exists; --force replaces it.`);
  const waiting = statSync(`${target}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (waiting > 0 || holderOf(`${target}.lock`).state === "held") {
    throw new Failure(`${target} is in use, or was not closed well (${target}-wal): take another name.`);
  }
}

/** Writes a copy of one moment, while a service may go on. */
export async function backupDatabase(
  target: string,
  { database, json = false, force = false }: DatabaseOptions & { force?: boolean },
): Promise<void> {
  const path = existing(database);
  refuseTarget(target, path, force);
  const isShown = process.stderr.isTTY && !json;
  const progress = (part: number): void => {
    if (isShown) process.stderr.write(`\r  ${Math.round(part * 100)} %`);
  };
  await reading(path, async (file) => {
    const version = versionOf(file, path);
    const copied = await file.backupTo(target, progress);
    if (isShown) process.stderr.write("\r");
    if (!copied.ok) throw new Failure(`${target} ${copied.error}.`);
    const { bytes } = copied.value;
    if (json) printJson({ database: path, target, bytes, version });
    else console.log(`${target}: ${size(bytes)}, schema version ${version}, found sound.`);
  });
}

/** Migrates a file that no service uses to the schema of this Baton. */
export async function migrateDatabase({ database, json = false }: DatabaseOptions): Promise<void> {
  const path = existing(database);
  const from = await reading(path, (file) => versionOf(file, path));
  try {
    await createSqliteRecord(path).close();
  } catch (error) {
    if (isRecordUnusable(error)) throw new Failure(`Not migrated: ${error.message}`);
    throw error;
  }
  const to = schemaVersion();
  if (json) printJson({ database: path, from, to });
  else
    console.log(from === to ? `${path} has schema version ${to} already.` : `${path}: schema version ${from} → ${to}.`);
}
