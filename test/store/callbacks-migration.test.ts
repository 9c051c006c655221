import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { expect, it } from "vitest";

const MIGRATIONS = resolve(import.meta.dirname, "../../src/store/migrations");

it("lets go, in a record from before, the hand-back that waits behind words nobody takes, and keeps the rest", () => {
  const sqlite = new BetterSqlite3(":memory:");
  const files = readdirSync(MIGRATIONS).sort();
  const run = (these: string[]): void => {
    for (const file of these) sqlite.exec(readFileSync(resolve(MIGRATIONS, file), "utf8"));
  };
  run(files.filter((file) => file < "0010"));
  sqlite.exec(`INSERT INTO sessions (id, bot, session, epoch, control, facts, version, created_at, updated_at)
    VALUES (1, 'b', 's1', 1, 'bot', '{}', 1, 1, 1), (2, 'b', 's2', 1, 'bot', '{}', 1, 1, 1)`);
  const add = sqlite.prepare(
    `INSERT INTO callbacks (id, bot, session_id, type, data, state, tries, tries_since, next_at, fence, created_at)
     VALUES (?, 'b', ?, ?, '{}', ?, ?, ?, ?, 0, 5)`,
  );
  add.run("gone", 1, "agent.message", "refused", 1, 2, null);
  add.run("poison", 1, "agent.message", "ready", 6, 2, 900_000);
  add.run("words", 1, "agent.message", "ready", 0, null, null);
  add.run("returned", 1, "handoff.returned", "ready", 0, null, null);
  add.run("routed", 1, "handoff.routed", "ready", 0, null, null);
  add.run("fresh", 2, "agent.message", "ready", 0, null, 5);
  add.run("joined", 2, "agent.joined", "ready", 0, null, null);
  sqlite.exec("INSERT INTO callback_attempts VALUES ('gone', 1, 2, 3, 'refused', 410, 'gone')");
  run(files.filter((file) => file.startsWith("0010")));
  expect(sqlite.prepare("SELECT id, next_at, set_aside_because FROM callbacks ORDER BY seq").raw().all()).toEqual([
    ["gone", null, "gone"],
    ["poison", 900_000, null],
    ["words", null, null],
    ["returned", 5, null],
    ["routed", null, null],
    ["fresh", 5, null],
    ["joined", null, null],
  ]);
});
