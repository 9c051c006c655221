import { describe, expect, it } from "vitest";
import { linesOf, mergeTranscript, utterancesOf } from "../../src/escalation/text/transcript.ts";
import type { Utterance } from "../../src/events/event.ts";
import { fc } from "../fuzz/fast-check.ts";
import { AT, event, message } from "./given.ts";

/** `C hi` is the customer who says hi. */
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
    ["an author's own words", ["C hi"], ["B hi"], ["C hi", "B hi"]],
    ["the last words, which the request alone has", ["C hi", "B hello"], ["C agent"], ["C hi", "B hello", "C agent"]],
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

  it("puts words of an earlier time before those that were recorded", () => {
    const at = (time: string, line: string) => said(line).map((utterance) => ({ ...utterance, at: time }));
    const recorded = at("2026-11-23T10:05:00Z", "C again");
    const earlier = at("2026-11-23T10:00:00Z", "C hi");
    expect(mergeTranscript(recorded, earlier)).toEqual([...earlier, ...recorded]);
    expect(mergeTranscript(earlier, recorded)).toEqual([...earlier, ...recorded]);
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

it("tells that a customer left only where the flow shows it", () => {
  const end = { seq: 1, of: event({ type: "session.ended" }), request: "opener" } as const;
  expect(linesOf([end], true)).toEqual([{ seq: 1, of: { author: "end", text: "", at: AT } }]);
  expect(linesOf([end], false)).toEqual([]);
});

it("puts words without a time at the end", () => {
  expect(
    mergeTranscript(
      said("C hi").map((line) => ({ ...line, at: AT })),
      said("B hello"),
    ),
  ).toHaveLength(2);
});
