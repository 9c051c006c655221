import { chmodSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openRecordFile } from "../../src/store/sqlite/database-file.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { describeCallbacks } from "./callback-contract.ts";
import { describeRecord } from "./store-contract.ts";

describeRecord("the SQLite record", () => createSqliteRecord(":memory:"));
describeCallbacks("callbacks in the SQLite record", () => createSqliteRecord(":memory:"));

const file = (): string => join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db");

it("keeps what was committed when the file is opened again", async () => {
  const path = file();
  const first = createSqliteRecord(path);
  await first.commit((t) => t.sessions.open("shop-assistant", "s1", 1));
  await first.close();
  const second = createSqliteRecord(path);
  expect(second.read((t) => t.sessions.find("shop-assistant", "s1"))).not.toBeNull();
  await second.close();
});

it("commits what is waiting before it closes", async () => {
  const path = file();
  const record = createSqliteRecord(path);
  const opened = record.commit((t) => t.sessions.open("shop-assistant", "s1", 1));
  await record.close();
  expect((await opened).session).toBe("s1");
});

it("refuses a file of a newer version and a file of another program, and says what to do", async () => {
  const path = file();
  await createSqliteRecord(path).close();
  const newer = new BetterSqlite3(path);
  newer.pragma("user_version = 9999");
  newer.close();
  expect(() => createSqliteRecord(path)).toThrow(/schema version 9999.*restore a backup/);

  const foreign = file();
  const other = new BetterSqlite3(foreign);
  other.exec("CREATE TABLE theirs (x)");
  other.close();
  expect(() => createSqliteRecord(foreign)).toThrow(/another program/);
});

it("is had by one at a time, and refuses what is no database with its path", async () => {
  const path = file();
  const first = createSqliteRecord(path);
  expect(() => createSqliteRecord(path)).toThrow(/in use by process \d+.*nothing to clean/);
  await first.close();
  await createSqliteRecord(path).close();

  const text = file();
  writeFileSync(
    text,
    "this is a letter to a friend, and it is long enough to be taken for a file of a hundred bytes or more",
  );
  expect(() => createSqliteRecord(text)).toThrow(/baton\.db cannot be opened as the record.*NOTADB/);
});

describe("who may read it", () => {
  const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  const folder = (): string => join(mkdtempSync(join(tmpdir(), "baton-")), "deep", "er");

  it("is its owner alone: of the folder, the file, what is beside it, and a backup", async () => {
    const path = join(folder(), "baton.db");
    const record = createSqliteRecord(path);
    await record.commit((t) => t.sessions.open("shop-assistant", "s1", 1));
    expect(modeOf(dirname(path))).toBe("700");
    for (const end of ["", "-wal", "-shm", ".lock"]) expect([end, modeOf(`${path}${end}`)]).toEqual([end, "600"]);
    const opened = openRecordFile(path);
    if (!opened.ok) throw new Error(opened.error);
    expect(await opened.value.backupTo(`${path}.backup`, () => undefined)).toMatchObject({ ok: true });
    opened.value.close();
    expect(modeOf(`${path}.backup`)).toBe("600");
    await record.close();
  });

  it("is its owner alone from now on where an earlier release let others read it", async () => {
    const path = file();
    await createSqliteRecord(path).close();
    chmodSync(path, 0o644);
    await createSqliteRecord(path).close();
    expect(modeOf(path)).toBe("600");
  });
});

it.each(["/proc/nope/baton.db", "/dev/null/baton.db"])("says what to do where no folder can be made: %s", (path) => {
  expect(() => createSqliteRecord(path)).toThrow(/cannot be opened as the record.*point DATABASE_PATH at another one/);
});
