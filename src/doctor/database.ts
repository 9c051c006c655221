import { existsSync, statSync } from "node:fs";
import type { Result } from "../result.ts";
import { useOf } from "../store/secret-uses.ts";
import { openRecordFile, type RecordFile } from "../store/sqlite/database-file.ts";
import { holderOf } from "../store/sqlite/file-lock.ts";
import { schemaVersion } from "../store/sqlite/sqlite-store.ts";
import { type Check, checksOf } from "./check.ts";
import { count, size, span } from "./figures.ts";

const database = checksOf("database");

/** A checkpoint leaves it at this size. */
const WAL_WARNING = 64 * 1024 * 1024;
/** A handoff that is pending for longer waits for something. */
const LATE_MS = 60_000;
/** A secret that was watched for this time without a use is not in use. */
const UNUSED_MS = 7 * 86_400_000;
/** A service has forgotten expired sessions by then, however many there are. */
const FORGOTTEN_WITHIN_MS = 2 * 86_400_000;

export interface Examined {
  checks: Check[];
  /** Time of the newest row; null: not known. */
  newest: number | null;
}
const only = (...checks: Check[]): Examined => ({ checks, newest: null });

function holderCheck(path: string): Check {
  const holder = holderOf(`${path}.lock`);
  switch (holder.state) {
    case "free":
      return database.ok("service", "none has the file now");
    case "held":
      return database.ok("service", `process ${holder.pid ?? "(of another kind)"} has the file`);
    case "not-known":
      return database.skipped("service", `whether one has the file cannot be told: ${holder.because}`);
  }
}

function walCheck(path: string): Check {
  const bytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes <= WAL_WARNING) return database.ok("write-ahead log", size(bytes));
  return database.warning(
    "write-ahead log",
    `${size(bytes)}: something reads for so long that it cannot be folded into the file; end it, or start the service anew`,
  );
}

/** Most findings of SQLite to print. */
const SHOWN = 3;
const restore = "keep the file, stop the service, and restore a backup (docs/operations.md)";

/** Finds damage in a file; for `depth` see `damage`. */
export function damageChecks(file: RecordFile, depth: "quick" | "whole"): Check[] {
  const found = file.damage(depth);
  const lines = found.ok ? found.value : [found.error];
  if (lines.length > 0) {
    const more = lines.length > SHOWN ? `, and ${lines.length - SHOWN} more` : "";
    const says = `the file is damaged: ${lines.slice(0, SHOWN).join("; ")}${more}; ${restore}`;
    return [database.failure("integrity", says)];
  }
  const dangling = file.danglingRows();
  const name = depth === "quick" ? "quick check" : "integrity check";
  if (!dangling.ok) return [database.failure("integrity", `the file is damaged: ${dangling.error}; ${restore}`)];
  if (dangling.value === 0)
    return [database.ok("integrity", `SQLite's ${name} finds nothing wrong, all references hold`)];
  const rows = count(dangling.value, "row refers", "rows refer");
  return [database.failure("references", `${rows} to rows that are not there; ${restore}`)];
}

/** Checks the file's program and schema; `isCurrent`: further checks can read it. */
export function identityCheck(file: RecordFile, path: string): { check: Check; isCurrent: boolean } {
  const identity = file.identity();
  const not = (check: Check) => ({ check, isCurrent: false });
  if (!identity.ok) {
    const isDamaged = /SQLITE_(CORRUPT|NOTADB)/.test(identity.error);
    const then = isDamaged ? restore : "see that this user may read the file and write to its folder";
    return not(database.failure("file", `${path} cannot be read: ${identity.error}; ${then}`));
  }
  const { isOurs, isEmpty, version } = identity.value;
  const current = schemaVersion();
  if (isEmpty) return not(database.ok("schema", "the file is empty: baton serve fills it"));
  if (!isOurs) {
    return not(
      database.failure("file", `${path} is a database of another program; point DATABASE_PATH at a file of its own`),
    );
  }
  if (version > current) {
    const says = `version ${version}, and this Baton knows up to ${current}; start the newer Baton that wrote it`;
    return not(database.failure("schema", says));
  }
  if (version < current) {
    const says = `version ${version} of ${current}: the next baton serve, or baton db migrate, brings it up; back it up before`;
    return not(database.warning("schema", says));
  }
  return { check: database.ok("schema", `version ${version}, which is the newest`), isCurrent: true };
}

