import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createDoor, type Door, expectHandedOver } from "../support/door.ts";

const contact = {
  session: "s",
  reason: "call me back",
  customer: { name: "Ana", phone: "+385912345678", email: "ana@x.hr", externalId: "C-77" },
  language: "hr",
  channel: "WHATSAPP",
};
const VALUES = ["Ana", "+385912345678", "ana@x.hr", "C-77", "WHATSAPP"];

const flowWith = (more: Partial<FlowInput>) =>
  defineFlow({
    name: "shop",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat" },
    rules: [{ reason: "customer-asked", when: { event: "handoff.requested" } }],
    ...more,
  });

const metadataOf = (door: Door): string => JSON.stringify(door.last().metadata);

describe("the customer's contact", () => {
  it("is in the note and in the metadata", async () => {
    const door = createDoor();
    expectHandedOver(await door.ask(contact));
    for (const value of VALUES) expect(door.note()).toContain(value);
    expect(door.note()).toMatch(/\bhr\b/);
    for (const value of ["+385912345678", "ana@x.hr", "C-77"]) expect(metadataOf(door)).toContain(value);
  });

  it("is there whatever names it", async () => {
    for (const [source, body] of [
      ["answers", { uniqueSessionId: "u", displayName: "Ana", phoneNumber: "385912345678", email: "ana@x.hr" }],
      ["flow", { phoneNumber: "385912345678", email: "ana@x.hr", name: "Ana", text: "call me" }],
    ] as const) {
      const door = createDoor();
      expectHandedOver(await door.webhook(source, body));
      for (const value of ["Ana", "385912345678", "ana@x.hr"]) expect(door.note()).toContain(value);
    }
  });

  it("is there where it was told long before the request", async () => {
    const door = createDoor();
    const { customer, language, channel } = contact;
    await door.events({ id: "1", type: "session.started", session: "s", customer, language, channel });
    await door.events({ id: "2", type: "customer.message", session: "s", text: "hello" });
    expectHandedOver(await door.ask({ session: "s" }));
    for (const value of VALUES) expect(door.note()).toContain(value);
  });

  it("is there for a parcel's customer, who is told that somebody writes", async () => {
    const door = createDoor({ bot: "delivery-journey" });
    const body = { phoneNumber: "385912345678", text: "it is in pieces", parcel: "P-5521", reply: "damaged" };
    expectHandedOver(await door.webhook("flow", body));
    expect(door.note()).toContain("385912345678");
  });

  it("is not there where the flow turns it off", async () => {
    const door = createDoor({ flows: [flowWith({ note: { contact: false } as FlowInput["note"] })] });
    expectHandedOver(await door.ask(contact));
    for (const value of ["+385912345678", "ana@x.hr", "C-77"]) {
      expect(door.note()).not.toContain(value);
      expect(metadataOf(door)).not.toContain(value);
    }
  });

  it("stays readable where a website asks for an address", async () => {
    const door = createDoor({ bot: "web-assistant" });
    await door.events({ id: "1", type: "customer.message", session: "s", text: "write to ana@x.hr please" });
    expectHandedOver(await door.events({ id: "2", type: "customer.message", session: "s", text: "a human please" }));
    expect(door.note()).toContain("ana@x.hr");
  });

  it("cannot turn the agent's screen around, or break its lines", async () => {
    const door = createDoor();
    const customer = { name: "Ana\u202etxt.exe\nReason: none", externalId: "C\u2067-77" };
    await door.ask({
      ...contact,
      customer,
      summary: "see \u202dhere\u2066",
      attributes: { "or\u202eder": "A\u202e1" },
    });
    for (const { topic, summary } of door.conversations()) {
      expect(`${topic}${summary}${door.note()}${metadataOf(door)}`).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    }
    expect(
      door
        .note()
        .split("\n")
        .filter((line) => line.startsWith("Reason: none")),
    ).toEqual([]);
  });
});

describe("the words of the round", () => {
  it("stand in the order in which they were said", async () => {
    const door = createDoor();
    const said = (id: string, minute: string, text: string) => ({
      id,
      type: "customer.message",
      session: "s",
      text,
      at: `2026-11-23T09:${minute}:00Z`,
    });
    for (const event of [
      said("1", "01", "one"),
      said("2", "02", "two"),
      said("3", "00", "zero"),
      said("4", "03", "three"),
    ]) {
      await door.events(event);
    }
    expectHandedOver(await door.ask({ session: "s" }));
    expect(door.note().match(/\b(zero|one|two|three)\b/g)).toEqual(["zero", "one", "two", "three"]);
  });

  it("stand in order also where they came in one array, with other offsets", async () => {
    const door = createDoor();
    const said = (id: string, at: string, text: string, type = "customer.message") => ({
      id,
      type,
      session: "s",
      text,
      at,
    });
    await door.events([
      said("1", "2026-11-23T10:03:00+01:00", "three"),
      said("2", "2026-11-23T09:01:00Z", "one"),
      said("3", "2026-11-23T14:32:00+05:30", "two", "bot.message"),
    ]);
    expectHandedOver(await door.ask({ session: "s" }));
    expect(door.note().match(/\b(one|two|three)\b/g)).toEqual(["one", "two", "three"]);
  });

  it("keep the order in which they came where their times are the same", async () => {
    const door = createDoor();
    for (const text of ["one", "two", "three"]) {
      await door.events({ id: text, type: "customer.message", session: "s", text, at: "2026-11-23T09:00:00Z" });
    }
    expectHandedOver(await door.ask({ session: "s" }));
    expect(door.note().match(/\b(one|two|three)\b/g)).toEqual(["one", "two", "three"]);
  });
});

describe("a text that names the conversation", () => {
  it("knows it also where Baton opened it", async () => {
    const handBack = { message: "Rate us: https://x.example/rate?c={{conversationId}}" };
    const door = createDoor({ flows: [flowWith({ handBack })] });
    const { body } = await door.ask(contact);
    await door.take();
    await door.finish();
    const next = await door.events({ id: "9", type: "customer.message", session: "s", text: "thanks" });
    expect(next.body.message).toContain(`rate?c=${body.conversationId}`);
  });

  it("knows it while the customer waits", async () => {
    const waiting = [{ afterSeconds: 60, message: "Your number is {{conversationId}}." }];
    const door = createDoor({ flows: [flowWith({ waiting })] });
    const { body } = await door.ask(contact);
    await door.later(70_000);
    const next = await door.events({ id: "9", type: "customer.message", session: "s", text: "hello?" });
    expect(next.body.message).toContain(`Your number is ${body.conversationId}.`);
  });
});
