import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { createDoor, type Door, expectHandedOver } from "../support/door.ts";

/** A message as Infobip posts it to an external bot. */
const push = (conversationId: string, more: Record<string, unknown>) => ({
  id: "m1",
  channel: "WHATSAPP",
  from: "385912345678",
  to: "bank",
  direction: "INBOUND",
  conversationId,
  ...more,
});
async function heard(door: Door, more: Record<string, unknown>) {
  const id = await door.chatAtPlatform("hello");
  return door.webhook("infobip-bot", push(id, more));
}

const CARRIERS: [contentType: string, content: unknown][] = [
  ["BUTTON", { text: "Talk to an adviser", payload: "ADVISER" }],
  ["INTERACTIVE_BUTTON_REPLY", { id: "1", title: "Talk to an adviser" }],
  ["INTERACTIVE_LIST_REPLY", { id: "7", title: "Talk to an adviser", description: "weekdays" }],
  ["QUICK_REPLY", { text: "Talk to an adviser" }],
  ["POSTBACK", { payload: "talk to an adviser" }],
  ["POSTBACK", { title: "Talk to an adviser", payload: "P7" }],
  ["RCS_TEXT", { text: "adviser please" }],
  ["WHATSAPP_TEXT_WITH_ADDITIONAL_DATA", { text: "adviser please" }],
  ["EMAIL", { subject: "adviser please", body: "I cannot log in" }],
  ["EMAIL", { subject: "Hello", body: "an adviser, please" }],
  ["LIST_PICKER_RESPONSE", { title: "adviser" }],
  ["FORM_RESPONSE", { text: "adviser" }],
  ["TEXT", "adviser please"],
  ["BUTTON", "adviser please"],
];

describe("words in whatever carries them", () => {
  it.each(CARRIERS)("meet the rules and are in the note: %s %j", async (contentType, content) => {
    const door = createDoor({ bot: "bank-assistant" });
    const reply = await heard(door, { contentType, content });
    expectHandedOver(reply);
    expect(reply.body.reason).toBe("customer-asked");
    expect(door.note().toLowerCase()).toContain("adviser");
  });

  it.each([
    ["INTERACTIVE_LIST_REPLY", { title: "I lost my card" }],
    ["BUTTON", { text: "I lost my card", payload: "LOST" }],
    ["IMAGE", { url: "https://x.invalid/1.jpg", caption: "stolen card, this is the bill" }],
    ["DOCUMENT", { url: "https://x.invalid/1.pdf", caption: "I lost my card, here is the report" }],
    ["VIDEO", { url: "https://x.invalid/1.mp4", text: "the stolen card" }],
  ])("count before the kind of content: %s", async (contentType, content) => {
    const door = createDoor({ bot: "bank-assistant" });
    const reply = await heard(door, { contentType, content });
    expect(reply.body).toMatchObject({ reason: "card-blocked", handoffState: "routed" });
    expect(door.priorities()).toEqual(["URGENT"]);
    expect(door.note()).toMatch(/lost my card|stolen card/);
  });

  it("show a picture as one, with its caption", async () => {
    const door = createDoor({ bot: "bank-assistant" });
    await heard(door, { contentType: "IMAGE", content: { url: "https://x.invalid/1.jpg", caption: "my broken cup" } });
    expect(door.note()).toMatch(/\(image\) my broken cup/i);
  });

  it("show where a place is", async () => {
    const door = createDoor({ bot: "bank-assistant" });
    const id = await door.chatAtPlatform("hello");
    const content = { latitude: 45.81, longitude: 15.98, name: "Ban Jelačić Square", address: "Zagreb" };
    await door.webhook("infobip-bot", push(id, { contentType: "LOCATION", content }));
    await door.webhook("infobip-bot", push(id, { id: "m2", contentType: "TEXT", content: { text: "adviser" } }));
    expect(door.note()).toContain("Ban Jelačić Square");
  });

  it("show the kind of what has no words", async () => {
    const door = createDoor({ bot: "bank-assistant" });
    const id = await door.chatAtPlatform("hello");
    await door.webhook("infobip-bot", push(id, { contentType: "STICKER", content: { url: "https://x.invalid/s" } }));
    await door.webhook("infobip-bot", push(id, { id: "m2", contentType: "TEXT", content: { text: "adviser" } }));
    expect(door.note()).toMatch(/\(sticker\)/i);
  });

  it("are found in singleSendMessage, without a content type, and in a direction in lower case", async () => {
    for (const more of [
      { contentType: "TEXT", singleSendMessage: { content: { text: "adviser please" } } },
      { content: { text: "adviser please" } },
      { contentType: "TEXT", direction: "inbound", content: { text: "adviser please" } },
      { contentType: "text", content: { text: "adviser please" } },
    ]) {
      expectHandedOver(await heard(createDoor({ bot: "bank-assistant" }), more));
    }
  });

  it("hand over a voice message as a file", async () => {
    const door = createDoor({ bot: "bank-assistant" });
    const reply = await heard(door, { contentType: "VOICE", content: { url: "https://x.invalid/v.ogg" } });
    expect(reply.status).toBe(200);
    const later = await door.webhook("infobip-bot", push(door.last().id, { id: "m9", content: { text: "adviser" } }));
    expect(later.status).toBe(200);
    expect(door.note()).toMatch(/\((voice|audio)\)/i);
  });

  it("are read in Infobip's other envelope", async () => {
    const door = createDoor({ bot: "bank-assistant" });
    const result = (text: string, messageId: string) => ({
      from: "385912345678",
      to: "385998877665",
      integrationType: "WHATSAPP",
      receivedAt: "2026-11-23T10:00:00.000+0000",
      messageId,
      message: { type: "TEXT", text },
      contact: { name: "Ana" },
    });
    const reply = await door.webhook("infobip-bot", {
      results: [result("adviser please", "r1")],
      messageCount: 1,
      pendingMessageCount: 0,
    });
    expectHandedOver(reply);
    expect(door.note()).toContain("adviser please");
  });

  it("are the customer's at Answers, also where they tapped", async () => {
    for (const lastReceivedMessage of [
      { type: "BUTTON", content: { text: "Talk to an agent" } },
      { type: "INTERACTIVE_LIST_REPLY", content: { title: "Talk to an agent" } },
      { type: "IMAGE", content: { url: "https://x.invalid/1.jpg", caption: "Talk to an agent" } },
      JSON.stringify({ type: "BUTTON", content: { text: "Talk to an agent" } }),
    ]) {
      const door = createDoor();
      expectHandedOver(await door.webhook("answers", { uniqueSessionId: "u", lastReceivedMessage }));
      expect(door.note()).toContain("Talk to an agent");
    }
  });

  it("are the last words of a request, and rules see them", async () => {
    for (const [source, body] of [
      ["answers", { uniqueSessionId: "u", lastReceivedTextMessage: "I lost my card, block it!" }],
      ["flow", { phoneNumber: "385912345678", message: "Hilfe, habe meine Karte verloren" }],
    ] as const) {
      const reply = await createDoor({ bot: "bank-assistant" }).webhook(source, body);
      expect(reply.body).toMatchObject({ reason: "card-blocked", handoffState: "routed" });
    }
    const ask = { session: "s", transcript: [{ author: "customer", text: "somebody has my stolen card" }] };
    expect((await createDoor({ bot: "bank-assistant" }).ask(ask)).body.reason).toBe("card-blocked");
  });
});

