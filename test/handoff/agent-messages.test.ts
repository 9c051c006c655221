import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineFlow } from "../../src/escalation/flow.ts";
import { contentId } from "../../src/events/content-id.ts";
import { hashOf } from "../../src/handoff/delivery-key.ts";
import { callbackDataSchema } from "../../src/sessions/callback.ts";
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
const toldSchema = z.object({ type: z.string(), data: callbackDataSchema });

/** A chat that Ana has, and what its bot was told since. */
async function createChat({ pushes = false } = {}) {
  const told: z.infer<typeof toldSchema>[] = [];
  const world = createWorld(undefined, {
    flows: [flow],
    pushes,
    callbacks: {
      send: async ({ body }) => {
        told.push(toldSchema.parse(JSON.parse(body)));
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
