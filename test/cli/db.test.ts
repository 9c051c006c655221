import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { beforeEach, describe, expect, it } from "vitest";
import { createSqliteRecord, schemaVersion } from "../../src/store/sqlite/sqlite-store.ts";
import { run } from "../support/command-line.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "baton-"));
  path = join(folder, "baton.db");
  const record = createSqliteRecord(path);
  await record.commit((tables) => tables.sessions.open("shop-assistant", "s1", 1));
  await record.close();
});

describe("baton db check", () => {
  it("says that a file is sound, and how much is in it", async () => {
    const checked = await run(["db", "check"], { DATABASE_PATH: path });
    expect(checked.code, checked.output).toBe(0);
    expect(checked.output).toMatch(/integrity check finds nothing wrong/);
    expect(checked.output).toMatch(/sessions\s+1\n/);
    expect((await run(["db", "check", path])).code).toBe(0);
    expect((await run(["db", "check", "--database", path, "--json"])).output).toContain('"verdict": "ok"');
  });

  it("ends with 1 for a damaged file and for one of another program, with 2 for none", async () => {
    const bytes = readFileSync(path);
    bytes.fill(0xff, 3 * 4_096, 6 * 4_096);
    writeFileSync(path, bytes);
    expect(await run(["db", "check", path])).toEqual({ code: 1, output: expect.stringMatching(/✗ failure.*damaged/) });
    const theirs = join(folder, "theirs.db");
    new BetterSqlite3(theirs).exec("CREATE TABLE theirs (x)").close();
    expect(await run(["db", "check", theirs])).toEqual({ code: 1, output: expect.stringMatching(/another program/) });
    expect(await run(["db", "check", join(folder, "none.db")])).toEqual({
      code: 2,
      output: expect.stringMatching(/is not there/),
    });
  });
});

describe("baton db backup", () => {
  it("replaces nothing unless it is told to, and never the database itself", async () => {
    const env = { DATABASE_PATH: path };
    const target = join(folder, "copy.db");
    writeFileSync(target, "mine");
    expect(await run(["db", "backup", target], env)).toEqual({ code: 1, output: expect.stringMatching(/--force/) });
    expect(readFileSync(target, "utf8")).toBe("mine");
    expect((await run(["db", "backup", target, "--force"], env)).code).toBe(0);
    expect((await run(["db", "check", target])).code).toBe(0);
    expect(await run(["db", "backup", path, "--force"], env)).toEqual({
      code: 2,
      output: expect.stringMatching(/is the database itself/),
    });
    expect((await run(["db", "backup", join(folder, "none/copy.db")], env)).code).toBe(2);
    expect((await run(["db", "backup", folder, "--force"], env)).code).toBe(2);
    expect((await run(["db", "backup"], env)).code).toBe(2);
  });

  it("does not replace a file that a service has", async () => {
    const other = join(folder, "other.db");
    const record = createSqliteRecord(other);
    expect(await run(["db", "backup", other, "--force"], { DATABASE_PATH: path })).toEqual({
      code: 1,
      output: expect.stringMatching(/is in use/),
    });
    await record.close();
  });

  it("leaves nothing of a copy that is not sound", async () => {
    const bytes = readFileSync(path);
    bytes.fill(0xff, 3 * 4_096, 6 * 4_096);
    writeFileSync(path, bytes);
    const refused = await run(["db", "backup", join(folder, "copy.db")], { DATABASE_PATH: path });
    expect(refused).toEqual({ code: 1, output: expect.stringMatching(/copy\.db was not written: /) });
    expect(readdirSync(folder).filter((name) => name.startsWith("copy.db"))).toEqual([]);
  });
});

describe("baton db migrate", () => {
  function older(): string {
    const old = join(folder, "old.db");
    const sqlite = new BetterSqlite3(old);
    sqlite.exec(readFileSync(join(import.meta.dirname, "../../src/store/migrations/0001_record.sql"), "utf8"));
    sqlite.pragma(`application_id = ${0x4241_544e}`);
    sqlite.pragma("user_version = 1");
    sqlite.close();
    return old;
  }

  it("brings a file to the newest schema, and says so", async () => {
    const env = { DATABASE_PATH: older() };
    expect(await run(["db", "migrate"], env)).toEqual({
      code: 0,
      output: expect.stringContaining(`schema version 1 → ${schemaVersion()}.`),
    });
    expect((await run(["db", "check"], env)).code).toBe(0);
    expect((await run(["db", "migrate"], env)).output).toMatch(/already/);
  });

  it("leaves a file alone that a service has, that is another program's, or that is not there", async () => {
    const record = createSqliteRecord(path);
    expect(await run(["db", "migrate"], { DATABASE_PATH: path })).toEqual({
      code: 1,
      output: expect.stringMatching(new RegExp(`Not migrated: .*in use by process ${process.pid}`)),
    });
    await record.close();
    const theirs = join(folder, "theirs.db");
    new BetterSqlite3(theirs).exec("CREATE TABLE theirs (x)").close();
    expect((await run(["db", "migrate", "--database", theirs])).output).toMatch(/another program/);
    const none = join(folder, "none.db");
    expect((await run(["db", "migrate"], { DATABASE_PATH: none })).code).toBe(2);
    expect(existsSync(none)).toBe(false);
  });
});
