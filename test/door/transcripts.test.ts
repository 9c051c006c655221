import { describe, expect, it } from "vitest";
import { createDoor, type Door, expectHandedOver, leftOutOf } from "../support/door.ts";

const ask = { session: "s", reason: "wants a refund" };

/** The first line of the note with these words. */
const lineOf = (door: Door, words: string): string =>
  door
    .note()
    .split("\n")
    .find((line) => line.includes(words)) ?? "";

/** Two lines in a library's own form: the customer says "parcel lost", the bot "I am sorry". */
const HISTORIES: [what: string, transcript: unknown][] = [
  [
    "author and text",
    [
      { author: "customer", text: "parcel lost" },
      { author: "bot", text: "I am sorry" },
    ],
  ],
  [
    "user and assistant as authors",
    [
      { author: "user", text: "parcel lost" },
      { author: "assistant", text: "I am sorry" },
    ],
  ],
  [
    "role and content",
    [
      { role: "user", content: "parcel lost" },
      { role: "assistant", content: "I am sorry" },
    ],
  ],
  [
    "human and ai",
    [
      { role: "human", content: "parcel lost" },
      { role: "ai", content: "I am sorry" },
    ],
  ],
  [
    "roles in capitals",
    [
      { role: "USER", content: "parcel lost" },
      { role: "ASSISTANT", content: "I am sorry" },
    ],
  ],
  [
    "model as role",
    [
      { role: "user", parts: [{ text: "parcel lost" }] },
      { role: "model", parts: [{ text: "I am sorry" }] },
    ],
  ],
  [
    "content parts",
    [
      {
        role: "user",
        content: [
          { type: "text", text: "parcel" },
          { type: "text", text: "lost" },
        ],
      },
      { role: "assistant", content: [{ type: "output_text", text: "I am sorry" }] },
    ],
  ],
  [
    "type and content of a framework",
    [
      { type: "human", content: "parcel lost" },
      { type: "ai", content: "I am sorry" },
    ],
  ],
  [
    "serialised messages of a framework",
    [
      { type: "human", data: { content: "parcel lost" } },
      { type: "ai", data: { content: "I am sorry" } },
    ],
  ],
  [
    "sender and message",
    [
      { sender: "user", message: "parcel lost" },
      { sender: "bot", message: "I am sorry" },
    ],
  ],
  [
    "from and text",
    [
      { from: "customer", text: "parcel lost" },
      { from: "chatbot", text: "I am sorry" },
    ],
  ],
  ["one text", "Customer: parcel lost\nBot: I am sorry"],
  ["one text with other words", "User: parcel lost\nAssistant: I am sorry"],
  [
    "JSON in a string",
    JSON.stringify([
      { role: "user", content: "parcel lost" },
      { role: "assistant", content: "I am sorry" },
    ]),
  ],
];

