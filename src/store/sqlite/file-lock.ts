/**
 * Locks a record for one process. The operating system holds the lock, through SQLite on a file beside the record, so that it
 * ends with the process, however that ends, and leaves nothing to clean up.
 */
import { accessSync, constants, existsSync } from "node:fs";
import BetterSqlite3 from "better-sqlite3";
import { err, ok, type Result } from "../../result.ts";

export interface FileLock {
  release(): void;
}

/** Another process has the record; `pid` if it is known. */
export type Held = { pid: number | null };

/** Long enough for a predecessor that is about to let go. */
const WAIT_MS = 1_000;

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");

function pidIn(lock: BetterSqlite3.Database): number | null {
  try {
    return Number(lock.prepare("SELECT pid FROM holder").pluck().get()) || null;
  } catch {
    // The holder has not written its id yet, or is writing it.
    return null;
  }
}

/** A full disk must not keep a process from starting: it may have to end earlier work. */
function leavePid(lock: BetterSqlite3.Database): void {
  try {
    lock.exec(`BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL); DELETE FROM holder;`);
    lock.prepare("INSERT INTO holder VALUES (?)").run(process.pid);
    lock.exec("COMMIT");
  } catch (error) {
    if (lock.inTransaction) lock.exec("ROLLBACK");
    if (isBusy(error)) throw error;
  }
}

export function lockFile(path: string): Result<FileLock, Held> {
  const lock = new BetterSqlite3(path, { timeout: WAIT_MS });
  try {
    leavePid(lock);
    // This transaction never ends: others may read the holder's id and cannot begin one.
    lock.exec("BEGIN IMMEDIATE");
  } catch (error) {
    const held = isBusy(error) ? { pid: pidIn(lock) } : null;
    lock.close();
    if (held === null) throw error;
    return err(held);
  }
  return ok({
    release(): void {
      lock.exec("ROLLBACK");
      lock.close();
    },
  });
}

export type Holder =
  | { state: "free" }
  | { state: "held"; pid: number | null }
  | { state: "not-known"; because: string };

/** Finds the holder of a record without taking it: tries the lock for a moment, which writes nothing. */
export function holderOf(path: string): Holder {
  if (!existsSync(path)) return { state: "free" };
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch {
    return { state: "not-known", because: `${path} may not be opened by this user` };
  }
  const lock = new BetterSqlite3(path, { timeout: 0 });
  try {
    lock.exec("BEGIN IMMEDIATE; ROLLBACK");
    return { state: "free" };
  } catch (error) {
    return isBusy(error) ? { state: "held", pid: pidIn(lock) } : { state: "not-known", because: String(error) };
  } finally {
    lock.close();
  }
}
