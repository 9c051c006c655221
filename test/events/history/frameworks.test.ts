import { describe, expect, it } from "vitest";
import { readTranscript } from "../../../src/events/history/transcript.ts";

const said = (value: unknown) => readTranscript(value)?.lines.map(({ author, text }) => `${author}: ${text}`);
const timesOf = (value: unknown) => readTranscript(value)?.lines.map(({ at }) => at);

const ana = { id: "u-1", name: "Ana" };
const bot = { id: "b-1", name: "Shop" };
const conversation = { id: "c-1" };
const activity = (from: object, recipient: object, fields: object) => ({
  type: "message",
  channelId: "directline",
  conversation,
  from,
  recipient,
  ...fields,
});

describe("readTranscript of frameworks", () => {
  it.each<[string, unknown, string[]]>([
    [
      "activities with roles",
      {
        activities: [
          activity({ ...ana, role: "user" }, bot, { text: "where is it?" }),
          activity(bot, { ...ana, role: "user" }, { text: "On its **way**" }),
          activity({ ...ana, role: "user" }, bot, { type: "typing" }),
          activity(bot, ana, { type: "event", name: "handoff.initiate", value: { text: "SECRET" } }),
          activity(bot, ana, { type: "trace", label: "SECRET", value: {} }),
        ],
      },
      ["customer: where is it?", "bot: On its **way**"],
    ],
    [
      "activities of which one says who its sender is",
      [
        activity(ana, bot, { text: "first" }),
        activity({ ...bot, role: "bot" }, ana, { text: "second" }),
        activity(ana, bot, { text: "third" }),
      ],
      ["customer: first", "bot: second", "customer: third"],
    ],
    [
      "activities of Teams",
      [
        activity({ id: "29:1" }, { id: "28:2" }, { text: "<at>Shop</at> hello" }),
        activity({ id: "28:2" }, { id: "29:1" }, { text: "hi" }),
      ],
      ["customer: hello", "bot: hi"],
    ],
    [
      "activities with cards and files",
      [
        activity({ ...bot, role: "bot" }, ana, {
          attachments: [
            {
              contentType: "application/vnd.microsoft.card.adaptive",
              content: {
                body: [
                  { type: "Image", url: "https://x" },
                  { type: "TextBlock", text: "Which one?" },
                ],
              },
            },
          ],
        }),
        activity({ ...ana, role: "user" }, bot, {
          attachments: [{ contentType: "image/png", contentUrl: "data:image/png;base64,AAAA" }],
        }),
      ],
      ["bot: Which one?", "customer: (image)"],
    ],
    [
      "a tracker",
      {
        events: [
          { event: "user", timestamp: 1, text: "of another session" },
          { event: "action", timestamp: 2, name: "action_session_start" },
          { event: "session_started", timestamp: 2 },
          { event: "slot", timestamp: 3, name: "card", value: "SECRET" },
          { event: "user", timestamp: 4, text: "a lamp" },
          { event: "bot", timestamp: 5, text: null, data: { buttons: [{ title: "Desk" }, { title: "Floor" }] } },
          { event: "user", timestamp: 6, text: '/choose{"kind":"SECRET"}', metadata: { title: "Desk" } },
          { event: "bot", timestamp: 7, text: "", data: { image: "https://x" } },
        ],
      },
      ["customer: a lamp", "bot: Desk, Floor", "customer: Desk", "bot: (image)"],
    ],
    [
      "a tracker in which things were taken back",
      [
        { event: "user", timestamp: 1, text: "one" },
        { event: "bot", timestamp: 2, text: "two" },
        { event: "user", timestamp: 3, text: "misheard" },
        { event: "bot", timestamp: 4, text: "what?" },
        { event: "rewind", timestamp: 5 },
        { event: "action", timestamp: 6, name: "utter_x" },
        { event: "bot", timestamp: 7, text: "undone" },
        { event: "undo", timestamp: 8 },
      ],
      ["customer: one", "bot: two"],
    ],
    [
      "a message history of Botpress",
      [
        { source: { type: "user", userId: "u" }, type: "text", payload: { text: "where?" } },
        { source: { type: "bot" }, type: "choice", payload: { text: "this one?", options: [{ label: "Yes" }] } },
        { source: { type: "user", userId: "u" }, type: "image", payload: { imageUrl: "https://x/label.jpg" } },
        { source: { type: "bot" }, type: "markdown", payload: { markdown: "**no**" } },
      ],
      ["customer: where?", "bot: this one?", "customer: (image)", "bot: **no**"],
    ],
    [
      "messages of Botpress, the newest first",
      [
        { direction: "outgoing", type: "text", payload: { text: "second" }, createdAt: "2026-11-27T10:00:02Z" },
        { direction: "incoming", type: "text", payload: { text: "first" }, createdAt: "2026-11-27T10:00:01Z" },
      ],
      ["customer: first", "bot: second"],
    ],
    [
      "previews",
      [
        { sender: "User", preview: "hello" },
        { sender: "Bot", preview: "hi" },
      ],
      ["customer: hello", "bot: hi"],
    ],
    [
      "traces of Voiceflow",
      [
        { type: "launch" },
        { type: "text", time: 1_795_775_960_000, payload: { message: "How can I help?", delay: 500 } },
        { type: "request", time: 1_795_775_961_000, payload: { type: "text", payload: "a person" } },
        { type: "debug", payload: { message: "SECRET" } },
        { type: "speak", time: 1_795_775_962_000, payload: { type: "message", message: "One moment" } },
        { type: "choice", payload: { buttons: [{ name: "SECRET" }] } },
      ],
      ["bot: How can I help?", "customer: a person", "bot: One moment"],
    ],
    [
      "a memory of turns as one text",
      "assistant: How can I help?\nuser: my order\nis late\nassistant: Let me see",
      ["bot: How can I help?", "customer: my order\nis late", "bot: Let me see"],
    ],
    [
      "responses items",
      [
        { role: "user", content: [{ type: "input_text", text: "a human please" }] },
        { type: "reasoning", id: "rs", summary: [{ type: "summary_text", text: "SECRET" }] },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Of course.", annotations: [] }] },
        { type: "function_call", call_id: "c", name: "handoff", arguments: '{"a":"SECRET"}' },
        { type: "function_call_output", call_id: "c", output: "SECRET" },
        { type: "web_search_call", id: "ws", action: { query: "SECRET" } },
        { type: "hosted_tool_call", name: "SECRET" },
      ],
      ["customer: a human please", "bot: Of course."],
    ],
    [
      "a page's messages with tools",
      [
        { id: "0", role: "system", parts: [{ type: "text", text: "SECRET" }] },
        {
          id: "1",
          role: "user",
          metadata: { createdAt: 1_795_775_960_000 },
          parts: [{ type: "text", text: "refund" }],
        },
        {
          id: "2",
          role: "assistant",
          parts: [
            { type: "reasoning", text: "SECRET" },
            { type: "tool-getOrder", toolCallId: "t", state: "output-available", input: {}, output: "SECRET" },
            { type: "dynamic-tool", toolName: "x", input: "SECRET", output: "SECRET" },
            { type: "data-card", data: { text: "SECRET" } },
            { type: "source-url", url: "https://x", title: "SECRET" },
            { type: "text", text: "I see." },
            { type: "file", mediaType: "image/png", url: "data:image/png;base64,AAAA" },
          ],
        },
      ],
      ["customer: refund", "bot: I see.\n(image)"],
    ],
    [
      "blocks",
      [
        { role: "user", content: [{ type: "text", text: "help" }] },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "SECRET" },
            { type: "text", text: "Looking" },
            { type: "tool_use", id: "t", name: "get", input: { q: "SECRET" } },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: "SECRET" }] },
            { type: "text", text: "and?" },
          ],
        },
      ],
      ["customer: help", "bot: Looking", "customer: and?"],
    ],
  ])("reads %s", (_, value, lines) => {
    expect(said(value)).toEqual(lines);
    expect(readTranscript(value)?.isLossy).toBe(false);
    if (typeof value !== "string") expect(said(JSON.stringify(value))).toEqual(lines);
  });

  it("keeps no file that stands in a URL", () => {
    const url = `data:image/png;base64,${"iVBORw0KGgo".repeat(20)}=`;
    const lines = said([
      { role: "user", content: `look ${url} there` },
      { role: "assistant", content: `![chart](${url})` },
      { role: "user", content: [{ type: "image_url", image_url: { url } }] },
      {
        role: "user",
        content: [
          { type: "text", text: "this" },
          { type: "file", data: url, filename: "label.pdf" },
        ],
      },
    ]);
    expect(lines).toEqual([
      "customer: look (image) there",
      "bot: ![chart]((image))",
      "customer: (image)",
      "customer: this\n(file)",
    ]);
  });

  it("reads times as fractions of seconds, and in seven decimals", () => {
    expect(
      timesOf([
        { event: "user", timestamp: 1_795_775_590.113, text: "a" },
        { event: "bot", timestamp: "1795775702.482917", text: "b" },
      ]),
    ).toEqual(["2026-11-27T10:33:10.113Z", "2026-11-27T10:35:02.483Z"]);
    expect(
      timesOf([activity({ ...ana, role: "user" }, bot, { text: "a", timestamp: "2026-11-27T10:03:20.4914530+00:00" })]),
    ).toEqual(["2026-11-27T10:03:20.491Z"]);
  });
});

