import { describe, expect, it } from "vitest";
import { createDoor, type Door, expectHandedOver } from "../support/door.ts";

const say = (id: string, text: string, more: object = {}) => ({
  id,
  type: "customer.message",
  session: "s",
  text,
  ...more,
});

/** Long enough for gathered words to be sent. */
const GATHERED_MS = 120_000;

const countIn = (door: Door, words: string): number => door.note().split(words).length - 1;

describe("what a customer says after the ask", () => {
  it("reaches the agent of the morning", async () => {
    // A Sunday evening; the flow opens on Monday at eight.
    const door = createDoor({ bot: "delivery-journey", startAt: Date.parse("2026-11-22T18:00:00Z") });
    await door.events(say("1", "parcel?"));
    expect((await door.ask({ session: "s" })).body.handoffState).toBe("deferred");
    await door.later(10 * 60_000);
    await door.events(say("2", "the door code is blue-9"));
    await door.later(14 * 60 * 60_000);
    expect((await door.session("s")).body.control).toBe("queue");
    for (const words of ["parcel?", "the door code is blue-9"]) expect(countIn(door, words)).toBe(1);
  });

  it("reaches the agent after an operator let a parked handoff go on", async () => {
    const door = createDoor();
    door.emulator.faults.add({ operation: "createConversation", kind: "status", status: 401, times: 3 });
    const asked = await door.post("/events", say("1", "agent"), { prefer: "respond-async" });
    await door.rest();
    await door.events(say("2", "order number is A-9, red shoes"));
    door.emulator.faults.clear();
    await door.operate(`/handoffs/${asked.body.handoffId}/retry`);
    await door.later(GATHERED_MS);
    expect((await door.session("s")).body.control).toBe("queue");
    expect(countIn(door, "order number is A-9, red shoes")).toBe(1);
  });

  it("reaches the agent where the conversation was slow to open", async () => {
    const door = createDoor();
    door.emulator.faults.add({ operation: "createConversation", kind: "status", status: 503, times: 3 });
    await door.post("/events", say("1", "agent"), { prefer: "respond-async" });
    await door.rest();
    await door.events(say("2", "it is order A-9"));
    await door.later(GATHERED_MS);
    expect(countIn(door, "it is order A-9")).toBe(1);
  });

  it("reaches the agent from the queue, in order and once", async () => {
    const door = createDoor();
    await door.events(say("1", "agent"));
    const words = ["hello-1", "hello-2", "hello-3"];
    for (const text of words) {
      await door.later(2_000);
      await door.events(say(text, text));
    }
    await door.later(GATHERED_MS);
    for (const text of words) expect(countIn(door, text)).toBe(1);
    expect(door.note().match(/hello-\d/g)).toEqual(words);
  });

  it("reaches the agent while they have the chat, also what the bot said and what was tapped", async () => {
    const door = createDoor();
    await door.events(say("1", "agent"));
    await door.take();
    await door.events(say("2", "the colour was red"));
    await door.events(say("3", "", { contentType: "IMAGE", text: "" }));
    await door.later(GATHERED_MS);
    await door.events(say("4", "and the size 42"));
    await door.later(GATHERED_MS);
    for (const text of ["the colour was red", "and the size 42"]) expect(countIn(door, text)).toBe(1);
    expect(door.note()).toMatch(/\(image\)/i);
    expect(door.last().routes).toBe(1);
  });

  it("is not told a second time where it is on the customer's own Infobip channel", async () => {
    const door = createDoor({ bot: "bank-assistant" });
    const conversationId = await door.chatAtPlatform("hello");
    const push = (id: string, text: string) => ({
      ...{ id, channel: "WHATSAPP", from: "385912345678", direction: "INBOUND", conversationId },
      ...{ contentType: "TEXT", content: { text } },
    });
    expectHandedOver(await door.webhook("infobip-bot", push("m1", "adviser")));
    door.emulator.desk.write(conversationId, { text: "my card is blue" });
    await door.webhook("infobip-bot", push("m2", "my card is blue"));
    await door.later(GATHERED_MS);
    expect(door.note()).not.toContain("my card is blue");
  });

  it("is redacted like all that was said before", async () => {
    const door = createDoor();
    await door.events(say("1", "agent"));
    await door.events(say("2", "my card is 4111 1111 1111 1111"));
    await door.later(GATHERED_MS);
    expect(door.note()).not.toContain("1111 1111");
    expect(door.note()).toContain("my card is");
  });

  it("ends with the hand-back: the bot's next chat is not the agent's", async () => {
    const door = createDoor();
    await door.events(say("1", "agent"));
    await door.take();
    await door.finish("CLOSED");
    await door.events(say("2", "what is the weather"));
    await door.later(GATHERED_MS);
    expect(door.note()).not.toContain("what is the weather");
  });
});

describe("a bot that asks again while the handoff is open", () => {
  it("is heard the thirteenth time as the first", async () => {
    const door = createDoor();
    const summaries = Array.from({ length: 13 }, (_, n) => `the price is now ${n + 100} euro`);
    for (const summary of summaries) {
      expect((await door.ask({ session: "s", summary })).status).toBe(201);
      await door.later(30_000);
    }
    await door.later(GATHERED_MS);
    for (const summary of summaries) expect(door.note()).toContain(summary);
    expect(door.conversations()).toHaveLength(1);
    expect(door.last().routes).toBe(1);
  });

  it("raises the priority, and adds its tags", async () => {
    const door = createDoor();
    await door.ask({ session: "s", priority: "NORMAL" });
    await door.ask({ session: "s", priority: "URGENT", tags: ["fire"] });
    await door.later(GATHERED_MS);
    expect(door.priorities()).toEqual(["NORMAL", "URGENT"]);
    expect(door.last().tags).toContain("fire");
  });

  it("does not lower the priority", async () => {
    const door = createDoor();
    await door.ask({ session: "s", priority: "URGENT" });
    await door.ask({ session: "s", priority: "LOW" });
    await door.later(GATHERED_MS);
    expect(door.priorities()).not.toContain("LOW");
  });
});

describe("a customer who leaves the queue", () => {
  it("is told to the agent, and their next chat is the bot's or a handoff, never mute", async () => {
    const door = createDoor();
    await door.events(say("1", "agent"));
    const before = door.note();
    await door.events({ id: "2", type: "session.ended", session: "s" });
    await door.later(GATHERED_MS);
    expect(door.note().length).toBeGreaterThan(before.length);
    expect(door.note().slice(before.length)).toMatch(/left|ended|gone/i);
    const next = await door.events(say("3", "hello, me again"));
    expect(next.body.control).toBe("bot");
    expectHandedOver(await door.events(say("4", "a human, please")));
  });

  it("is told to the agent who has the chat", async () => {
    const door = createDoor();
    await door.events(say("1", "agent"));
    await door.take();
    const before = door.note();
    await door.events({ id: "2", type: "session.ended", session: "s" });
    await door.later(GATHERED_MS);
    expect(door.note().slice(before.length)).toMatch(/left|ended|gone/i);
  });
});
