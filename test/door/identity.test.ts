import { describe, expect, it } from "vitest";
import { createDoor, expectHandedOver, type Reply } from "../support/door.ts";

const said = (id: string, session: string, text: string) => ({ id, type: "customer.message", session, text });

/** Expects that two customers each have a handoff of their own. */
function expectTwoHandoffs(first: Reply, second: Reply): void {
  expectHandedOver(first);
  expectHandedOver(second);
  expect(second.body.outcome).toBe("accepted");
  expect(second.body.handoffId).not.toBe(first.body.handoffId);
  expect(second.body.conversationId).not.toBe(first.body.conversationId);
}

describe("an id that comes twice", () => {
  it("is another event in another session", async () => {
    const door = createDoor();
    const first = await door.events(said("1042", "tg-1", "agent please"));
    const second = await door.events(said("1042", "tg-2", "a human, please"));
    expectTwoHandoffs(first, second);
    expect((await door.session("tg-2")).body.control).toBe("queue");
    expect(door.conversations()).toHaveLength(2);
  });

  it("is another event in another session of the same array", async () => {
    const door = createDoor();
    const batch = await door.events([said("1042", "tg-1", "agent please"), said("1042", "tg-2", "a human, please")]);
    expect(batch.bodies.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted"]);
    expect(new Set(batch.bodies.map(({ handoffId }) => handoffId)).size).toBe(2);
  });

  it("is another event with other words in the same session", async () => {
    const door = createDoor();
    await door.events(said("7", "s", "hello"));
    expectHandedOver(await door.events(said("7", "s", "agent")));
  });

  it("is another event with another type in the same session", async () => {
    const door = createDoor();
    await door.events({ id: "7", type: "session.started", session: "s" });
    expectHandedOver(await door.events({ id: "7", type: "bot.error", session: "s" }));
  });

  it("is the same event when only its time is another", async () => {
    const door = createDoor();
    const first = await door.events({ ...said("9", "s", "agent"), at: "2026-11-23T09:59:00Z" });
    await door.later(400_000);
    const again = await door.events({ ...said("9", "s", "agent"), at: "2026-11-23T10:06:40Z" });
    expect(again.body).toMatchObject({ outcome: "duplicate", handoffId: first.body.handoffId });
    expect(door.conversations()).toHaveLength(1);
  });

  it("never makes an answer speak of another session, whoever repeats it", async () => {
    const door = createDoor();
    const replies: Reply[] = [];
    for (const session of ["a", "b", "c", "a", "b", "c"]) replies.push(await door.events(said("1", session, "agent")));
    for (const [index, reply] of replies.entries()) {
      expect(reply.body.handoffId).toBe(replies[index % 3]?.body.handoffId);
      expect(reply.body.outcome).toBe(index < 3 ? "accepted" : "duplicate");
    }
    expect(new Set(replies.map(({ body }) => body.conversationId)).size).toBe(3);
  });

  it("keeps the words of a bot whose counter began anew", async () => {
    const door = createDoor();
    const words = ["Hello", "It is about my parcel", "It came wet", "Send me an agent"];
    for (const [index, text] of words.entries()) await door.events(said(`m-${index % 2}`, "s", text));
    for (const text of words) expect(door.note()).toContain(text);
  });

  it("is another request in another session, also at /handoffs", async () => {
    const door = createDoor();
    const first = await door.ask({ id: "42", session: "x", reason: "one" });
    expectTwoHandoffs(first, await door.ask({ id: "42", session: "y", reason: "two" }));
  });

  it("is another message in another chat of Infobip", async () => {
    const door = createDoor({ bot: "bank-assistant" });
    const conversations = [await door.chatAtPlatform("hi"), await door.chatAtPlatform("hi")];
    const message = (conversationId: string | undefined) => ({
      id: "m1",
      channel: "WHATSAPP",
      direction: "INBOUND",
      conversationId,
      contentType: "TEXT",
      content: { text: "agent" },
    });
    const first = await door.webhook("infobip-bot", message(conversations[0]));
    expectTwoHandoffs(first, await door.webhook("infobip-bot", message(conversations[1])));
  });

  it("opens one handoff however often it comes at once", async () => {
    const door = createDoor();
    const replies = await Promise.all([1, 2, 3, 4].map(() => door.events(said("5", "s", "agent"))));
    expect(new Set(replies.map(({ body }) => body.handoffId)).size).toBe(1);
    expect(door.conversations()).toHaveLength(1);
  });
});

describe("a payload without an id", () => {
  const answers = { uniqueSessionId: "u1", displayName: "Ana", lastReceivedTextMessage: "I want to talk to a person" };
  const flow = { phoneNumber: "385912345678", text: "call me back" };

  it.each([
    ["answers", answers, 300_000],
    ["flow", flow, 290_000],
    ["flow", { phoneNumber: "385912345678", text: "agent", parcel: "P1" }, 240_000],
    ["answers", answers, 90_000],
  ])("is a new request at %s once the handoff it opened is over", async (source, body, afterMs) => {
    const door = createDoor();
    const first = await door.webhook(source, body);
    await door.take();
    await door.finish(source === "flow" ? "CLOSED" : "SOLVED");
    expect((await door.session(source === "flow" ? "385912345678" : "u1")).body.control).toBe("bot");
    await door.later(afterMs);
    const second = await door.webhook(source, body);
    expectTwoHandoffs(first, second);
  });

  it("is the same request while its handoff is open", async () => {
    const door = createDoor();
    const first = await door.webhook("answers", answers);
    await door.later(20 * 60_000);
    const again = await door.webhook("answers", answers);
    expect(again.body).toMatchObject({ outcome: "duplicate", handoffId: first.body.handoffId });
    expect(door.conversations()).toHaveLength(1);
  });

  it("is heard anew at opening time after it was declined", async () => {
    const door = createDoor({ bot: "web-assistant", startAt: Date.parse("2026-11-23T07:58:00Z") });
    const declined = await door.webhook("answers", answers);
    expect(declined.body).toMatchObject({ control: "bot", handoffId: null });
    await door.later(5 * 60_000);
    expectHandedOver(await door.webhook("answers", answers));
  });

  it("is the same for a minute where it opened nothing", async () => {
    const door = createDoor();
    const fallback = { sessionId: "u1", type: "bot.fallback", text: "wobble" };
    const outcome = async () => (await door.webhook("answers", fallback)).body.outcome;
    expect([await outcome(), await outcome()]).toEqual(["accepted", "duplicate"]);
    await door.later(61_000);
    expect(await outcome()).toBe("accepted");
  });

  it("is another one when something came in between", async () => {
    const door = createDoor({ bot: "bank-assistant" });
    const conversationId = await door.chatAtPlatform("hi");
    const message = (text: string) => ({ channel: "WHATSAPP", conversationId, contentType: "TEXT", content: { text } });
    for (const text of ["yes", "no", "yes"]) {
      await door.webhook("infobip-bot", message(text));
      await door.later(3_000);
    }
    await door.webhook("infobip-bot", message("agent"));
    expect(door.note().match(/\b(yes|no)\b/g)).toEqual(["yes", "no", "yes"]);
  });
});

describe("ids and sessions that are long or not ASCII", () => {
  const long = `19:meeting_${"x".repeat(240)}`;

  it.each([
    ["258 characters", "t".repeat(258)],
    ["210 characters", "u".repeat(210)],
    ["a space", "Ana Horvat 7"],
    ["a Croatian letter", "kupac-č-7"],
    ["an emoji", "🛒-7"],
    ["slashes and signs", "a/b%c#d?e&f"],
  ])("serves a session with %s, and finds it again", async (_, session) => {
    const door = createDoor();
    expectHandedOver(await door.events(said("1", session, "agent")));
    expect((await door.session(session)).body).toMatchObject({ control: "queue" });
    expect((await door.events(said("2", session, "hello?"))).body.control).toBe("queue");
  });

  it("keeps two long sessions apart that end differently", async () => {
    const door = createDoor();
    expectTwoHandoffs(
      await door.events(said("1", `${long}a`, "agent")),
      await door.events(said("1", `${long}b`, "agent")),
    );
  });

  it("keeps two long ids apart that end differently, and knows each again", async () => {
    const door = createDoor();
    await door.events(said(`${long}a`, "s", "the zip is broken"));
    const ask = await door.events(said(`${long}b`, "s", "agent"));
    expectHandedOver(ask);
    expect((await door.events(said(`${long}b`, "s", "agent"))).body).toMatchObject({
      outcome: "duplicate",
      handoffId: ask.body.handoffId,
    });
    expect(door.note().match(/the zip is broken/g)).toHaveLength(1);
  });
});

describe("no usable session", () => {
  it.each(["", ".", "..", "N/A", "null", "undefined", "{{sessionId}}", "[object Object]", "   ", null, undefined])(
    "refuses %j, which would put all customers into one chat",
    async (session) => {
      const door = createDoor();
      expect((await door.events({ id: "1", type: "customer.message", session, text: "agent" })).status).toBe(422);
      expect((await door.ask({ session, reason: "x" })).status).toBe(422);
      expect(
        (await door.webhook("answers", { uniqueSessionId: session, lastReceivedTextMessage: "agent" })).status,
      ).toBe(422);
      expect(door.conversations()).toEqual([]);
    },
  );
});

describe("one telephone", () => {
  it("is one customer in every spelling", async () => {
    const door = createDoor();
    const spellings = [
      "+385 91 234 5999",
      "385912345999",
      "00385912345999",
      "+385-91-234-5999",
      "(385) 912345999",
      "+385.91.234.5999",
      " 385/912345999 ",
    ];
    for (const phoneNumber of spellings) await door.webhook("flow", { phoneNumber, text: `call me, ${phoneNumber}` });
    expect(door.conversations()).toHaveLength(1);
  });

  it("and one address in capitals or small letters is one customer", async () => {
    const door = createDoor();
    for (const email of ["Ana.Horvat@Example.com", "ana.horvat@example.com"]) {
      await door.webhook("flow", { email, text: `write to me, ${email}` });
    }
    expect(door.conversations()).toHaveLength(1);
  });

  it("does not swallow another number", async () => {
    const door = createDoor();
    await door.webhook("flow", { phoneNumber: "+385 91 234 5999", text: "call me" });
    await door.webhook("flow", { phoneNumber: "+385 91 234 5998", text: "call me" });
    expect(door.conversations()).toHaveLength(2);
  });
});
