import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { packSession, unpackSession } from "../../src/handoff/use-cases/move-session.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { keyIn } from "../../src/store/tables/event-key.ts";
import { createWorld } from "../support/world.ts";

const said = { type: "customer.message", id: "m-1", text: "good day" } as const;
const newFile = (): string => join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db");
const lengths = (path: string): unknown[] => {
  const sqlite = new Sqlite(path);
  const found = sqlite.prepare("SELECT length(key) FROM events ORDER BY seq").pluck().all();
  sqlite.close();
  return found;
};
const outcome = async (world: ReturnType<typeof createWorld>, event: object = said) =>
  (await world.deliver(event)).received.outcome;

describe("the key of an event", () => {
  it("stands beside those of the same session, and in the order of the sessions", () => {
    const hashes = [0xff, 0x00].map((byte) => new Uint8Array(16).fill(byte));
    const keys = [1, 2, 255, 256, 2 ** 32 - 1, 2 ** 32, 2 ** 40].flatMap((id) =>
      hashes.map((hash) => ({ id, key: Buffer.from(keyIn(id, hash)) })),
    );
    const sorted = keys.toSorted((one, other) => Buffer.compare(one.key, other.key) || one.id - other.id);
    expect(sorted.map(({ id }) => id)).toEqual(keys.map(({ id }) => id));
  });

  it("of an earlier version, without its session, is found", async () => {
    const path = newFile();
    const before = createWorld(undefined, { record: createSqliteRecord(path) });
    expect(await outcome(before)).toBe("accepted");
    await before.service.stop();
    await (before.record as ReturnType<typeof createSqliteRecord>).close();
    expect(lengths(path)).toEqual([22]);
    const sqlite = new Sqlite(path);
    sqlite.exec("UPDATE events SET key = substr(key, 7)");
    sqlite.close();
    const world = createWorld(undefined, { record: createSqliteRecord(path) });
    expect(await outcome(world)).toBe("duplicate");
    expect(await outcome(world, { ...said, session: "s2" })).toBe("accepted");
    expect(await outcome(world, { ...said, text: "good night" })).toBe("accepted");
  });

  it("of an erased session is found, whatever session has its number now", async () => {
    const path = newFile();
    const world = createWorld(undefined, { record: createSqliteRecord(path) });
    expect(await outcome(world)).toBe("accepted");
    await world.record.commit((tables) => {
      const session = tables.sessions.find("shop-assistant", "s1");
      if (session === null) throw new Error("no session");
      tables.erasure.erase(session, "default", []);
    });
    expect(lengths(path)).toEqual([16]);
    expect(await outcome(world)).toBe("duplicate");
    expect(await outcome(world, { ...said, session: "s2" })).toBe("accepted");
    expect(await outcome(world, { ...said, id: "m-2", text: "again" })).toBe("accepted");
    expect(await outcome(world)).toBe("duplicate");
  });

  it("goes with its session to a record in which the session has another number", async () => {
    const [here, there] = [createWorld(), createWorld()];
    expect(await outcome(here)).toBe("accepted");
    expect(await outcome(there, { ...said, session: "other" })).toBe("accepted");
    const packed = here.record.read((tables) => packSession(tables, "shop-assistant", "s1"));
    if (packed === null) throw new Error("no session");
    for (let turn = 0; turn < 2; turn += 1) await there.record.commit((tables) => unpackSession(tables, packed));
    expect(await outcome(there)).toBe("duplicate");
  });
});
