import { describe, expect, it } from "vitest";
import { createDoor, type Door, expectHandedOver } from "../support/door.ts";

const DAY = 86_400_000;
const say = (id: string, text: string, more: object = {}) => ({
  id,
  type: "customer.message",
  session: "s",
  text,
  ...more,
});

/** Bodies of all requests to the platform. */
const sent = (door: Door): string => JSON.stringify(door.emulator.calls.map(({ body }) => body));

describe("a chat that was silent for long", () => {
  it("begins anew: counters, attributes and words", async () => {
    const door = createDoor();
    const secret = "Where is order A-1042? It is a surprise for my wife";
    const attributes = { orderId: "A-1042", plan: "gold" };
    await door.events(say("1", secret, { attributes, language: "hr", customer: { name: "Ana" } }));
    for (const id of ["2", "3"]) await door.events({ id, type: "bot.fallback", session: "s" });
    await door.later(22 * DAY);
    await door.events(say("4", "Do you have red shoes?"));
    expect((await door.events({ id: "5", type: "bot.fallback", session: "s" })).body.control).toBe("bot");
    expectHandedOver(await door.events(say("6", "agent")));
    expect(door.last().topic).toBe("Chat with Ana");
    for (const old of ["A-1042", "surprise", "gold"]) expect(sent(door)).not.toContain(old);
    expect(door.note()).toContain("red shoes");
  });

  it("is the same round within a day", async () => {
    const door = createDoor();
    await door.events(say("1", "Where is my parcel?", { attributes: { orderId: "A-1" } }));
    await door.later(23 * 3_600_000);
    expectHandedOver(await door.events(say("2", "agent")));
    expect(door.last().topic).toBe("Order A-1");
    expect(door.note()).toContain("Where is my parcel?");
  });

  it("decides nothing of today by the attributes of last week", async () => {
    const door = createDoor({ bot: "delivery-journey" });
    const phoneNumber = "385912345678";
    const first = await door.webhook("flow", { phoneNumber, text: "it is broken", parcel: "P1", reply: "damaged" });
    expect(first.body.reason).toBe("damaged");
    await door.take();
    await door.finish("CLOSED");
    await door.later(7 * DAY);
    const second = await door.webhook("flow", { phoneNumber, text: "When do you open?" });
    expectHandedOver(second);
    expect(second.body.reason).not.toBe("damaged");
    expect(door.last().topic).not.toContain("P1");
    for (const old of ["damaged", "it is broken", "P1"]) expect(door.note()).not.toContain(old);
    expect(door.queueNamed(door.last().queueId)).not.toBe("Complaints");
  });
});

describe.each([
  ["session.ended", ["session.ended"]],
  ["session.started", ["session.started"]],
  ["session.ended and session.started", ["session.ended", "session.started"]],
])("a round that %s ends", (_, types) => {
  it("leaves its facts and words behind, and the customer stays", async () => {
    const door = createDoor();
    const attributes = { orderId: "A-1", plan: "gold" };
    const customer = { name: "Ana", phone: "+385912345678" };
    await door.events(say("1", "words of the first chat", { attributes, customer, language: "hr" }));
    for (const id of ["2", "3"]) await door.events({ id, type: "bot.fallback", session: "s" });
    for (const type of types) await door.events({ id: type, type, session: "s" });
    expect((await door.events({ id: "5", type: "bot.fallback", session: "s" })).body.control).toBe("bot");
    await door.events(say("6", "words of the second chat"));
    expectHandedOver(await door.events(say("7", "agent")));
    expect(door.last().topic).toBe("Chat with Ana");
    expect(door.note()).toContain("words of the second chat");
    expect(door.note()).toContain("+385912345678");
    for (const old of ["A-1", "gold", "words of the first chat"]) expect(sent(door)).not.toContain(old);
  });
});

describe("a round that the hand-back ends", () => {
  it("leaves its facts and words behind", async () => {
    const door = createDoor();
    await door.events(say("1", "words of the first chat", { attributes: { orderId: "A-1" } }));
    await door.events(say("2", "agent"));
    await door.take();
    await door.finish("CLOSED");
    const before = door.emulator.calls.length;
    await door.events(say("3", "words of the second chat"));
    expectHandedOver(await door.events(say("4", "agent please")));
    const second = JSON.stringify(door.emulator.calls.slice(before).map(({ body }) => body));
    expect(second).toContain("words of the second chat");
    for (const old of ["A-1", "words of the first chat"]) expect(second).not.toContain(old);
  });
});

describe("an attribute", () => {
  it("is unset by null, in every source", async () => {
    const door = createDoor();
    await door.events(say("1", "hello", { attributes: { orderId: "A-1", plan: "gold" } }));
    await door.events(say("2", "no, not that one", { attributes: { orderId: null } }));
    expectHandedOver(await door.events(say("3", "agent")));
    expect(sent(door)).not.toContain("A-1");
    expect(door.note()).toContain("gold");
  });
});

describe("fallbacks", () => {
  const fallback = (id: string) => ({ id, type: "bot.fallback", session: "s" });
  const reply = (id: string, text: string) => ({ id, type: "bot.message", session: "s", text });

  it("count only in a row: an answer in between is a success", async () => {
    const door = createDoor();
    const events = [
      fallback("1"),
      ...[say("2", "thanks"), reply("3", "You are welcome")],
      ...[say("4", "one thing"), reply("5", "Yes?")],
      fallback("6"),
      ...[say("7", "where is it"), reply("8", "here")],
      fallback("9"),
    ];
    for (const event of events) await door.events(event);
    expect(door.conversations()).toEqual([]);
  });

  it("count where the bot's own apology is reported with each", async () => {
    const door = createDoor();
    for (const n of [1, 2, 3]) {
      await door.events(say(`m${n}`, "blorb"));
      await door.events(fallback(`f${n}`));
      await door.events(reply(`r${n}`, "Sorry, I did not get that"));
    }
    expect(door.handoff("01H0001")?.reason).toBe("bot-lost");
  });

  it("count to three in a row", async () => {
    const door = createDoor();
    for (const id of ["1", "2"]) expect((await door.events(fallback(id))).body.control).toBe("bot");
    expect((await door.events(fallback("3"))).body.reason).toBe("bot-lost");
  });
});

describe("a text that declines", () => {
  it("is said once in a round, not at every fallback", async () => {
    // A Saturday.
    const door = createDoor({ bot: "web-assistant", startAt: Date.parse("2026-11-28T10:00:00Z") });
    const messages: (string | null | undefined)[] = [];
    for (const id of ["1", "2", "3", "4"]) {
      messages.push((await door.events({ id, type: "bot.fallback", session: "s" })).body.message);
    }
    expect(messages.filter((message) => message != null)).toHaveLength(1);
  });

  it("is said again to a customer who asks again", async () => {
    const door = createDoor({ bot: "web-assistant", startAt: Date.parse("2026-11-28T10:00:00Z") });
    const first = await door.events(say("1", "a human please"));
    await door.later(5 * 60_000);
    const second = await door.events(say("2", "a person, now"));
    for (const { body } of [first, second]) expect(body.message).toContain("Nobody is here now");
  });
});
