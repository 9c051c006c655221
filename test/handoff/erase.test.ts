import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { retailSupport } from "../../flows/retail-support/flow.ts";
import { createSqliteRecord, type SqliteRecord } from "../../src/sessions/sqlite-record.ts";
import { createWorld, SECRET } from "../support/world.ts";

const BOT = "shop-assistant";
const SESSION = "+385915550147";
const path = (session: string) => `/bots/${BOT}/sessions/${encodeURIComponent(session)}`;

/** Each is planted in a place of its own, and long ones on pages of their own. */
const planted = {
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

/** What is told to the bot stays in the outbox: nobody sends it here. */
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

/** Every row of every table. */
function dump(file: string): string {
  const sqlite = new BetterSqlite3(file, { readonly: true });
  try {
    const tables = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    return tables.map((name) => JSON.stringify(sqlite.prepare(`SELECT * FROM "${name}"`).all())).join("\n");
  } finally {
    sqlite.close();
  }
}
/** The names of what is found. */
const foundIn = (text: string): string[] =>
  Object.entries(planted)
    .filter(([, it]) => text.includes(JSON.stringify(it).slice(1, -1)))
    .map(([name]) => name);
/** Of the words alone: the filler between them says nothing. */
const foundInBytes = (folder: string): string[] => {
  const words = Object.values(planted).map((it) => it.split(" long")[0] ?? it);
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  return [...words, "words-end-canary"].filter((word) => files.some((bytes) => bytes.includes(word)));
};

async function createStage() {
  const opened = createRecord();
  const world = createWorld((fetch) => fetch, { record: opened.record, pushes: true, flows: [flow] });
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

/** A session that went to an agent and back, with everything that a person may say on the way. */
async function createPast() {
  const stage = await createStage();
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

async function createEnded() {
  const past = await createPast();
  expect((await past.close()).status).toBe(200);
  await past.world.pass(1_000);
  expect(past.world.handoff(past.handoffId)).toMatchObject({ state: "returned", dueAt: null });
  return past;
}

describe("erasing a session", () => {
  it("leaves nothing of the person in any table or file, and knows the same events and requests again", async () => {
    const { world, post, said, ask, file, folder, conversationId } = await createEnded();
    expect(foundIn(dump(file))).toEqual(Object.keys(planted));
    expect(dump(file)).toMatch(/"type":"agent\.message","data":"[^"]*\{[^\n]*agent-words-canary/);
    const erased = await world.operate(path(SESSION), "DELETE");
    expect([erased.status, await erased.json()]).toMatchObject([
      200,
      { erased: { handoffs: 1, events: expect.any(Number) }, atPlatform: { conversations: [conversationId] } },
    ]);
    expect(foundIn(dump(file))).toEqual([]);
    expect(foundInBytes(folder)).toEqual([]);
    expect(dump(file)).not.toContain(conversationId);

    expect(await (await post("/events", said)).json()).toMatchObject({
      outcome: "duplicate",
      control: null,
      message: null,
    });
    const again = await ask();
    expect([again.status, await again.json()]).toMatchObject([200, { outcome: "duplicate", handoffId: null }]);
    expect(world.conversations()).toHaveLength(1);
    expect((await world.operate(path(SESSION), "DELETE")).status).toBe(404);
    expect((await world.operate(`${path(SESSION)}/export`, "GET")).status).toBe(404);
    // The chat may begin anew.
    expect(await (await post("/events", { ...said, id: "m9" })).json()).toMatchObject({
      outcome: "accepted",
      control: "bot",
    });
  });

  it("is refused in words while a handoff is open, and changes nothing then", async () => {
    const { world, handoffId, file } = await createPast();
    const before = dump(file);
    const refused = await world.operate(path(SESSION), "DELETE");
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { type: "urn:baton:problem:handoff-open", state: "assigned", detail: expect.stringContaining(handoffId) },
    ]);
    expect(dump(file)).toBe(before);
  });

  it("waits for what a cancelled handoff still has to clear away", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "createConversation", kind: "reset", when: "before", times: 9 });
    await world.deliver({ type: "handoff.requested" });
    await world.pass(world.settings.quietMs);
    await world.pass(world.settings.quietMs);
    await world.operate("/handoffs/01H0001/cancel");
    const refused = await world.operate(path("s1"), "DELETE");
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { state: "cancelled", detail: expect.stringContaining("on its way") },
    ]);
    await world.pass(world.settings.lateMs + 60_000);
    expect((await world.operate(path("s1"), "DELETE")).status).toBe(200);
  });

  it("leaves other sessions as they are", async () => {
    const { world, post, file } = await createEnded();
    await post("/events", { id: "o1", type: "customer.message", session: "other", text: "a human, please" });
    await world.pass(1_000);
    const other = async () => (await world.operate(`${path("other")}/export`, "GET")).text();
    const before = await other();
    expect((await world.operate(path(SESSION), "DELETE")).status).toBe(200);
    expect(await other()).toBe(before);
    const sqlite = new BetterSqlite3(file, { readonly: true });
    expect(sqlite.pragma("foreign_key_check")).toEqual([]);
    sqlite.close();
  });

  it("takes out pushes that came before the conversation was known to be a session's", async () => {
    const { world, post, file, said } = await createStage();
    const early = {
      id: "p1",
      wireType: "CONVERSATION_ASSIGNED",
      event: {
        at: 1,
        type: "conversation.assigned",
        conversationId: "early-conversation",
        assignee: { kind: "human", id: "a", name: planted.agentName },
      },
    } as never;
    await world.service.core.hear("default", [early]);
    await post("/events", { ...said, conversationId: "early-conversation" });
    expect(dump(file)).toContain("early-conversation");
    expect((await world.operate(path(SESSION), "DELETE")).status).toBe(200);
    expect(dump(file)).not.toContain("early-conversation");
    expect(foundIn(dump(file))).toEqual([]);
    expect(await world.service.core.hear("default", [early])).toEqual(["duplicate"]);
  });

  it("is an operator's alone, as the export is", async () => {
    const { world } = await createStage();
    const bot = { headers: { authorization: `Bearer ${SECRET}` } };
    expect((await world.request(`/v1${path(SESSION)}`, { ...bot, method: "DELETE" })).status).toBe(401);
    expect((await world.request(`/v1${path(SESSION)}/export`, bot)).status).toBe(401);
  });
});

