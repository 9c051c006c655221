import { describe, expect, it } from "vitest";
import { createDoor, expectHandedOver, leftOutOf } from "../support/door.ts";

const ask = { session: "s", reason: "wants a refund" };
const message = { id: "2", type: "customer.message", session: "s", text: "agent" };

/** Fields without a usable value: nothing is missing. */
const ABSENT: Record<string, unknown>[] = [
  { customer: { name: "Ana", email: null } },
  { customer: { name: "Ana", email: "", phone: "N/A", externalId: "undefined" } },
  { customer: null },
  { language: null },
  { language: "" },
  { channel: null },
  { channel: "" },
  { conversationId: null },
  { conversationId: "" },
  { conversationId: "N/A" },
  { conversationId: "null" },
  { conversationId: "[object Object]" },
  { conversationId: "{{conversationId}}" },
  { attributes: null },
  { attributes: { orderId: null } },
  { attributes: { orderId: "", total: "{{total}}" } },
  { at: null },
  { at: "" },
];
const ABSENT_OF_A_REQUEST: Record<string, unknown>[] = [
  { reason: null },
  { reason: "" },
  { summary: null },
  { summary: "undefined" },
  { priority: null },
  { priority: "" },
  { priority: "N/A" },
  { tags: null },
  { tags: [] },
  { tags: [""] },
  { tags: [null] },
  { queue: null },
  { queue: "" },
  { queue: "{{queue}}" },
  { transcript: null },
  { transcript: [] },
  { messages: null },
  { id: null },
  { id: "" },
];
const ABSENT_OF_A_MESSAGE: Record<string, unknown>[] = [
  { intent: null },
  { intent: { name: "", confidence: 0 } },
  { intent: { name: null, confidence: null } },
  { sentiment: null },
  { sentiment: "" },
  { contentType: null },
  { contentType: "" },
];

describe("an optional field that says nothing", () => {
  it.each([...ABSENT, ...ABSENT_OF_A_REQUEST])("keeps nobody from a person at /handoffs: %j", async (more) => {
    const reply = await createDoor().ask({ ...ask, ...more });
    expectHandedOver(reply);
    expect(leftOutOf(reply)).toEqual([]);
  });

  it.each([...ABSENT, ...ABSENT_OF_A_MESSAGE])("keeps nobody from a person at /events: %j", async (more) => {
    const reply = await createDoor().events({ ...message, ...more });
    expectHandedOver(reply);
    expect(leftOutOf(reply)).toEqual([]);
  });

  it("takes Baton's own answer back", async () => {
    const door = createDoor();
    const first = await door.events({ id: "1", type: "customer.message", session: "s", text: "hello" });
    const { conversationId } = first.body;
    expect(conversationId).toBeNull();
    expectHandedOver(await door.events({ ...message, conversationId }));
  });

  it("names no customer by a placeholder", async () => {
    for (const name of ["N/A", "null", "[object Object]", "{{displayName}}"]) {
      const door = createDoor();
      expectHandedOver(await door.webhook("answers", { uniqueSessionId: "u", displayName: name, text: "agent" }));
      expect(door.last().topic).not.toContain(name);
      expect(door.note()).not.toContain(name);
    }
  });

  it("links no conversation that a placeholder names", async () => {
    const door = createDoor();
    expectHandedOver(await door.events({ ...message, conversationId: "null" }));
    expect(door.last().summary).not.toContain("continues");
  });
});

