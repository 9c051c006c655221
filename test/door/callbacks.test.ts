import { describe, expect, it } from "vitest";
import { callbackEventSchema } from "../../src/callbacks/envelope.ts";
import { defineFlow } from "../../src/escalation/flow.ts";
import { callbackTypes } from "../../src/events/callback-types.ts";
import { createDoor, type Door, type DoorOptions } from "../support/door.ts";
import { SECRET } from "../support/world.ts";

/** A door whose bot gets all callbacks, and answers as the test says. */
function createToldDoor(answer: (type: string, body: string) => number = () => 204, more: DoorOptions = {}) {
  const told: { at: number; type: string; data: Record<string, unknown>; status: number }[] = [];
  const flow = defineFlow({
    name: "shop",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat" },
    rules: [{ reason: "customer-asked", when: { event: "handoff.requested" } }],
    callbacks: { url: "https://shop.example/callbacks", events: [...callbackTypes] },
  });
  const door: Door = createDoor({
    flows: [flow],
    ...more,
    callbacks: {
      botSecrets: new Map([["shop-assistant", [SECRET]]]),
      send: async ({ body }) => {
        const { type, data } = callbackEventSchema.parse(JSON.parse(body));
        const status = answer(type, body);
        told.push({ at: door.now(), type, data, status });
        return { kind: "answered", status, retryAfter: null };
      },
    },
  });
  const taken = () => told.filter(({ status }) => status < 300).map(({ type }) => type);
  return { door, told, taken };
}

