import { expect, it } from "vitest";
import { readTranscript } from "../../../src/events/history/transcript.ts";

const read = (value: unknown) => {
  const { lines = [], isLossy = false } = readTranscript(value) ?? {};
  return { said: lines.map(({ author, text }) => `${author}: ${text}`), isLossy };
};
const heard = (...said: string[]) => ({ said, isLossy: false });

it("reads an intent that a customer of Voiceflow chose, whose words are its query", () => {
  const payload = { type: "intent", payload: { query: "where is my order?" } };
  expect(read([{ type: "request", payload }])).toEqual(heard("customer: where is my order?"));
});

it("shows what a bot of Rasa showed where it has no words, and nothing where it showed nothing", () => {
  const shown = [
    { buttons: [{ title: "Yes" }, { title: "No" }, { payload: "/no" }, "?"] },
    { image: "https://x.example/a.png" },
    { attachment: { type: "video" } },
  ];
  const events = [...shown, null].map((data, at) => ({ event: "bot", timestamp: at, text: null, data }));
  expect(read(events)).toEqual(heard("bot: Yes, No", "bot: (image)", "bot: (attachment)"));
});

it("takes the title of a button that a customer of Rasa pressed for its payload", () => {
  const pressed = { event: "user", timestamp: 1, text: "/order_status", metadata: { title: "Order status" } };
  expect(read([pressed])).toEqual(heard("customer: Order status"));
});

it("knows who speaks in a list of Teams by the ids of accounts", () => {
  const message = (from: string, text: string) => ({ type: "message", channelId: "msteams", from: { id: from }, text });
  expect(read([message("29:ana", "hi"), message("28:bot", "hello")])).toEqual(heard("customer: hi", "bot: hello"));
});
