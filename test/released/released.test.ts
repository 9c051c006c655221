/** Opens the file, object and lists of earlier releases with the code of today. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { createDurableObjectRecord, type Migration } from "../../src/store/durable-object-store.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import { readListedHandoff } from "../../src/worker/read-model/listed-handoff.ts";
import { createWorld, SECRET } from "../support/world.ts";
import { flows } from "./flows.ts";
import { createObjectStorage } from "./object-storage.ts";
import { readMigrations } from "./read-migrations.ts";

const HERE = import.meta.dirname;
const left = (kind: string): string[] =>
  readdirSync(HERE).filter((name) => name.startsWith(`${kind}-`) && name.endsWith(".sql"));
const sqlOf = (name: string): string => readFileSync(join(HERE, name), "utf8");

function openFile(name: string): SessionRecord {
  const path = join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db");
  const file = new BetterSqlite3(path);
  file.exec(sqlOf(name));
  file.close();
  return createSqliteRecord(path);
}

function openObject(name: string, more: readonly Migration[] = []) {
  const sqlite = new BetterSqlite3(":memory:");
  sqlite.exec(sqlOf(name));
  const storage = createObjectStorage(sqlite);
  return { sqlite, record: createDurableObjectRecord(storage, { migrations: [...readMigrations(), ...more] }) };
}

const MONDAY = Date.parse("2026-11-23T07:59:00Z");

describe.each([
  ...left("record").map((name) => [name, () => openFile(name)] as const),
  ...left("object").map((name) => [name, () => openObject(name).record] as const),
])("what a release left: %s", (_, open) => {
  const wake = async () => {
    const world = createWorld(undefined, { record: open(), flows, pushes: true, startAt: MONDAY, handoffsBefore: 7 });
    const authorization = `Bearer ${SECRET}`;
    const ask = async (path: string, body?: object) => {
      const answer = await world.request(`/v1/bots/${path}`, {
        headers: { authorization, "content-type": "application/json" },
        ...(body && { method: "POST", body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    return { ...world, ask };
  };

  it("shows every session as it was", async () => {
    const { ask } = await wake();
    const seen = async (session: string, bot = "day-bot") => {
      const { body } = await ask(`${bot}/sessions/${session}`);
      const { control, handoff } = body as { control: string; handoff: { state: string } | null };
      return `${session}: ${control} ${handoff?.state ?? "none"}`;
    };
    const names = ["talking", "routed", "assigned", "returned", "keyed", "385912345678", "parked"];
    expect([...(await Promise.all(names.map((name) => seen(name)))), await seen("deferred", "night-bot")]).toEqual([
      "talking: bot none",
      "routed: queue routed",
      "assigned: agent assigned",
      "returned: bot returned",
      "keyed: queue routed",
      "385912345678: queue routed",
      "parked: bot parked",
      "deferred: bot deferred",
    ]);
  });

  it("lists, shows and exports the handoffs", async () => {
    const { operate, ask } = await wake();
    const listed = (await (await operate("/handoffs", "GET")).json()) as { handoffs: { id: string }[] };
    expect(listed.handoffs).toHaveLength(7);
    for (const { id } of listed.handoffs) expect((await operate(`/handoffs/${id}`, "GET")).status).toBe(200);
    expect((await ask("day-bot/handoffs/01H0001")).status).toBe(200);
    expect((await operate("/bots/day-bot/sessions/assigned/export", "GET")).status).toBe(200);
  });

  it("opens what was put off at its time, and resumes what was parked for its credentials", async () => {
    const { service, pass, handoff } = await wake();
    await service.resume();
    await pass(120_000);
    expect(handoff("01H0004")?.state).toBe("routed");
    expect(handoff("01H0007")?.state).toBe("routed");
  });

  it("hands over a customer of before", async () => {
    const { ask } = await wake();
    const event = { id: "new", type: "customer.message", session: "talking", text: "a human, please" };
    expect((await ask("day-bot/events", event)).body).toMatchObject({ outcome: "accepted", handoffState: "routed" });
  });
});

it.each(left("object"))("gives an object that exists a migration of a later release: %s", (name) => {
  const later = { version: 999, sql: "ALTER TABLE sessions ADD COLUMN colour TEXT;" };
  const { sqlite } = openObject(name, [later]);
  expect(sqlite.prepare("SELECT count(colour) FROM sessions").pluck().get()).toBe(0);
});

it.each(left("lists"))("reads each handoff of the lists: %s", (name) => {
  const sqlite = new BetterSqlite3(":memory:");
  sqlite.exec(sqlOf(name));
  const bodies = sqlite.prepare("SELECT body FROM handoffs ORDER BY id").pluck().all() as string[];
  expect(bodies.map((body) => readListedHandoff(body)?.state)).toEqual([
    "routed",
    "assigned",
    "returned",
    "deferred",
    "routed",
    "routed",
    "parked",
  ]);
});

it("leaves out of the lists what cannot be read", () => {
  expect(["{", "null", "[]", "7", '{"id":"01A"}'].map(readListedHandoff)).toEqual([null, null, null, null, null]);
});