describe("what a bot did not understand", () => {
  it.each(["let me talk to a human", "I want a human agent", "operator!!"])("is heard as words: %s", async (text) => {
    const door = createDoor();
    const reply = await door.events({ id: "1", type: "bot.fallback", session: "s", text });
    expectHandedOver(reply);
    expect(reply.body.reason).toBe("customer-asked");
    expect(door.note()).toContain(text);
  });

  it("may be what a rule of a flow waits for", async () => {
    const flow = defineFlow({
      name: "shop",
      bots: ["shop-assistant"],
      conversation: { topic: "Chat {{session}}" },
      rules: [{ reason: "refund", when: { event: "bot.fallback", text: { contains: ["money back"] } } }],
    });
    const door = createDoor({ flows: [flow] });
    const event = { type: "bot.fallback", session: "s" };
    expect((await door.events({ ...event, id: "1", text: "my shoes are wet" })).body.control).toBe("bot");
    expect((await door.events({ ...event, id: "2", text: "I want my money back!" })).body.reason).toBe("refund");
  });

  it("is not heard where the bot only says that something failed", async () => {
    const door = createDoor();
    for (const id of ["1", "2"]) await door.events({ id, type: "bot.fallback", session: "s" });
    expect(door.conversations()).toEqual([]);
  });
});

describe("attributes that a rule names", () => {
  it.each(["Gold", " gold", "GOLD ", "gold"])("are the same in any case: %j", async (plan) => {
    const event = {
      id: "1",
      type: "customer.message",
      session: "s",
      text: "hm",
      intent: { name: "x", confidence: 0.1 },
    };
    const reply = await createDoor().events({ ...event, attributes: { plan } });
    expect(reply.body.reason).toBe("vip-unsure");
  });
});
