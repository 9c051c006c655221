/**
 * A backup as an operator makes it, from a process of its own beside the service: FROM to TO with SQLite's online backup.
 * HOW=at-once: in one step. HOW=steps: 100 pages a step, as `sqlite3 .backup` does; a commit of the service in between makes
 * it begin anew. HOW=paced: small steps with pauses, inside one read transaction, so that all see the file as it was at first.
 */
import { fsyncSync, openSync } from "node:fs";
import BetterSqlite3 from "better-sqlite3";

const PAUSE_MS = 20;
const pages = { "at-once": 0x7fff_ffff, steps: 100, paced: 256 }[process.env.HOW ?? ""] ?? 0;
const to = process.env.TO ?? "";
const sqlite = new BetterSqlite3(process.env.FROM ?? "", { readonly: true });

if (process.env.HOW === "paced") {
  sqlite.exec("BEGIN");
  sqlite.prepare("SELECT count(*) FROM sqlite_schema").get();
}
let copy: number | null = null;
function pause(): void {
  if (process.env.HOW !== "paced") return;
  // Syncs bit by bit: all of it at the end would delay the service's own commits.
  copy ??= openSync(to, "r+");
  fsyncSync(copy);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}
await sqlite.backup(to, {
  progress: () => {
    pause();
    return pages;
  },
});
sqlite.close();
