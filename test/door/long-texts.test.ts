import { describe, expect, it } from "vitest";
import { TEXT_MAX, WORDS_MAX } from "../../src/events/event.ts";
import { createDoor, expectHandedOver, leftOutOf } from "../support/door.ts";

const line = (length: number): string => "all is well. ".repeat(Math.ceil(length / 13)).slice(0, length);
const message = (text: string, more: object = {}) => ({ type: "customer.message", session: "s1", text, ...more });

describe("a text that is longer than all notes", () => {
  it.each([
    ["at its end", `${line(60_000)} I want a human`],
    ["at its beginning", `I want a human. ${line(60_000)}`],
    ["longer than an event, at its beginning", `I want a human. ${line(300_000)}`],
  ])("asks for a person %s", async (_, text) => {
    const door = createDoor();
    const reply = await door.events(message(text));
    expectHandedOver(reply);
    expect(reply.body.reason).toBe("customer-asked");
    expect(leftOutOf(reply)).toEqual(["text"]);
    await door.rest();
    const notes = door.notesOf(door.last()).join("\n");
    expect(notes).toContain("I want a human");
    expect(notes).toContain("characters left out");
  });

  it.each([
    ["text", "events", (text: string) => message(text)],
    ["content", "events", (text: string) => ({ ...message(""), text: undefined, content: text })],
    ["text", "events", (text: string) => message(text, { type: "bot.message" })],
    ["text", "events", (text: string) => message(text, { type: "bot.fallback" })],
    ["error", "events", (text: string) => message("", { type: "bot.error", text: undefined, error: text })],
    ["reason", "handoffs", (reason: string) => ({ session: "s1", reason })],
    ["summary", "handoffs", (summary: string) => ({ session: "s1", summary })],
    ["transcript", "handoffs", (text: string) => ({ session: "s1", transcript: [{ author: "customer", text }] })],
    [
      "messages",
      "handoffs",
      (text: string) => ({
        session: "s1",
        messages: text.match(/.{1,100}/g)?.map((content) => ({ role: "user", content })),
      }),
    ],
    [
      "lastReceivedTextMessage",
      "webhooks/answers",
      (text: string) => ({ sessionId: "s1", lastReceivedTextMessage: text }),
    ],
    [
      "content",
      "webhooks/infobip-bot",
      (text: string) => ({ id: "m1", from: "385911234567", content: { type: "TEXT", text } }),
    ],
  ])("is named as cut: %s of %s", async (field, path, bodyWith) => {
    const cutOf = async (length: number) => {
      const reply = await createDoor().post(`/${path}`, bodyWith(line(length)));
      expect(reply.status, reply.text.slice(0, 500)).toBeLessThan(300);
      return leftOutOf(reply);
    };
    expect(await cutOf(WORDS_MAX)).toEqual([]);
    for (const length of [WORDS_MAX + 1, TEXT_MAX, TEXT_MAX + 1, 500_000]) expect(await cutOf(length)).toEqual([field]);
  });

  it("is in the record with its beginning and its end", async () => {
    const door = createDoor();
    await door.events(message(`first ${line(90_000)} last`));
    const [event] = door.record.read((tables) => tables.events.list(1));
    const text = String(Object(event?.body).text);
    expect([text.length <= WORDS_MAX, text.startsWith("first"), text.endsWith("last")]).toEqual([true, true, true]);
  });

  it("has a note that says how many of a long transcript's lines are left out", async () => {
    const door = createDoor();
    const transcript = Array.from({ length: 1_000 }, (_, at) => ({ author: "bot", text: `${at} ${line(200)}` }));
    const reply = await door.ask({ session: "s1", transcript });
    expect(leftOutOf(reply)).toEqual(["transcript"]);
    await door.rest();
    const shown = new Set(
      [
        ...door
          .notesOf(door.last())
          .join("\n")
          .matchAll(/Bot: (\d+) all/g),
      ].map(([, at]) => at),
    );
    expect(shown.has("999")).toBe(true);
    expect(door.notesOf(door.last()).join("\n")).toContain(`${1_000 - shown.size} earlier messages left out`);
  });
});

describe("long texts that differ", () => {
  const differing: [kind: string, path: string, bodyWith: (end: string) => object][] = [
    ["behind what is looked at", "events", (end) => message(`${line(50_000)}${end}${line(40_000)}`)],
    ["behind what an event carries", "events", (end) => message(`${line(TEXT_MAX + 5_000)}${end}`)],
    [
      "in a line of a transcript",
      "handoffs",
      (end) => ({ session: "s1", transcript: [{ author: "bot", text: `${line(150_000)}${end}` }] }),
    ],
    [
      "in a line that is left out",
      "handoffs",
      (end) => ({
        session: "s1",
        transcript: Array.from({ length: 1_200 }, (_, at) => ({ author: "bot", text: at === 3 ? end : `${at}` })),
      }),
    ],
    ["in the summary", "handoffs", (end) => ({ session: "s1", summary: `${line(TEXT_MAX)}${end}` })],
    [
      "in a push of the platform",
      "webhooks/infobip-bot",
      (end) => ({ from: "1", content: { text: `${line(150_000)}${end}` } }),
    ],
  ];

  it.each(differing)("%s are two events, with the same id and without one", async (_, path, bodyWith) => {
    for (const more of [{ id: "e1" }, {}]) {
      const door = createDoor();
      const outcomes: (string | undefined)[] = [];
      for (const end of ["a", "b", "b"])
        outcomes.push((await door.post(`/${path}`, { ...bodyWith(end), ...more })).body.outcome);
      expect(outcomes).toEqual(["accepted", "accepted", "duplicate"]);
    }
  });

  it("are known again whatever the time that comes with them", async () => {
    const door = createDoor();
    const text = line(300_000);
    const first = await door.events(message(text, { id: "e1", at: "2026-01-01T10:00:00Z" }));
    const again = await door.events(message(text, { id: "e1", at: "2026-01-01T10:00:05Z" }));
    expect([first.body.outcome, again.body.outcome]).toEqual(["accepted", "duplicate"]);
  });
});
