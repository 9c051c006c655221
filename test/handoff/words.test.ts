import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createWorld } from "../support/world.ts";

const BOT = "shop-assistant";
const ID = "01H0001";
const HOUR_MS = 3_600_000;
const ask = { type: "handoff.requested", reason: "parcel" };
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const flowWith = (more: Partial<FlowInput> = {}) =>
  defineFlow({
    name: "words",
    bots: [BOT],
    conversation: { topic: "Chat {{session}}" },
    message: "A colleague takes over.",
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    ...more,
  });

type Fetch = (request: Request) => Promise<Response>;

function createChat(
  more: Partial<FlowInput> = {},
  platform: (fetch: Fetch) => Fetch = (fetch) => fetch,
  startAt?: number,
  pushes = true,
) {
  const world = createWorld(platform, {
    flows: [flowWith(more)],
    pushes,
    ...(startAt !== undefined && { startAt }),
  });
  const [agent] = world.emulator.state.agents.values();
  const conversation = () => world.conversations().at(-1);
  return {
    ...world,
    conversation,
    say: (text: string, given: object = {}) => world.deliver({ type: "customer.message", text, ...given }),
    notes: (): string[] => conversation()?.notes.map(({ content }) => String(content)) ?? [],
    async atDesk(act: "take" | "solve") {
      const id = conversation()?.id ?? "";
      world.move(1_000);
      if (act === "take") world.emulator.desk.take(id, agent?.id ?? "");
      else world.emulator.desk.setStatus(id, agent?.id ?? "", "SOLVED");
      await world.emulator.pushes.idle();
      await world.pass(10);
    },
  };
}

/** Holds the first request to a path until it is released. */
function held(path: RegExp) {
  let go = (): void => undefined;
  let isHeld = false;
  const platform =
    (fetch: Fetch): Fetch =>
    async (request) => {
      if (!isHeld && request.method === "POST" && path.test(new URL(request.url).pathname)) {
        isHeld = true;
        await new Promise<void>((resolve) => {
          go = resolve;
        });
      }
      return fetch(request);
    };
  const begun = async (): Promise<void> => {
    while (!isHeld) await new Promise((resolve) => setImmediate(resolve));
  };
  return { platform, begun, letGo: () => go() };
}

