/**
 * The least that a durable intake can do, as a process of its own: node:http, JSON.parse and one insert with
 * `synchronous=FULL`. COMMITS=group shares a commit between the requests of a turn of the event loop, COMMITS=each does not.
 */
import { createServer } from "node:http";
import BetterSqlite3 from "better-sqlite3";
import { createGroupCommit } from "../src/sessions/group-commit.ts";

const sqlite = new BetterSqlite3(process.env.DATABASE_PATH ?? ":memory:");
for (const pragma of ["journal_mode = WAL", "synchronous = FULL"]) sqlite.pragma(pragma);
sqlite.exec("CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL) STRICT");
const insert = sqlite.prepare("INSERT INTO events (id, body) VALUES (?, ?)");
const command = (sql: string): (() => void) => {
  const statement = sqlite.prepare(sql);
  return () => void statement.run();
};
const grouped = createGroupCommit(
  {
    begin: command("BEGIN IMMEDIATE"),
    commit: command("COMMIT"),
    rollback: command("ROLLBACK"),
    savepoint: () => undefined,
    release: () => undefined,
    rollbackToSavepoint: () => undefined,
  },
  setImmediate,
);
const each = async (work: () => unknown): Promise<void> => void work();
const commit = process.env.COMMITS === "group" ? grouped : each;

createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    if (request.method === "GET") {
      response.end("ready");
      return;
    }
    const text = Buffer.concat(parts).toString();
    const { id } = JSON.parse(text) as { id: string };
    commit(() => insert.run(id, text)).then(() => {
      response.setHeader("content-type", "application/json");
      response.end('{"outcome":"accepted"}');
    });
  });
}).listen(Number(process.env.PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