it.each<[string, unknown, string[]]>([
  [
    "an activity without a sender",
    [
      activity(ana, bot, { text: "hi", from: { ...ana, role: "user" } }),
      { type: "message", channelId: "directline", conversation, text: "lost" },
    ],
    ["customer: hi"],
  ],
  [
    "what a bot's message showed",
    [
      { event: "user", timestamp: 1, text: "/affirm" },
      { event: "user", timestamp: 2, text: "/affirm", metadata: { title: "Yes" } },
      { event: "bot", timestamp: 3, data: { image: "x.png" } },
      { event: "bot", timestamp: 4, data: { attachment: {} } },
      { event: "bot", timestamp: 5, data: {} },
      { event: "undo", timestamp: 6 },
    ],
    ["customer: Yes", "bot: (image)", "bot: (attachment)"],
  ],
  [
    "captions of files",
    [
      { role: "user", content: [{ type: "image", caption: "my card" }, { type: "video" }] },
      { role: "user", type: "image", text: "a broken lid" },
    ],
    ["customer: (image) my card\n(video)", "customer: (image) a broken lid"],
  ],
  [
    "files in words",
    [{ role: "user", content: "see data:image/png;base64,AAAA and data:x/y;base64,AAAA" }],
    ["customer: see (image) and (file)"],
  ],
  [
    "files by their data alone",
    [{ role: "user", parts: [{ inlineData: { data: "AAAA" } }, { inlineData: { mimeType: "image/png" } }] }],
    ["customer: (file)\n(image)"],
  ],
])("reads %s", (_, lines, expected) => {
  expect(said(lines)).toEqual(expected);
});
