import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { databaseChecks } from "../../src/doctor/database.ts";
import { createSecretUses } from "../../src/store/secret-uses.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";

const NOW = Date.parse("2026-12-01T10:00:00Z");
const DAY_MS = 86_400_000;

const newPath = (): string => join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db");
const look = (path: string, secrets: Record<string, string[]> = {}) =>
  databaseChecks(path, new Map(Object.entries(secrets)), 35 * DAY_MS, NOW);
const verdicts = (path: string) =>
  Object.fromEntries(look(path).checks.map(({ name, verdict }) => [name, verdict] as const));
const saying = (path: string, name: string, secrets = {}): string =>
  look(path, secrets)
    .checks.filter((check) => check.name === name)
    .map(({ verdict, says }) => `${verdict}: ${says}`)
    .join("\n");

async function record(change: (sqlite: BetterSqlite3.Database) => void = () => undefined): Promise<string> {
  const path = newPath();
  await createSqliteRecord(path).close();
  const sqlite = new BetterSqlite3(path);
  change(sqlite);
  sqlite.close();
  return path;
}

/** Adds a handoff with only the fields that these checks read. */
function addHandoff(
  sqlite: BetterSqlite3.Database,
  id: string,
  state: string,
  at: number,
  until: number | null = null,
) {
  sqlite
    .prepare(
      `INSERT INTO sessions (bot, session, epoch, control, facts, version, created_at, updated_at)
       VALUES ('ana', ?, 1, 'bot', '{}', 1, ?, ?)`,
    )
    .run(id, at, at);
  sqlite
    .prepare(
      `INSERT INTO handoffs (id, session_id, bot, session, flow, account, epoch, token, state, rule, reason, decision,
         routed_by, keep_queue, replaces, created_at, updated_at, deferred_until)
       VALUES (?, last_insert_rowid(), 'ana', ?, 'f', 'default', 1, ?, ?, 'r', 'r', '{}', 'baton', 'leave', '[]', ?, ?, ?)`,
    )
    .run(id, id, id, state, at, at, until);
}

