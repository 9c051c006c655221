/** Shared parts of the hand-written programs that Baton is compared with: a durable file and a bare server. */
import { createServer } from "node:http";
import BetterSqlite3 from "better-sqlite3";
import { createGroupCommit, type GroupCommit } from "../src/store/sqlite/group-commit.ts";

/** Opens DATABASE_PATH with `synchronous=FULL`. `commit` shares one commit between all work of a turn of the event loop. */
export function openDurable(): { sqlite: BetterSqlite3.Database; commit: GroupCommit } {
  const sqlite = new BetterSqlite3(process.env.DATABASE_PATH ?? ":memory:");
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL"]) sqlite.pragma(pragma);
  const command = (sql: string): (() => void) => {
    const statement = sqlite.prepare(sql);
    return () => void statement.run();
  };
  const transactions = {
    begin: command("BEGIN IMMEDIATE"),
    commit: command("COMMIT"),
    rollback: command("ROLLBACK"),
    savepoint: () => undefined,
    release: () => undefined,
    rollbackToSavepoint: () => undefined,
    forget: () => undefined,
  };
  return { sqlite, commit: createGroupCommit(transactions, setImmediate) };
}

/** Serves at PORT until SIGTERM: a POST gets the result of `handle` for its body, a GET gets `ready`. */
export function serveByHand(status: 200 | 201, handle: (body: string) => Promise<string>): void {
  createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      if (request.method === "GET") {
        response.end("ready");
        return;
      }
      handle(Buffer.concat(parts).toString()).then(
        (answer) => {
          response.writeHead(status, { "content-type": "application/json" });
          response.end(answer);
        },
        (error: unknown) => {
          response.writeHead(500);
          response.end(String(error));
        },
      );
    });
  }).listen(Number(process.env.PORT), "127.0.0.1");
  process.once("SIGTERM", () => process.exit(0));
}
