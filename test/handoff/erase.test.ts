import BetterSqlite3 from "better-sqlite3";
import { describe, expect, it } from "vitest";
import {
  BOT,
  createEnded,
  createPast,
  createStage,
  dump,
  foundIn,
  foundInBytes,
  planted,
  SESSION,
} from "../support/ended-chat.ts";
import { createWorld, SECRET } from "../support/world.ts";

const path = (session: string) => `/bots/${BOT}/sessions/${encodeURIComponent(session)}`;

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
    const before = dump(file, ["audit"]);
    const refused = await world.operate(path(SESSION), "DELETE");
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      {
        type: "urn:baton:problem:handoff-open",
        state: "assigned",
        detail: `Its handoff ${handoffId} is assigned: end it, or wait until its agent has.`,
      },
    ]);
    expect(dump(file, ["audit"])).toBe(before);
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
    await world.service.core.receivePushes("default", [early]);
    await post("/events", { ...said, conversationId: "early-conversation" });
    expect(dump(file)).toContain("early-conversation");
    expect((await world.operate(path(SESSION), "DELETE")).status).toBe(200);
    expect(dump(file)).not.toContain("early-conversation");
    expect(foundIn(dump(file))).toEqual([]);
    expect(await world.service.core.receivePushes("default", [early])).toEqual(["duplicate"]);
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
    const before = dump(file, ["audit"]);
    const answer = await world.operate(`${path(SESSION)}/export`, "GET");
    expect(answer.status).toBe(200);
    const text = await answer.text();
    // A key belongs to the bot, and an event has only its hash.
    expect(foundIn(text)).toEqual(Object.keys(planted).filter((name) => name !== "key"));
    expect(JSON.parse(text)).toMatchObject({
      session: { bot: BOT, session: SESSION, control: "bot", epoch: 2, facts: { customer: { name: planted.name } } },
      next: null,
      handoffs: [
        {
          id: handoffId,
          state: "returned",
          sent: { topic: expect.any(String), notes: expect.arrayContaining([expect.stringContaining("are not kept")]) },
        },
      ],
    });
    expect(dump(file, ["audit"])).toBe(before);
    expect((await world.operate(`${path("never")}/export`, "GET")).status).toBe(404);
    expect(dump(file, ["audit"])).toBe(before);
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