/** Fields with a value that cannot be used unchanged, with the name that reports them. */
const BROKEN: [field: string, more: Record<string, unknown>][] = [
  ["customer.phone", { customer: { name: "Ana", phone: { country: 385, rest: 912345678 } } }],
  ["customer.phone", { customer: { phone: "9".repeat(101) } }],
  ["customer.name", { customer: { name: "A".repeat(501) } }],
  ["customer.email", { customer: { email: ["a@x.hr", "b@x.hr", { c: 1 }] } }],
  ["language", { language: { code: "hr" } }],
  ["language", { language: "x".repeat(36) }],
  ["channel", { channel: "C".repeat(101) }],
  ["channel", { channel: ["WHATSAPP", { x: 1 }] }],
  ["attributes", { attributes: "gold" }],
  ["attributes", { attributes: 7 }],
  ["attributes.history", { attributes: { plan: "gold", history: "h".repeat(4_001) } }],
  ["conversationId", { conversationId: { id: "C1" } }],
  ["conversationId", { conversationId: "../../accounts" }],
  ["at", { at: "yesterday evening" }],
  ["at", { at: { seconds: 1 } }],
];
const BROKEN_OF_A_REQUEST: [string, Record<string, unknown>][] = [
  ["priority", { priority: "as soon as possible" }],
  ["priority", { priority: { level: 1 } }],
  ["queue", { queue: { name: "VIP" } }],
  ["queue", { queue: "Q".repeat(256) }],
  ["tags", { tags: { vip: true } }],
  ["tags", { tags: ["vip", { name: "x" }] }],
  ["summary", { summary: { text: { nested: true } } }],
  ["summary", { summary: "s".repeat(100_001) }],
  ["transcript", { transcript: { x: 1 } }],
  ["transcript", { transcript: [7, { author: "customer", text: "hello" }] }],
];
const BROKEN_OF_A_MESSAGE: [string, Record<string, unknown>][] = [
  ["intent", { intent: { name: { deep: 1 } } }],
  ["sentiment", { sentiment: { a: "b" } }],
  ["sentiment", { sentiment: "who knows" }],
  ["contentType", { contentType: { type: "TEXT" } }],
];

describe("an optional field that cannot be used", () => {
  it.each([...BROKEN, ...BROKEN_OF_A_REQUEST])("is named in the answer of /handoffs: %s", async (field, more) => {
    const reply = await createDoor().ask({ ...ask, ...more });
    expectHandedOver(reply);
    expect(
      leftOutOf(reply).some((name) => name === field || name.startsWith(`${field}.`)),
      reply.text,
    ).toBe(true);
  });

  it.each([...BROKEN, ...BROKEN_OF_A_MESSAGE])("is named in the answer of /events: %s", async (field, more) => {
    const reply = await createDoor().events({ ...message, ...more });
    expectHandedOver(reply);
    expect(
      leftOutOf(reply).some((name) => name === field || name.startsWith(`${field}.`)),
      reply.text,
    ).toBe(true);
  });

  it("is said flat, with commas, to Answers and Flow", async () => {
    for (const source of ["answers", "flow"]) {
      const reply = await createDoor().webhook(source, {
        session: "s",
        text: "agent",
        history: "h".repeat(4_001),
        queue: "Q".repeat(256),
      });
      expectHandedOver(reply);
      expect(typeof reply.body.leftOut).toBe("string");
      expect(leftOutOf(reply).sort()).toEqual([expect.stringMatching(/^(attributes\.)?history$/), "queue"]);
    }
  });

  it("does not stand in an answer where nothing was left out", async () => {
    const reply = await createDoor().ask(ask);
    expect(reply.body).not.toHaveProperty("leftOut");
  });
});