describe("what is said after the ask", () => {
  it("is in the note of a handoff that was put off over night", async () => {
    const evening = Date.parse("2026-11-23T19:00:00Z");
    const daily = Object.fromEntries(weekdays.map((day) => [day, [["09:00", "17:00"]]]));
    const hours = { timeZone: "Europe/Zagreb", weekly: daily } as FlowInput["hours"];
    const chat = createChat({ hours, outsideHours: { do: "defer", message: "Tomorrow." } }, undefined, evening);
    await chat.say("parcel?");
    await chat.deliver(ask);
    await chat.pass(HOUR_MS);
    await chat.say("the door code is blue-9");
    await chat.deliver({ ...ask, reason: "please" });
    await chat.pass(13 * HOUR_MS);
    expect(chat.notes()).toEqual([
      `Handed over by bot ${BOT}. Reason: asked
The bot said: parcel

Transcript (Europe/Zagreb, from 2026-11-23)
Customer 20:00: parcel?
Customer 21:00: the door code is blue-9
Asked again by bot ${BOT} 21:00: please

[ho-${ID}]`,
    ]);
  });

  it("is in the note of a handoff that was parked and goes on", async () => {
    let status = 401;
    const chat = createChat({}, (fetch) => async (request) => {
      const isRead = request.method === "GET";
      return status === 200 || isRead ? fetch(request) : new Response("{}", { status });
    });
    await chat.deliver(ask);
    expect(chat.handoff(ID)?.state).toBe("parked");
    await chat.say("order number is A-9");
    status = 200;
    await chat.operate(`/handoffs/${ID}/retry`);
    await chat.pass(10);
    expect(chat.handoff(ID)?.state).toBe("routed");
    expect(chat.notes()).toHaveLength(1);
    expect(chat.notes()[0]).toContain("Customer 10:00: order number is A-9");
  });

  it("is in the note while the conversation is still being made", async () => {
    const create = held(/\/conversations$/);
    const chat = createChat({}, create.platform);
    const asked = chat.deliver(ask);
    await create.begun();
    await chat.say("red shoes");
    create.letGo();
    await asked;
    expect(chat.notes()).toHaveLength(1);
    expect(chat.notes()[0]).toContain("Customer 10:00: red shoes");
  });

  it("is read before the route where it comes while the note is written", async () => {
    const note = held(/\/notes$/);
    const chat = createChat({}, note.platform);
    const asked = chat.deliver(ask);
    await note.begun();
    await chat.say("and blue socks");
    note.letGo();
    await asked;
    expect(chat.operations().slice(-3)).toEqual(["createNote", "createNote", "route"]);
    expect(chat.notes()[1]).toBe(
      `Further messages (UTC, from 2026-11-23)\nCustomer 10:00: and blue socks\n\n[ho-${ID}/1]`,
    );
  });

  it("follows in one note where it comes close together, in the queue and with an agent, each word once", async () => {
    const chat = createChat();
    await chat.say("hello");
    await chat.deliver(ask);
    await chat.say("are you there?");
    chat.move(500);
    await chat.deliver({ type: "bot.message", text: "Somebody is coming." });
    await chat.pass(2_000);
    await chat.atDesk("take");
    await chat.say("my number is 12");
    await chat.pass(2_000);
    await chat.pass(HOUR_MS);
    expect(chat.notes().slice(1)).toEqual([
      `Further messages (UTC, from 2026-11-23)
Customer 10:00: are you there?
Bot 10:00: Somebody is coming.

[ho-${ID}/1]`,
      `Further messages (UTC, from 2026-11-23)\nCustomer 10:00: my number is 12\n\n[ho-${ID}/2]`,
    ]);
    expect(chat.conversation()?.routes).toBe(1);
  });

  it("is put in the order of its times", async () => {
    const chat = createChat();
    for (const minute of ["01", "02", "00", "03"]) {
      await chat.say(`before ${minute}`, { at: `2026-11-23T09:${minute}:00Z` });
    }
    await chat.deliver(ask);
    for (const minute of ["06", "05", "07"]) await chat.say(`after ${minute}`, { at: `2026-11-23T10:${minute}:00Z` });
    await chat.pass(2_000);
    const times = chat.notes().map((note) => [...note.matchAll(/(?:before|after) \d\d/g)].map(([it]) => it));
    expect(times).toEqual([
      ["before 00", "before 01", "before 02", "before 03"],
      ["after 05", "after 06", "after 07"],
    ]);
  });

  it("tells of thirteen further requests, and of their transcripts what is new", async () => {
    const chat = createChat();
    await chat.say("hello");
    await chat.deliver(ask);
    const transcript = [{ author: "customer", text: "hello" }];
    for (let n = 1; n <= 13; n += 1) {
      transcript.push({ author: "customer", text: `line ${n}.` });
      await chat.deliver({ ...ask, reason: `ask ${n}.`, transcript: [...transcript] });
      await chat.pass(2_000);
    }
    const all = chat.notes().join("\n");
    for (let n = 1; n <= 13; n += 1) {
      expect(all.split(`ask ${n}.`)).toHaveLength(2);
      expect(all.split(`line ${n}.`)).toHaveLength(2);
    }
    expect(all.split("hello")).toHaveLength(2);
  });

  it("says that the customer left", async () => {
    const chat = createChat();
    await chat.deliver(ask);
    await chat.deliver({ type: "session.ended" });
    await chat.pass(2_000);
    expect(chat.notes()[1]).toContain("The customer left the chat 10:00\n");
  });

  it("is delivered where it was said before the hand-back, and not where it was said after", async () => {
    const chat = createChat();
    await chat.deliver(ask);
    await chat.atDesk("take");
    await chat.say("one more thing");
    await chat.atDesk("solve");
    expect(chat.handoff(ID)?.state).toBe("returned");
    await chat.say("a new question");
    await chat.pass(HOUR_MS);
    expect(chat.notes()).toHaveLength(2);
    expect(chat.notes()[1]).toContain("one more thing");
    expect(chat.notes().join()).not.toContain("a new question");
  });

  it.each([true, false])(
    "is not repeated where the customer writes into the conversation, pushed: %s",
    async (pushes) => {
      const chat = createChat({}, undefined, undefined, pushes);
      const created = await chat.emulator.fetch(
        new Request("https://x.invalid/ccaas/1/conversations", {
          method: "POST",
          headers: { authorization: "App k", "content-type": "application/json" },
          body: "{}",
        }),
      );
      const { id } = (await created.json()) as { id: string };
      chat.emulator.desk.write(id, { channel: "WHATSAPP", from: "385912345678", to: "shop", text: "hello" });
      await chat.emulator.pushes.idle();
      await chat.deliver({ ...ask, conversationId: id });
      await chat.say("typed on the phone");
      await chat.pass(2_000);
      expect(chat.notes()).toHaveLength(1);
      await chat.deliver({ ...ask, summary: "It is urgent." });
      await chat.pass(2_000);
      expect(chat.notes()).toHaveLength(2);
      expect(chat.notes()[1]).toMatch(/Asked again[\s\S]*It is urgent\./);
      expect(chat.notes()[1]).not.toContain("typed on the phone");
    },
  );

  it("is found again, and not written twice, where the answer to its note was lost", async () => {
    let isLost = false;
    const chat = createChat({}, (fetch) => async (request) => {
      const answer = await fetch(request);
      if (!isLost && request.method === "POST" && request.url.endsWith("/notes") && chat.notes().length === 2) {
        isLost = true;
        throw new TypeError("fetch failed", { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) });
      }
      return answer;
    });
    await chat.deliver(ask);
    await chat.say("only once");
    await chat.pass(2_000);
    await chat.say("and this");
    await chat.pass(10_000);
    await chat.pass(10_000);
    expect(isLost).toBe(true);
    expect(chat.notes().map((note) => note.match(/only once|and this/g))).toEqual([null, ["only once"], ["and this"]]);
  });

  it("is told in a new conversation from its beginning where the first was closed before its route", async () => {
    const chat = createChat({}, (fetch) => async (request) => {
      const isRoute = request.method === "POST" && request.url.endsWith("/route");
      const [first] = chat.conversations();
      const isFirst = chat.conversations().length === 1;
      if (isRoute && first !== undefined && isFirst) Object.assign(first, { status: "CLOSED" });
      return fetch(request);
    });
    await chat.say("first words");
    await chat.deliver(ask);
    await chat.pass(5_000);
    expect(chat.conversations()).toHaveLength(2);
    expect(chat.notes()).toHaveLength(1);
    expect(chat.notes()[0]).toContain("first words");
  });

  it("has pages for a message of nine thousand characters", async () => {
    const chat = createChat();
    await chat.deliver(ask);
    const words = Array.from({ length: 1_500 }, (_, n) => `w${n}`).join(" ");
    await chat.say(`${words} block my card`);
    await chat.pass(2_000);
    await chat.pass(1_000);
    const read = chat
      .notes()
      .slice(1)
      .map((note) => note.replace(/\n\n\(.*$/, "").trim())
      .join(" ");
    expect(read).toContain(`${words} block my card`);
  });
});
