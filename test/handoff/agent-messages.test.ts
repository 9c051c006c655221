import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { callbackEventSchema } from "../../src/callbacks/envelope.ts";
import { defineFlow } from "../../src/escalation/flow.ts";
import { contentId } from "../../src/events/content-id.ts";
import { hashOf } from "../../src/handoff/use-cases/repeats/dedupe-key.ts";
import { createWorld, SECRET } from "../support/world.ts";

const ID = "01H0001";
const flow = defineFlow({
  name: "shop",
  bots: ["shop-assistant"],
  conversation: { topic: "Chat" },
  rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
  callbacks: {
    url: "https://shop.example/callbacks",
    events: ["agent.joined", "agent.message", "handoff.returned"],
  },
});

/** A chat that Ana has, with the callbacks to its bot since. */
async function createChat({ pushes = false } = {}) {
  const told: z.infer<typeof callbackEventSchema>[] = [];
  const world = createWorld(undefined, {
    flows: [flow],
    pushes,
    callbacks: {
      send: async ({ body }) => {
        told.push(callbackEventSchema.parse(JSON.parse(body)));
        return { kind: "answered", status: 204, retryAfter: null };
      },
      botSecrets: new Map([["shop-assistant", [SECRET]]]),
    },
  });
  await world.deliver({ type: "handoff.requested" });
  const conversationId = world.conversations()[0]?.id ?? "";
  const push = async (type: string, payload: object, at = world.now()) => {
    const timestamp = new Date(at).toISOString();
    const assignee = { id: "A1", name: "Ana Horvat", role: "AGENT" };
    const invoker = { type: "AGENT", id: "A1", name: "Ana Horvat" };
    const response = await world.request("/v1/infobip/default/events", {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
      body: JSON.stringify({
        type,
        timestamp,
        payload: { id: conversationId, status: "OPEN", assignee, invoker, ...payload },
      }),
    });
    await world.service.callbacks?.idle();
    return response.json();
  };
  return { world, told, push, conversationId };
}

describe("an agent's message that is pushed", () => {
  it("is told with its file, its caption and its type", async () => {
    const { told, push } = await createChat();
    const content = { url: "https://files.example/label.pdf", caption: "Your return label" };
    await push("OUTBOUND_MESSAGE", { message: { id: "M1", contentType: "DOCUMENT", content } });
    await push("OUTBOUND_MESSAGE", { message: { id: "M2", content: { url: "https://files.example/2.pdf" } } });
    await push("OUTBOUND_MESSAGE", { message: { id: "M3", content: { text: "That is all" } } });
    const agent = { id: "A1", name: "Ana Horvat" };
    expect(told.filter(({ type }) => type === "agent.message").map(({ data }) => data)).toMatchObject([
      { text: "Your return label", url: content.url, contentType: "DOCUMENT", agent, control: "agent", handoffId: ID },
      { text: null, url: "https://files.example/2.pdf", contentType: null, agent },
      { text: "That is all", url: null, contentType: "TEXT", agent },
    ]);
  });

  it("is told once, whatever envelope it comes in", async () => {
    const { world, told, push } = await createChat();
    const message = { id: "M1", content: { text: "I refund 20 euro" } };
    expect(await push("OUTBOUND_MESSAGE", { message })).toEqual({ outcome: "accepted" });
    const again = await push("OUTBOUND_MESSAGE", { message, queue: { id: "Q1" } }, world.now() + 412);
    expect(again).toEqual({ outcome: "duplicate" });
    expect(told.filter(({ type }) => type === "agent.message")).toHaveLength(1);
  });

  it("is not told again where a record from before has it by its content", async () => {
    const { world, told, push, conversationId } = await createChat();
    const timestamp = new Date(world.now()).toISOString();
    const assignee = { id: "A1", name: "Ana Horvat", role: "AGENT" };
    const invoker = { type: "AGENT", id: "A1", name: "Ana Horvat" };
    const message = { id: "M1", content: { text: "I refund 20 euro" } };
    const id = contentId({
      type: "OUTBOUND_MESSAGE",
      timestamp,
      payload: { id: conversationId, status: "OPEN", assignee, invoker, message },
    });
    await world.record.commit((tables) =>
      tables.events.add({
        key: hashOf("default", "conversations", id),
        contentKey: null,
        bot: "",
        source: "conversations",
        sessionId: null,
        epoch: null,
        eventId: id,
        type: "agent.wrote",
        body: {},
        outcome: "accepted",
        rule: null,
        why: null,
        handoffId: null,
        message: null,
        occurredAt: world.now(),
        receivedAt: world.now(),
      }),
    );
    expect(await push("OUTBOUND_MESSAGE", { message })).toEqual({ outcome: "duplicate" });
    expect(told.filter(({ type }) => type === "agent.message")).toEqual([]);
  });

  it.each([
    ["a bot", { invoker: { type: "AGENT", id: "B1" }, assignee: { id: "B1", role: "BOT" } }],
    ["the platform", { invoker: { type: "SYSTEM", id: null } }],
  ])("is none where %s wrote it", async (_, who) => {
    const { told, push } = await createChat();
    await push("OUTBOUND_MESSAGE", { ...who, message: { id: "M1", content: { text: "Welcome!" } } });
    expect(told.filter(({ type }) => type === "agent.message")).toEqual([]);
  });

  it("leaves no trace of its file in a record that keeps no transcript", async () => {
    const { world, push } = await createChat();
    await push("OUTBOUND_MESSAGE", {
      id: "C-of-nobody",
      message: { id: "M1", content: { url: "https://files.example/x" } },
    });
    const kept = JSON.stringify(world.record.read((t) => t.events.list(100)));
    expect(kept).toContain("C-of-nobody");
    expect(kept).not.toContain("files.example");
  });
});