function workChecks(file: RecordFile, now: number): Check[] {
  const work = file.work(now - LATE_MS);
  if (!work.ok) return [database.failure("handoffs", `they cannot be read: ${work.error}`)];
  const { parked, pending, late, overdue } = work.value;
  const found = [
    ...(parked > 0 ? [`${parked} parked: baton handoffs list --state parked says why`] : []),
    ...(late > 0 ? [`${late} pending for more than a minute: baton handoffs list --state pending`] : []),
    ...(overdue > 0 ? [`${overdue} deferred until a time that has passed: is a service running?`] : []),
  ];
  if (found.length > 0) return found.map((says) => database.warning("handoffs", says));
  return [database.ok("handoffs", `none is parked or late; ${pending} pending`)];
}

function usesOf(file: RecordFile, bot: string, secrets: readonly string[], now: number): Check {
  const name = `secrets of ${bot}`;
  const uses = file.secretUses(bot);
  if (!uses.ok) return database.failure(name, `their uses cannot be read: ${uses.error}`);
  const found = secrets.map((secret) => useOf(uses.value, secret));
  const each = found.map((use, index) => {
    const which = `secret ${index + 1} of ${secrets.length}`;
    if (use === undefined) return `${which} is not known to a service yet`;
    if (use.lastUsedAt !== null) return `${which} was last used ${span(Math.max(0, now - use.lastUsedAt))} ago`;
    return `${which} never in the ${span(Math.max(0, now - use.knownSince))} since it is watched`;
  });
  const unused = found.filter((use) => use !== undefined && (use.lastUsedAt ?? use.knownSince) < now - UNUSED_MS);
  const says = each.join(", ");
  if (unused.length === 0) return found.includes(undefined) ? database.skipped(name, says) : database.ok(name, says);
  const then =
    unused.length < secrets.length ? "take out of BOT_SECRETS what nobody uses" : "does this bot reach Baton?";
  return database.warning(name, `${says}; ${then}`);
}

/** Checks that pruning keeps up: nothing older than `retentionMs` stays. */
function retentionCheck(file: RecordFile, retentionMs: number, now: number): Check {
  const found = file.longestQuiet();
  if (!found.ok) return database.failure("retention", `the sessions cannot be read: ${found.error}`);
  if (found.value === null) return database.ok("retention", "no session is kept");
  const { since, updatedAt } = found.value;
  const kept = `a session is kept ${span(retentionMs)} after its last word (RETENTION_DAYS)`;
  const oldest = `the oldest had its last word ${span(Math.max(0, now - updatedAt))} ago`;
  // Pruning looks at a session with an open handoff once a day.
  if (since >= now - retentionMs - FORGOTTEN_WITHIN_MS) return database.ok("retention", `${kept}; ${oldest}`);
  return database.warning("retention", `${kept}, and ${oldest}: a running service forgets it; is one running?`);
}

/** Checks the file, opened for reading only. */
export function databaseChecks(
  path: string,
  secrets: ReadonlyMap<string, readonly string[]>,
  retentionMs: number,
  now: number,
): Examined {
  if (path === ":memory:") return only(database.warning("file", "in memory: a restart forgets everything"));
  if (!existsSync(path)) return only(database.skipped("file", `${path} is not there yet: baton serve makes it`));
  const opened: Result<RecordFile, string> = openRecordFile(path);
  if (!opened.ok) return only(database.failure("file", `${path} ${opened.error}`), holderCheck(path));
  const file = opened.value;
  try {
    const { check, isCurrent } = identityCheck(file, path);
    const about = [check, holderCheck(path)];
    if (check.name === "file") return only(...about);
    const sound = [...about, walCheck(path), ...damageChecks(file, "quick")];
    if (!isCurrent) return only(...sound);
    const newest = file.newest();
    const uses = [...secrets].map(([bot, list]) => usesOf(file, bot, list, now));
    const checks = [...sound, ...workChecks(file, now), retentionCheck(file, retentionMs, now), ...uses];
    return { checks, newest: newest.ok ? newest.value : null };
  } finally {
    file.close();
  }
}
