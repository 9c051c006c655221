import { describe, expect, it } from "vitest";
import { mergeTranscript, redactEvent, utterancesOf } from "../../src/escalation/transcript.ts";
import type { Utterance } from "../../src/events/event.ts";
import { fc } from "../fuzz/fast-check.ts";
import { AT, event, flowWith, message } from "./given.ts";

const SECRET = "write to ana@x.hr";
const PLAIN = "write to [e-mail]";

/** `C hi` is the customer saying hi. */
const said = (...lines: string[]): Utterance[] =>
  lines.map((line) => ({ author: line.startsWith("C") ? "customer" : "bot", text: line.slice(2) }));

describe("mergeTranscript", () => {
  it.each<[string, string[], string[], string[]]>([
    [
      "what was said after the request's",
      ["C hi", "B hello", "C agent"],
      ["C hi", "B hello"],
      ["C hi", "B hello", "C agent"],
    ],
    ["what was said before it", ["C hi", "B hello"], ["B hello", "C agent"], ["C hi", "B hello", "C agent"]],
    ["what the request lacks", ["C hi", "B one", "C agent"], ["C hi", "C agent"], ["C hi", "B one", "C agent"]],
    ["the request's order", ["C a", "C b"], ["C b", "C a"], ["C b", "C a"]],
    ["the same word said twice", ["C yes", "B a", "C yes"], ["C yes"], ["C yes", "B a", "C yes"]],
    ["an author's own words", ["C hi"], ["B hi"], ["B hi", "C hi"]],
    ["nothing recorded", [], ["C hi"], ["C hi"]],
    ["nothing given", ["C hi"], [], ["C hi"]],
  ])("keeps %s", (_, recorded, given, merged) => {
    expect(mergeTranscript(said(...recorded), said(...given))).toEqual(said(...merged));
  });

  it("recognises a message whatever its spaces, and keeps the time that was recorded", () => {
    const recorded = said("C hello  there").map((utterance) => ({ ...utterance, at: AT }));
    expect(mergeTranscript(recorded, said("C  hello there "))).toEqual([
      { author: "customer", text: " hello there ", at: AT },
    ]);
  });

  it("loses nothing, repeats nothing, and keeps the request's order", () => {
    const lines = fc.array(fc.constantFrom("C a", "C b", "B a", "B b"), { maxLength: 12 });
    const count = (list: readonly Utterance[], { author, text }: Utterance): number =>
      list.filter((other) => other.author === author && other.text === text).length;
    fc.assert(
      fc.property(lines, lines, (first, second) => {
        const [recorded, given] = [said(...first), said(...second)];
        const before = structuredClone(given);
        const merged = mergeTranscript(recorded, given);
        for (const utterance of said("C a", "C b", "B a", "B b")) {
          expect(count(merged, utterance)).toBe(Math.max(count(recorded, utterance), count(given, utterance)));
        }
        let next = 0;
        for (const { author, text } of merged) {
          if (given[next]?.author === author && given[next]?.text === text) next += 1;
        }
        expect(next).toBe(given.length);
        expect(given).toEqual(before);
      }),
    );
  });
});

describe("redactEvent", () => {
  const flow = flowWith({});
  const silent = flowWith({ note: { transcript: false } });
  const events: [string, object, object, object][] = [
    ["customer.message", { text: SECRET }, { text: PLAIN }, { text: "" }],
    ["bot.message", { text: SECRET }, { text: PLAIN }, { text: "" }],
    ["bot.fallback", { text: SECRET }, { text: PLAIN }, { text: "" }],
    ["bot.fallback", {}, {}, {}],
    ["bot.error", { error: SECRET }, { error: PLAIN }, { error: "" }],
    ["bot.error", {}, {}, {}],
    [
      "handoff.requested",
      { reason: SECRET, summary: SECRET, transcript: [{ author: "bot", text: SECRET, at: AT }], tags: ["a"] },
      { reason: PLAIN, summary: PLAIN, transcript: [{ author: "bot", text: PLAIN, at: AT }], tags: ["a"] },
      { reason: PLAIN, summary: PLAIN, transcript: [], tags: ["a"] },
    ],
    ["handoff.requested", {}, {}, {}],
    ["session.started", {}, {}, {}],
    ["session.ended", {}, {}, {}],
  ];

  it.each(events)("takes personal texts out of %s %j", (type, given, kept) => {
    expect(redactEvent(flow, event({ type, text: "", ...given }))).toEqual(event({ type, text: "", ...kept }));
  });

  it.each(events)("keeps no text of %s %j where the flow keeps no transcript", (type, given, _, kept) => {
    expect(redactEvent(silent, event({ type, text: "", ...given }))).toEqual(event({ type, text: "", ...kept }));
  });

  it("takes out only what the flow redacts", () => {
    const open = flowWith({ note: { redact: [] } });
    expect(redactEvent(open, message(SECRET))).toEqual(message(SECRET));
  });
});

describe("utterancesOf", () => {
  it("takes what customer and bot said, in their order", () => {
    const events = [message("hi"), event({ type: "bot.message", text: "hello" })];
    expect(utterancesOf(events)).toEqual([
      { author: "customer", text: "hi", at: AT },
      { author: "bot", text: "hello", at: AT },
    ]);
  });

  it("says what a message was that is not text", () => {
    expect(utterancesOf([message("", { contentType: "IMAGE" }), message("")]).map(({ text }) => text)).toEqual([
      "(image)",
      "(no text)",
    ]);
  });

  it("takes what the bot did not understand for the customer's words, once", () => {
    const lost = (text: string) => event({ type: "bot.fallback", text });
    const sorry = event({ type: "bot.message", text: "Sorry?" });
    const events = [lost("Where is it?"), message("My  parcel! Now."), sorry, lost("My parcel!"), lost("My parcel!")];
    expect(utterancesOf(events).map(({ text }) => text)).toEqual([
      "Where is it?",
      "My  parcel! Now.",
      "Sorry?",
      "My parcel!",
    ]);
  });

  it.each(["bot.fallback", "bot.error", "handoff.requested", "session.started", "session.ended"])(
    "finds no words in a bare %s",
    (type) => {
      expect(utterancesOf([event({ type })])).toEqual([]);
    },
  );
});
