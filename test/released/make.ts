/**
 * node test/released/make.ts   writes what this release leaves on a disk, in an object and in the lists: run it when a release changes
 * the schema, before the next one does. The files are never changed afterwards.
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { createDurableObjectRecord } from "../../src/store/durable-object-store.ts";
import { createSqliteRecord, schemaVersion } from "../../src/store/sqlite/sqlite-store.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import { createWorld, SECRET } from "../support/world.ts";
import { dump } from "./dump.ts";
import { flows } from "./flows.ts";
import { createObjectStorage } from "./object-storage.ts";
import { readMigrations } from "./read-migrations.ts";

const SATURDAY = Date.parse("2026-11-21T12:00:00Z");

/** Plays a day of a contact centre: it leaves a session in every state that a handoff can have. */
async function live(record: SessionRecord): Promise<void> {
  const world = createWorld(undefined, { record, flows, pushes: true, startAt: SATURDAY });
  const { desk, faults, pushes, state } = world.emulator;
  const [agent] = state.agents.values();
  if (agent === undefined) throw new Error("nobody is at the desk");
  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<string> => {
    const answer = await world.request(`/v1/bots/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    const { conversationId } = (await answer.json()) as { conversationId: string | null };
    await pushes.idle();
    await world.pass(1_000);
    return conversationId ?? "";
  };
  const say = (session: string, text: string, bot = "day-bot") =>
    post(`${bot}/events`, {
      id: `${session}-1`,
      type: "customer.message",
      session,
      text,
      at: "2026-11-21T12:00:00Z",
      customer: { name: "Ana", phone: "+385912345678" },
      attributes: { orderId: "A-1042", items: 3, gift: true },
      language: "hr",
    });
  await say("talking", "Do you have red shoes?");
  await say("routed", "a human, please");
  desk.take(await say("assigned", "a human, please"), agent.id);
  await pushes.idle();
  const solved = await say("returned", "a human, please");
  desk.take(solved, agent.id);
  await pushes.idle();
  await world.pass(1_000);
  desk.setStatus(solved, agent.id, "SOLVED");
  await pushes.idle();
  await say("deferred", "a human, please", "night-bot");
  await post("day-bot/handoffs", { session: "keyed", reason: "call me back" }, { "idempotency-key": "k-1" });
  await post("day-bot/webhooks/flow", { phoneNumber: "385912345678", text: "where is my parcel" });
  faults.add({ kind: "status", operation: "createConversation", status: 403, times: 100 });
  await say("parked", "a human, please");
}

const path = join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db");
const file = createSqliteRecord(path);
await live(file);
await file.close();
const opened = new BetterSqlite3(path);
writeFileSync(new URL(`record-${schemaVersion()}.sql`, import.meta.url), dump(opened));
opened.close();

const object = new BetterSqlite3(":memory:");
const record = createDurableObjectRecord(createObjectStorage(object), { migrations: readMigrations() });
await live(record);
writeFileSync(new URL(`object-${schemaVersion()}.sql`, import.meta.url), dump(object));

const lists = new BetterSqlite3(":memory:");
lists.exec(readFileSync(new URL("../../src/worker/read-model/migrations/0001_handoffs.sql", import.meta.url), "utf8"));
const insert = lists.prepare(
  `INSERT INTO handoffs (id, object, bot, flow, account, state, is_late, conversation_id, returned_because,
    created_at, updated_at, version, body)
   VALUES (@id, 'object', @bot, @flow, @account, @state, 0, @conversationId, @returnedBecause,
    @createdAt, @updatedAt, 1, @body)`,
);
for (const handoff of record.read(({ handoffs }) => handoffs.list({}, 100))) {
  const { id, bot, flow, account, state, conversationId, returnedBecause, createdAt, updatedAt } = handoff;
  const columns = { id, bot, flow, account, state, conversationId, returnedBecause, createdAt, updatedAt };
  insert.run({ ...columns, body: JSON.stringify(handoff) });
}
writeFileSync(new URL(`lists-${schemaVersion()}.sql`, import.meta.url), dump(lists));