/** Infobip's push of an agent's message. */
const wrote = (door: Door, message: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: "OUTBOUND_MESSAGE",
  timestamp: new Date(door.now()).toISOString(),
  payload: {
    id: door.last().id,
    status: "OPEN",
    assignee: { id: door.agent, name: "Marta Silva", role: "SUPERVISOR" },
    invoker: { type: "AGENT", id: door.agent, name: "Marta Silva" },
    message: { id: "msg-1", conversationId: door.last().id, channel: "WHATSAPP", ...message },
  },
  ...more,
});
async function pushed(door: Door, push: object): Promise<void> {
  const headers = { authorization: `Bearer ${SECRET}`, "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(push) };
  expect((await door.request("/v1/infobip/default/events", init)).status).toBe(200);
  await door.later(1_000);
}
async function withAgent(answer?: (type: string, body: string) => number) {
  const stage = createToldDoor(answer);
  await stage.door.ask({ session: "s" });
  await stage.door.take();
  await stage.door.later(1_000);
  return stage;
}
const messagesOf = (told: { type: string; data: Record<string, unknown> }[]) =>
  told.filter(({ type }) => type === "agent.message").map(({ data }) => data);

describe("what tells who has the customer", () => {
  it.each([400, 404, 422, 500, 503])("is not held back by a message that the bot answers %i", async (status) => {
    const { door, told, taken } = await withAgent((_, body) => (body.includes("poison") ? status : 204));
    await pushed(door, wrote(door, { content: { text: "poison text" } }));
    await door.finish();
    const over = door.now();
    await door.later(60_000);
    expect(taken()).toContain("handoff.returned");
    const at = told.find(({ type }) => type === "handoff.returned")?.at ?? Number.POSITIVE_INFINITY;
    expect(at - over).toBeLessThanOrEqual(16_000);
  });

  it("comes in its order where nothing is refused", async () => {
    const { door, taken } = await withAgent();
    await pushed(door, wrote(door, { content: { text: "hello" } }));
    await door.finish();
    await door.later(5_000);
    expect(taken()).toEqual(["handoff.routed", "agent.joined", "agent.message", "handoff.returned"]);
  });

  it("is set aside after a few plain refusals within ten minutes, with an alert", async () => {
    const { door, told } = await withAgent((type) => (type === "agent.message" ? 400 : 204));
    await pushed(door, wrote(door, { content: { text: "poison text" } }));
    await door.later(10 * 60_000, 5_000);
    const tries = told.filter(({ type }) => type === "agent.message").length;
    expect(tries).toBeLessThanOrEqual(5);
    await door.later(24 * 3_600_000);
    expect(told.filter(({ type }) => type === "agent.message")).toHaveLength(tries);
    const alerts = door.lines.filter(({ level }) => level === "warn" || level === "error");
    expect(JSON.stringify(alerts)).toContain("callback");
    expect(JSON.stringify(door.lines)).not.toContain("poison");
  });

  it("lets the next message through once one was set aside", async () => {
    const { door, told } = await withAgent((_, body) => (body.includes("poison") ? 400 : 204));
    await pushed(door, wrote(door, { id: "m1", content: { text: "poison text" } }));
    await pushed(door, wrote(door, { id: "m2", content: { text: "good text" } }));
    await door.later(11 * 60_000, 5_000);
    expect(messagesOf(told.filter(({ status }) => status < 300)).map(({ text }) => text)).toEqual(["good text"]);
  });
});

describe("what an agent sends", () => {
  it.each([
    ["an attachment with a caption", { url: "https://x/label.pdf", caption: "Your return label" }, "DOCUMENT"],
    ["an attachment alone", { url: "https://x/label.pdf" }, "DOCUMENT"],
    ["a picture with a text", { url: "https://x/1.jpg", text: "Your return label" }, "IMAGE"],
  ])("reaches the bot: %s", async (_, content, contentType) => {
    const { door, told } = await withAgent();
    await pushed(door, wrote(door, { contentType, content }));
    const [message] = messagesOf(told);
    expect(JSON.stringify(message)).toContain(content.url);
    const words = "caption" in content ? content.caption : "text" in content ? content.text : undefined;
    if (words !== undefined) expect(message?.text).toBe(words);
  });

  it("reaches the bot where it is a place, a contact, or words in another shape", async () => {
    for (const content of [
      { latitude: 45.81, longitude: 15.98, name: "Our shop", address: "Ilica 1" },
      { contacts: [{ name: { formattedName: "Our shop" }, phones: [{ phone: "+38512345678" }] }] },
      "plain words of Our shop",
      { body: { text: "Our shop is open" } },
    ]) {
      const { door, told } = await withAgent();
      await pushed(door, wrote(door, { contentType: "WHATEVER", content }));
      expect(messagesOf(told)).toHaveLength(1);
      expect(JSON.stringify(messagesOf(told))).toContain("Our shop");
    }
  });

  it("reaches the customer once, whatever envelope it comes in", async () => {
    const { door, told } = await withAgent();
    const push = wrote(door, { id: "m-77", content: { text: "I refund 20 euro" } });
    await pushed(door, push);
    await pushed(door, push);
    await pushed(door, { ...push, timestamp: new Date(door.now() + 412).toISOString() });
    await pushed(door, { ...push, payload: { ...push.payload, status: "WAITING", extra: 1 } });
    expect(messagesOf(told)).toHaveLength(1);
  });

  it("reaches the customer twice where it was written twice", async () => {
    const { door, told } = await withAgent();
    await pushed(door, wrote(door, { id: "m-1", content: { text: "ok" } }));
    await pushed(door, wrote(door, { id: "m-2", content: { text: "ok" } }));
    expect(messagesOf(told).map(({ text }) => text)).toEqual(["ok", "ok"]);
  });

  it("reaches the bot though no push of messages comes", async () => {
    const { door, told } = createToldDoor(() => 204, { pushes: false });
    await door.service.resume();
    const conversationId = await door.chatAtPlatform("hello");
    await door.ask({ session: "s", conversationId });
    door.emulator.desk.take(conversationId, door.agent);
    await door.later(90_000);
    door.emulator.desk.reply(conversationId, door.agent, "Hello from the desk");
    await door.later(90_000);
    expect(messagesOf(told).map(({ text }) => text)).toEqual(["Hello from the desk"]);
  });

  it("does not hold a byte of one session in the callbacks of another", async () => {
    const { door, told } = createToldDoor();
    await door.ask({ session: "a", summary: "words-of-a" });
    const first = door.last().id;
    await door.ask({ session: "b", summary: "words-of-b" });
    await door.take(first);
    await door.finish("SOLVED", first);
    await door.later(5_000);
    const ofB = told.filter(({ data }) => data.session === "b");
    expect(ofB.map(({ type }) => type)).toEqual(["handoff.routed"]);
    expect(JSON.stringify(ofB)).not.toContain(first);
  });
});