/** A chat at an emulator with the pushes that `baton subscribe` subscribes to, or none. */
async function createPolledChat(pushes: boolean) {
  const chat = await createChat({ pushes });
  const { world, conversationId: id } = chat;
  await world.service.resume();
  const { desk, state } = world.emulator;
  world.emulator.settings.replyWithoutChannel = "accept";
  const [ana] = state.agents.values();
  const agent = ana?.id ?? "";
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      await world.emulator.pushes.idle();
      await world.pass(1_000);
      await world.service.callbacks?.idle();
    }
  };
  const said = () =>
    chat.told.map(({ type, data }) => (type === "agent.message" ? (data.text ?? data.contentType) : type));
  const reads = () => world.operations().filter((operation) => operation === "listMessages").length;
  return { ...chat, id, agent, desk, pass, said, reads };
}

describe("an agent's message that is not pushed", () => {
  it("is read soon, with the pushes that baton subscribe asks for, once and in order", async () => {
    const { id, agent, desk, pass, said, told } = await createPolledChat(true);
    desk.take(id, agent);
    await pass(1_000);
    desk.reply(id, agent, "Hello Iva");
    await pass(4_000);
    expect(said()).toEqual(["agent.joined", "Hello Iva"]);
    desk.reply(id, agent, "one");
    desk.reply(id, agent, "two");
    await pass(60_000);
    expect(said()).toEqual(["agent.joined", "Hello Iva", "one", "two"]);
    expect(told.at(-1)?.data).toMatchObject({ agent: { id: agent }, contentType: "TEXT", control: "agent" });
  });

  it("is read where nothing is pushed at all, before the bot has its customer back", async () => {
    const { id, agent, desk, pass, said } = await createPolledChat(false);
    desk.take(id, agent);
    await pass(31_000);
    desk.reply(id, agent, "It is on its way");
    desk.setStatus(id, agent, "SOLVED");
    await pass(61_000);
    expect(said()).toEqual(["agent.joined", "It is on its way", "handoff.returned"]);
  });

  it("is read though the agent takes, answers and solves between two turns", async () => {
    const { id, agent, desk, pass, said } = await createPolledChat(true);
    await pass(1_000);
    desk.take(id, agent);
    desk.reply(id, agent, "Done, bye");
    desk.setStatus(id, agent, "SOLVED");
    await pass(10_000);
    expect(said().sort()).toEqual(["Done, bye", "agent.joined", "handoff.returned"]);
  });

  it("is told once where some pushes bring it too", async () => {
    const { world, id, agent, desk, pass, said } = await createPolledChat(true);
    world.emulator.settings.pushTypes = "all";
    desk.take(id, agent);
    for (const text of ["one", "two", "three"]) {
      desk.reply(id, agent, text);
      await pass(5_000);
    }
    await pass(120_000);
    expect(said()).toEqual(["agent.joined", "one", "two", "three"]);
  });

  it("costs a few reads a minute while nobody writes, and none before an agent has the chat or once it is over", async () => {
    const { id, agent, desk, pass, reads } = await createPolledChat(true);
    await pass(120_000);
    expect(reads()).toBe(0);
    desk.take(id, agent);
    await pass(300_000);
    expect(reads()).toBeLessThan(30);
    desk.setStatus(id, agent, "CLOSED");
    await pass(10_000);
    const after = reads();
    await pass(120_000);
    expect(reads()).toBe(after);
  });

  it("is not taken for an agent's where Baton or a bot wrote it", async () => {
    const { world, id, agent, desk, pass, said } = await createPolledChat(true);
    const { conversations, bots } = world.emulator.state;
    const [bot] = bots.values();
    desk.take(id, agent);
    for (const [authorType, authorId] of [
      ["SYSTEM", null],
      ["BOT", bot?.id ?? null],
    ] as const) {
      const current = conversations.get(id);
      if (current === undefined) throw new Error("the chat is there");
      const sent = { channel: "LIVE_CHAT", from: "w", to: "c", direction: "OUTBOUND", contentType: "TEXT" } as const;
      const times = { createdAt: world.now(), updatedAt: world.now() };
      const message = { id: `M-${authorType}`, ...sent, ...times, authorType, authorId, content: { text: authorType } };
      Object.assign(current, { messages: [...current.messages, message] });
    }
    await pass(10_000);
    expect(said()).toEqual(["agent.joined"]);
  });

  it("waits while the account asks for a pause, and is told after", async () => {
    const { world, id, agent, desk, pass, said } = await createPolledChat(true);
    desk.take(id, agent);
    await pass(4_000);
    world.emulator.faults.add({ kind: "status", status: 429, retryAfter: 60, operation: "listMessages" });
    desk.reply(id, agent, "Hello");
    await pass(50_000);
    expect(said()).toEqual(["agent.joined"]);
    await pass(40_000);
    expect(said()).toEqual(["agent.joined", "Hello"]);
  });
});