describe("exporting a session", () => {
  it("tells everything recorded of it, and writes nothing", async () => {
    const { world, file, handoffId } = await createEnded();
    const before = dump(file);
    const answer = await world.operate(`${path(SESSION)}/export`, "GET");
    expect(answer.status).toBe(200);
    const text = await answer.text();
    // A key is the bot's, and only its hash is an event's.
    expect(foundIn(text)).toEqual(Object.keys(planted).filter((name) => name !== "key"));
    expect(JSON.parse(text)).toMatchObject({
      session: { bot: BOT, session: SESSION, control: "bot", epoch: 2, facts: { customer: { name: planted.name } } },
      next: null,
      handoffs: [
        {
          id: handoffId,
          state: "returned",
          sent: { topic: expect.any(String), notes: expect.arrayContaining([expect.stringContaining("words-canary")]) },
        },
      ],
    });
    expect(dump(file)).toBe(before);
    expect((await world.operate(`${path("never")}/export`, "GET")).status).toBe(404);
    expect(dump(file)).toBe(before);
  });

  it("goes in pages where there are many events, each of them once", async () => {
    const { world, record } = await createStage();
    await world.deliver({ type: "customer.message", session: SESSION, text: "first" });
    const at = world.now();
    await record.commit((tables) => {
      for (let n = 0; n < 10_050; n += 1) {
        tables.events.add({
          key: new Uint8Array([n >> 8, n & 255]),
          contentKey: null,
          bot: BOT,
          source: "baton",
          sessionId: tables.sessions.find(BOT, SESSION)?.id ?? null,
          epoch: null,
          eventId: `many-${n}`,
          type: "customer.message",
          body: {},
          outcome: "accepted",
          rule: null,
          why: null,
          handoffId: null,
          message: null,
          occurredAt: at,
          receivedAt: at,
        });
      }
    });
    const page = async (after: number) =>
      (await (await world.operate(`${path(SESSION)}/export?after=${after}`, "GET")).json()) as {
        events: { id: string }[];
        next: number;
      };
    const first = await page(0);
    expect(first.events).toHaveLength(10_000);
    const second = await page(first.next);
    expect(second).toMatchObject({ next: null });
    expect(new Set([...first.events, ...second.events].map(({ id }) => id)).size).toBe(10_051);
    expect((await world.operate(`${path(SESSION)}/export?after=x`, "GET")).status).toBe(422);
  });
});