describe("a history", () => {
  it.each(HISTORIES)("is read as %s", async (_, transcript) => {
    const posts: ((door: Door) => ReturnType<Door["ask"]>)[] = [
      (door) => door.ask({ ...ask, transcript }),
      (door) => door.webhook("answers", { uniqueSessionId: "s", transcript }),
      (door) => door.webhook("flow", { session: "s", transcript }),
    ];
    for (const post of posts) {
      const door = createDoor();
      expectHandedOver(await post(door));
      expect(lineOf(door, "parcel")).toMatch(/^Customer/);
      expect(door.note().replaceAll(/\s+/g, " ")).toContain("parcel lost");
      expect(lineOf(door, "I am sorry")).toMatch(/^Bot/);
    }
  });

  it("is also called messages", async () => {
    const door = createDoor();
    const messages = [
      { role: "user", content: "parcel lost" },
      { role: "assistant", content: "I am sorry" },
    ];
    expectHandedOver(await door.ask({ ...ask, messages }));
    expect(lineOf(door, "parcel lost")).toMatch(/^Customer/);
    expect(lineOf(door, "I am sorry")).toMatch(/^Bot/);
  });

  it("never shows system prompts, tool calls and what tools answered", async () => {
    const door = createDoor();
    const messages = [
      { role: "system", content: "SECRET-PROMPT be nice" },
      { role: "developer", content: [{ type: "text", text: "SECRET-PROMPT be brief" }] },
      { type: "system", content: "SECRET-PROMPT three" },
      { role: "user", content: "parcel lost" },
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "c1", type: "function", function: { name: "SECRET-CALL", arguments: '{"a":"SECRET-CALL"}' } },
        ],
      },
      { role: "tool", tool_call_id: "c1", content: "SECRET-RESULT" },
      { role: "function", name: "f", content: "SECRET-RESULT" },
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "t1", name: "SECRET-CALL", input: { q: "SECRET-CALL" } },
          { type: "text", text: "I am sorry" },
        ],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "SECRET-RESULT" }] },
      { type: "function_call", name: "SECRET-CALL", arguments: "{}" },
      { type: "function_call_output", output: "SECRET-RESULT" },
    ];
    expectHandedOver(await door.ask({ ...ask, messages }));
    expect(door.note()).toContain("parcel lost");
    expect(door.note()).toContain("I am sorry");
    expect(JSON.stringify(door.emulator.calls)).not.toContain("SECRET");
  });

  it("shows a person of the help desk as one", async () => {
    const door = createDoor();
    const transcript = [
      { author: "customer", text: "again no parcel" },
      { author: "agent", text: "I sent a new one yesterday" },
    ];
    expectHandedOver(await door.ask({ ...ask, transcript }));
    expect(lineOf(door, "I sent a new one")).toMatch(/^Agent/);
  });

  it("keeps its newest thousand lines, and the note says that earlier ones are left out", async () => {
    const transcript = Array.from({ length: 1_001 }, (_, n) => ({ author: "customer", text: `line-${n}-end` }));
    for (const post of [
      (door: Door) => door.ask({ ...ask, transcript }),
      (door: Door) => door.ask({ ...ask, messages: transcript.map(({ text }) => ({ role: "user", content: text })) }),
      (door: Door) => door.webhook("answers", { uniqueSessionId: "s", transcript }),
    ]) {
      const door = createDoor();
      const reply = await post(door);
      expectHandedOver(reply);
      expect(door.note()).toContain("line-1000-end");
      expect(door.note()).not.toContain("line-0-end");
      expect(door.note()).toMatch(/left out/);
    }
  });

  it("may be as long as the longest chats are", async () => {
    const line = { author: "customer", text: "x".repeat(340) };
    const transcript = Array.from({ length: 1_000 }, () => line);
    const door = createDoor();
    expectHandedOver(
      await door.ask({ ...ask, transcript: [...transcript.slice(1), { ...line, text: "the last words" }] }),
    );
    expect(door.note()).toContain("the last words");
  });

  it("names in the answer which of its lines could not be read, and shows the others", async () => {
    const door = createDoor();
    const reply = await door.ask({ ...ask, transcript: [{ author: "customer", text: "parcel lost" }, 7, { x: 1 }] });
    expectHandedOver(reply);
    expect(door.note()).toContain("parcel lost");
    expect(leftOutOf(reply).some((field) => field.startsWith("transcript"))).toBe(true);
  });

  it("ends with the last words of an Answers body", async () => {
    const door = createDoor();
    await door.webhook("answers", {
      uniqueSessionId: "s",
      transcript: [{ role: "human", content: [{ type: "text", text: "parcel lost" }] }],
      lastReceivedTextMessage: "a human please",
    });
    expect(door.note()).toContain("parcel lost");
    expect(lineOf(door, "a human please")).toMatch(/^Customer/);
  });
});

describe("what was recorded", () => {
  it("says how many earlier messages the note leaves out", async () => {
    const door = createDoor();
    const lines = Array.from({ length: 500 }, (_, n) => ({
      id: `m${n}`,
      type: "customer.message",
      session: "s",
      text: `line-${n}-end`,
    }));
    for (let from = 0; from < 500; from += 100) await door.events(lines.slice(from, from + 100));
    expectHandedOver(await door.ask({ ...ask, session: "s" }));
    expect(door.note()).toContain("line-499-end");
    const left = /(\d+) earlier messages? left out/.exec(door.note())?.[1];
    const shown = lines.filter(({ text }) => door.note().includes(text)).length;
    expect(Number(left)).toBe(500 - shown);
  });

  it("shows a long message to its end", async () => {
    const door = createDoor();
    const long = `begin ${"blah ".repeat(1_780)}and please send the blue one`;
    await door.events({ id: "1", type: "customer.message", session: "s", text: long });
    expectHandedOver(await door.ask(ask));
    expect(door.note()).toContain("begin");
    expect(door.note()).toContain("and please send the blue one");
    for (const note of door.notesOf(door.last())) expect(note.length).toBeLessThanOrEqual(4_000);
  });

  it("shows a long summary to its end", async () => {
    const door = createDoor();
    const summary = `begin ${"blah ".repeat(690)}the end`;
    expectHandedOver(await door.ask({ ...ask, summary }));
    expect(door.note()).toContain("the end");
  });
});
