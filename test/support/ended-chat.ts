/** A session that went to an agent and back, with words planted in every place that a person's words may reach. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { afterEach, expect } from "vitest";
import { retailSupport } from "../../flows/retail-support/flow.ts";
import { createSqliteRecord, type SqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { createWorld, SECRET } from "./world.ts";

export const BOT = "shop-assistant";
export const SESSION = "+385915550147";

/** Each is planted in a place of its own, and long ones on pages of their own. */
export const planted = {
  session: SESSION,
  name: "Zvjezdana Canary",
  phone: "+38598canary",
  attribute: "attribute-canary-5581",
  said: `words-canary ${"long words ".repeat(900)} words-end-canary`,
  reason: "reason-canary refund of a ring",
  summary: "summary-canary",
  key: "key-canary-0147",
  eventId: "event-canary-385915550147",
  agentText: "agent-words-canary",
  agentName: "Ana Horvat",
};

/** Callbacks to the bot stay in the outbox: nobody sends them here. */
const flow = {
  ...retailSupport,
  callbacks: { url: "https://bot.invalid/", events: ["agent.joined" as const, "agent.message" as const] },
};

interface Opened {
  folder: string;
  file: string;
  record: SqliteRecord;
}
const open: Opened[] = [];
function createRecord(): Opened {
  const folder = mkdtempSync(join(tmpdir(), "baton-"));
  const file = join(folder, "baton.db");
  const opened = { folder, file, record: createSqliteRecord(file) };
  open.push(opened);
  return opened;
}
afterEach(async () => {
  for (const { record } of open.splice(0)) await record.close();
});

/** Returns every row of every table, except those in `but`. */
export function dump(file: string, but: readonly string[] = []): string {
  const sqlite = new BetterSqlite3(file, { readonly: true });
  try {
    const tables = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    const wanted = tables.filter((name) => !but.some((it) => it === name));
    return wanted.map((name) => JSON.stringify(sqlite.prepare(`SELECT * FROM "${name}"`).all())).join("\n");
  } finally {
    sqlite.close();
  }
}
/** Returns the names of the planted words in a text. */
export const foundIn = (text: string): string[] =>
  Object.entries(planted)
    .filter(([, it]) => text.includes(JSON.stringify(it).slice(1, -1)))
    .map(([name]) => name);
/** Searches for the words alone: the filler between them does not count. */
export const foundInBytes = (folder: string): string[] => {
  const words = Object.values(planted).map((it) => it.split(" long")[0] ?? it);
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  return [...words, "words-end-canary"].filter((word) => files.some((bytes) => bytes.includes(word)));
};

export async function createStage(retentionMs?: number) {
  const opened = createRecord();
  const world = createWorld((fetch) => fetch, {
    record: opened.record,
    pushes: true,
    flows: [flow],
    ...(retentionMs !== undefined && { retentionMs }),
  });
  world.emulator.settings.pushTypes = "all";
  const bearer = { authorization: `Bearer ${SECRET}` };
  const post = (to: string, body: object, headers = {}) =>
    world.request(`/v1/bots/${BOT}${to}`, {
      method: "POST",
      headers: { ...bearer, ...headers },
      body: JSON.stringify(body),
    });
  const said = { id: planted.eventId, type: "customer.message", session: SESSION, text: planted.said };
  const asked = {
    session: SESSION,
    reason: planted.reason,
    customer: { name: planted.name, phone: planted.phone },
    attributes: { order: planted.attribute },
    summary: planted.summary,
  };
  const ask = () => post("/handoffs", asked, { "idempotency-key": planted.key });
  return { ...opened, world, post, said, ask };
}

/** Plays a session that went to an agent and back, with everything that a person may say on the way. */
export async function createPast(retentionMs?: number) {
  const stage = await createStage(retentionMs);
  const { world, post, said, ask } = stage;
  expect((await post("/events", said)).status).toBe(200);
  const answer = await ask();
  expect(answer.status).toBe(201);
  const { handoffId, conversationId } = (await answer.json()) as { handoffId: string; conversationId: string };
  const desk = (what: string, body: object = {}) =>
    world.emulator.fetch(
      new Request(`https://emulator.invalid/emulator/desk/conversations/${conversationId}/${what}`, {
        method: "POST",
        body: JSON.stringify(body),
      }),
    );
  const [agent] = [...world.emulator.state.agents.values()].filter(
    ({ displayName }) => displayName === planted.agentName,
  );
  expect((await desk("take", { agentId: agent?.id })).status).toBe(200);
  expect((await desk("write", { text: planted.reason })).status).toBe(200);
  expect((await desk("reply", { text: planted.agentText, agentId: agent?.id })).status).toBe(200);
  await world.pass(1_000);
  return { ...stage, handoffId, conversationId, close: () => desk("status", { status: "CLOSED", agentId: agent?.id }) };
}

export async function createEnded(retentionMs?: number) {
  const past = await createPast(retentionMs);
  expect((await past.close()).status).toBe(200);
  await past.world.pass(1_000);
  expect(past.world.handoff(past.handoffId)).toMatchObject({ state: "returned", dueAt: null });
  return past;
}