describe("what can be used in another shape", () => {
  it("is used", async () => {
    const door = createDoor();
    const reply = await door.ask({
      ...ask,
      id: 42,
      customer: { name: "Ana", phone: 385912345678 },
      attributes: { cart: { id: 1, total: { value: "9.90" } }, items: ["shoe", "lace"] },
      tags: "vip",
      priority: "urgent",
      language: "HR",
    });
    expectHandedOver(reply);
    expect(door.note()).toContain("385912345678");
    for (const words of ["cart.id", "cart.total.value", "9.90", "shoe", "lace"]) expect(door.note()).toContain(words);
    expect(door.priorities()).toEqual(["URGENT"]);
    expect(door.last().tags).toContain("vip");
  });

  it("keeps the beginning of what is too long", async () => {
    const door = createDoor();
    await door.ask({ ...ask, attributes: { history: `begins here ${"h".repeat(4_001)}` } });
    expect(door.note()).toContain("begins here");
  });

  it.each([
    ["a little over", { intent: { name: "x", confidence: 1.0000001192092896 } }],
    ["a little under", { sentiment: -1.0000001 }],
    ["of a hundred", { intent: { name: "x", confidence: 87 } }],
    ["of a hundred, in words", { intent: { name: "x", confidence: "87%" } }],
    ["much over", { sentiment: 87 }],
    ["missing", { intent: { name: "x" } }],
    ["missing, a name alone", { intent: "x" }],
    ["with a decimal comma", { intent: { name: "x", confidence: "0,12" } }],
  ])("takes a score that is %s", async (_, more) => {
    expectHandedOver(await createDoor().events({ ...message, ...more }));
  });

  it("takes a feeling below all bounds for the worst", async () => {
    const reply = await createDoor().events({ ...message, text: "this is bad", sentiment: -1.0000001 });
    expect(reply.body).toMatchObject({ reason: "unhappy", handoffState: "routed" });
  });

  it.each(["87", "87%", 87])("reads %j as a high confidence, not as a low one", async (confidence) => {
    const door = createDoor();
    const body = { uniqueSessionId: "u", type: "customer.message", text: "hi", plan: "gold", intent: "x", confidence };
    expect((await door.webhook("answers", body)).body).toMatchObject({ control: "bot", handoffId: null });
  });

  it.each(["12%", "0,12", "0.12", 0.12])("reads %j as a low confidence", async (confidence) => {
    const door = createDoor();
    const body = { uniqueSessionId: "u", type: "customer.message", text: "hi", plan: "gold", intent: "x", confidence };
    expect((await door.webhook("answers", body)).body).toMatchObject({ reason: "vip-unsure" });
  });

  it("reads a feeling in words", async () => {
    const body = { uniqueSessionId: "u", type: "customer.message", text: "hm", sentiment: "negative" };
    expect((await createDoor().webhook("answers", body)).body.reason).toBe("unhappy");
  });

  it("takes a name for the customer's, and nests no deeper than names", async () => {
    const door = createDoor();
    await door.webhook("answers", {
      uniqueSessionId: "u",
      name: "Ana",
      text: "agent",
      cart: { total: 9 },
      list: ["a"],
    });
    expect(door.last().topic).toBe("Chat with Ana");
    expect(door.note()).toContain("cart.total");
  });

  it("takes whole numbers for sessions and ids", async () => {
    const door = createDoor();
    expectHandedOver(await door.events({ ...message, id: 42, session: 123456789 }));
    expect((await door.session("123456789")).body.control).toBe("queue");
  });

  it("takes a picture without a text", async () => {
    for (const more of [{}, { text: null }, { text: "" }]) {
      const door = createDoor({ bot: "bank-assistant" });
      const { text: _, ...bare } = message;
      const reply = await door.events({ ...bare, ...more, contentType: "IMAGE" });
      expect(reply.body).toMatchObject({ reason: "sent-a-file", handoffState: "routed" });
    }
  });

  it("refuses an unknown type, and does not take it for a request", async () => {
    const door = createDoor();
    for (const source of ["answers", "flow"]) {
      const reply = await door.webhook(source, { session: "s", type: "message", text: "What is the weather?" });
      expect(reply.status).toBe(422);
    }
    expect((await door.events({ ...message, type: "message" })).status).toBe(422);
    expect((await door.events({ id: "1", session: "s", text: "agent" })).status).toBe(422);
    expect(door.conversations()).toEqual([]);
  });
});

describe("times", () => {
  it.each([
    ["2026-11-23T08:15:00", "08:15"],
    ["2026-11-23T08:15:00Z", "08:15"],
    ["2026-11-23t08:15:00z", "08:15"],
    ["2026-11-23T09:15:00+01:00", "08:15"],
    ["2026-11-23T08:15:00.123+0000", "08:15"],
    ["2026-11-23 08:15:00", "08:15"],
    ["2026-11-23T08:14:60Z", "08:1"],
    [Date.parse("2026-11-23T08:15:00Z") / 1_000, "08:15"],
    [Date.parse("2026-11-23T08:15:00Z"), "08:15"],
    [String(Date.parse("2026-11-23T08:15:00Z")), "08:15"],
  ])("reads %j", async (at, shown) => {
    const door = createDoor();
    await door.events({ id: "1", type: "customer.message", session: "s", text: "my parcel is late", at });
    const reply = await door.events({ ...message, at: "2026-11-23T10:00:00Z" });
    expectHandedOver(reply);
    const line = door
      .note()
      .split("\n")
      .find((it) => it.includes("my parcel is late"));
    expect(line).toContain(shown);
  });

  it("reads those of a transcript as well", async () => {
    const door = createDoor();
    const transcript = [
      { author: "customer", text: "first words", at: Date.parse("2026-11-23T08:15:00Z") },
      { author: "bot", text: "second words", at: "2026-11-23T08:16:00" },
      { author: "customer", text: "third words", at: null },
    ];
    expectHandedOver(await door.ask({ ...ask, transcript }));
    for (const shown of ["08:15", "08:16", "third words"]) expect(door.note()).toContain(shown);
  });
});
