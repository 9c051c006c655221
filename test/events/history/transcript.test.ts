import { describe, expect, it } from "vitest";
import { readTranscript } from "../../../src/events/history/transcript.ts";

const said = (value: unknown) => readTranscript(value)?.lines.map(({ author, text }) => `${author}: ${text}`);

describe("readTranscript", () => {
  it.each([
    ["user", "customer"],
    ["Human", "customer"],
    ["END_USER", "customer"],
    ["visitor", "customer"],
    ["assistant", "bot"],
    ["AI", "bot"],
    ["virtual agent", "bot"],
    ["model", "bot"],
    ["operator", "agent"],
    ["HUMAN_AGENT", "agent"],
  ])("knows who %s is", (role, author) => {
    for (const name of ["author", "role", "sender", "type"])
      expect(said([{ [name]: role, text: "hi" }])).toEqual([`${author}: hi`]);
  });

  it.each<[string, unknown, string[]]>([
    [
      "an SDK with content parts",
      [
        {
          role: "user",
          content: [
            { type: "text", text: "look" },
            { type: "image_url", image_url: { url: "https://x" } },
          ],
        },
        { role: "assistant", content: null, tool_calls: [{ id: "1" }] },
        { role: "tool", content: "secret result" },
        { role: "assistant", content: [{ type: "output_text", text: "I see" }] },
      ],
      ["customer: look\n(image)", "bot: I see"],
    ],
    [
      "blocks with tools in them",
      [
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "hm" },
            { type: "text", text: "ok" },
            { type: "tool_use", name: "x" },
          ],
        },
        { role: "user", content: [{ type: "tool_result", content: "secret" }] },
      ],
      ["bot: ok"],
    ],
    [
      "a model's parts",
      [
        { role: "user", parts: [{ text: "a" }] },
        { role: "model", parts: [{ functionCall: {} }, { text: "b" }] },
      ],
      ["customer: a", "bot: b"],
    ],
    [
      "a page's messages",
      [
        {
          role: "user",
          parts: [{ type: "step-start" }, { type: "text", text: "a" }, { type: "file", mediaType: "image/png" }],
        },
      ],
      ["customer: a\n(image)"],
    ],
    [
      "a chain's messages",
      [
        { type: "human", content: "a" },
        { lc: 1, type: "constructor", id: ["x", "AIMessage"], kwargs: { content: "b" } },
        { type: "system", content: "c" },
      ],
      ["customer: a", "bot: b"],
    ],
    ["a list inside a record", { messages: [{ role: "user", content: "a" }] }, ["customer: a"]],
    ["a list inside a text", '[{"role":"user","content":"a"}]', ["customer: a"]],
    [
      "one text",
      "System: be nice\nUser: hello\nthere\nBot: hi\n[10:02] Agent: I am Ivo",
      ["customer: hello\nthere", "bot: hi", "agent: I am Ivo"],
    ],
  ])("reads %s, without prompts and tools", (_, value, lines) => {
    expect(said(value)).toEqual(lines);
    expect(readTranscript(value)?.isLossy).toBe(false);
  });

  it("says where a line could not be read, and keeps the newest thousand", () => {
    expect(
      readTranscript([
        { author: "x", text: "a" },
        { author: "bot", text: "b" },
      ]),
    ).toMatchObject({ isLossy: true, earlier: [] });
    const long = Array.from({ length: 1_003 }, (_, index) => ({ role: "user", content: `${index}` }));
    const { lines, earlier, isLossy } = readTranscript(long) ?? { lines: [] };
    expect([lines.length, lines[0]?.text, earlier?.map(({ text }) => text), isLossy]).toEqual([
      1_000,
      "3",
      ["0", "1", "2"],
      false,
    ]);
  });

  it("leaves a text in which nobody is said to speak to others", () => {
    expect(readTranscript("The customer wants a refund.")).toBeUndefined();
  });
});