describe("the database", () => {
  it("is sound, free, and left as it is", async () => {
    const path = await record();
    const before = readFileSync(path);
    expect(verdicts(path)).toEqual({
      schema: "ok",
      service: "ok",
      "write-ahead log": "ok",
      integrity: "ok",
      handoffs: "ok",
      retention: "ok",
    });
    expect(saying(path, "service")).toBe("ok: none has the file now");
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("is looked at while a service has it, with what that one committed last", async () => {
    const path = newPath();
    const open = createSqliteRecord(path);
    await open.commit((tables) => tables.idempotency.add("ana", "k", Buffer.from("f"), 0, 1));
    expect(saying(path, "service")).toBe(`ok: process ${process.pid} has the file`);
    expect(saying(path, "integrity")).toMatch(/^ok/);
    await open.commit((tables) => tables.idempotency.prune(2, 10));
    await open.close();
    expect(saying(path, "service")).toBe("ok: none has the file now");
  });

  it("is warned of where sessions stay in it longer than they are to be kept", async () => {
    const aged = (days: number) =>
      record((sqlite) => {
        addHandoff(sqlite, "01A", "returned", NOW - days * DAY_MS);
        sqlite.prepare("UPDATE sessions SET quiet_since = updated_at").run();
      });
    expect(saying(await aged(36), "retention")).toBe(
      "ok: a session is kept 35 days after its last word (RETENTION_DAYS); the oldest had its last word 36 days ago",
    );
    expect(saying(await aged(38), "retention")).toMatch(/^warning: .*38 days ago: a running service forgets it/);
  });

  it("is not made where it is missing", () => {
    const path = newPath();
    expect(verdicts(path)).toEqual({ file: "skipped" });
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(join(path, ".."))).toEqual([]);
  });

  it("fails where it is of another program, of a newer Baton, or no database", async () => {
    const theirs = newPath();
    const other = new BetterSqlite3(theirs);
    other.exec("CREATE TABLE theirs (x)");
    other.close();
    expect(saying(theirs, "file")).toMatch(/^failure: .*another program/);
    const newer = await record((sqlite) => sqlite.pragma("user_version = 9999"));
    expect(saying(newer, "schema")).toMatch(/^failure: version 9999.*newer Baton/);
    const text = newPath();
    writeFileSync(
      text,
      "a letter to a friend, and it is long enough to be taken for a file of a hundred bytes or more",
    );
    expect(saying(text, "file")).toMatch(/^failure: .*NOTADB.*restore a backup/);
  });

  it("warns of an older schema, asks nothing of it that it does not have, and does not migrate it", () => {
    const path = newPath();
    const old = new BetterSqlite3(path);
    const folder = join(import.meta.dirname, "../../src/store/migrations");
    old.exec(readFileSync(join(folder, "0001_record.sql"), "utf8"));
    old.pragma(`application_id = ${0x4241_544e}`);
    old.pragma("user_version = 1");
    old.close();
    const before = readFileSync(path);
    expect(verdicts(path)).toEqual({ schema: "warning", service: "ok", "write-ahead log": "ok", integrity: "ok" });
    expect(saying(path, "schema")).toMatch(/version 1 of \d+.*baton db migrate.*back it up/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("fails where it is damaged, or rows refer to nothing, and says to restore", async () => {
    const damaged = await record((sqlite) => {
      for (let id = 0; id < 200; id += 1) addHandoff(sqlite, `h${id}`.padEnd(200, "x"), "returned", NOW);
    });
    const bytes = readFileSync(damaged);
    bytes.fill(0xff, 8 * 4_096, 12 * 4_096);
    writeFileSync(damaged, bytes);
    expect(saying(damaged, "integrity")).toMatch(/^failure: the file is damaged: .*restore a backup/);

    const dangling = await record((sqlite) => {
      sqlite.pragma("foreign_keys = OFF");
      sqlite.exec("INSERT INTO attempts (handoff_id, position, fence, sent_at) VALUES ('gone', 0, 1, 1)");
    });
    expect(saying(dangling, "references")).toMatch(/^failure: 1 row refers to rows that are not there/);
  });

  it("warns of handoffs that are parked, late or overdue, and knows the newest row", async () => {
    const path = await record((sqlite) => {
      addHandoff(sqlite, "1", "parked", NOW - DAY_MS);
      addHandoff(sqlite, "2", "pending", NOW - 61_000);
      addHandoff(sqlite, "3", "pending", NOW - 1_000);
      addHandoff(sqlite, "4", "deferred", NOW - DAY_MS, NOW - 3_600_000);
      addHandoff(sqlite, "5", "deferred", NOW - DAY_MS, NOW + 3_600_000);
    });
    expect(saying(path, "handoffs").split("\n")).toEqual([
      expect.stringMatching(/^warning: 1 parked: baton handoffs list --state parked/),
      expect.stringMatching(/^warning: 1 pending for more than a minute/),
      expect.stringMatching(/^warning: 1 deferred until a time that has passed/),
    ]);
    expect(look(path).newest).toBe(NOW - 1_000);
  });
});

describe("secrets", () => {
  async function used(secrets: Record<string, string[]>, at: number, place: number | null): Promise<string> {
    const path = newPath();
    const open = createSqliteRecord(path);
    let salts = 0;
    const uses = createSecretUses({
      record: open,
      secrets: new Map(Object.entries(secrets)),
      now: () => at,
      newSalt: () => {
        salts += 1;
        return `${salts}`;
      },
    });
    if (place !== null) uses.used("ana", place);
    await uses.flush();
    await open.close();
    return path;
  }
  const secrets = { ana: ["first-secret", "second-secret"] };

  it("are told by when each was last used", async () => {
    const path = await used(secrets, NOW - 3 * DAY_MS, 0);
    expect(saying(path, "secrets of ana", secrets)).toBe(
      "ok: secret 1 of 2 was last used 3 days ago, secret 2 of 2 never in the 3 days since it is watched",
    );
  });

  it("are to be taken out once they were watched for long, and not used", async () => {
    const path = await used(secrets, NOW - 8 * DAY_MS, null);
    expect(saying(path, "secrets of ana", secrets)).toMatch(
      /^warning: .*secret 1 of 2 never.*secret 2 of 2 never in the 8 days.*does this bot reach Baton/,
    );
    const rotated = { ana: ["first-secret", "third-secret"] };
    expect(saying(path, "secrets of ana", rotated)).toMatch(
      /^warning: .*secret 2 of 2 is not known to a service yet; take out of BOT_SECRETS what nobody uses/,
    );
  });

  it("are not known before a service has run with them", async () => {
    expect(saying(await record(), "secrets of ana", secrets)).toMatch(/^skipped: .*not known to a service yet/);
  });
});
