import { describe, expect, it } from "vitest";
import { truncate, truncateMiddle } from "../../src/escalation/text/truncate.ts";
import { fc } from "../fuzz/fast-check.ts";

describe("cut", () => {
  it.each([
    ["one two three", 13, "one two three"],
    ["one two three", 12, "one two …"],
    ["one two three", 9, "one two …"],
    ["one two three", 8, "one …"],
    ["onetwothree", 8, "onetwo …"],
    // A cut at such an early space would lose most of the room.
    ["a bcdefghijklmnop", 11, "a bcdefgh …"],
    ["😀😀😀", 5, "😀 …"],
  ])("%s in %i", (text, limit, expected) => {
    expect(truncate(text, limit)).toBe(expected);
  });

  it("never exceeds the limit, says that it cut, and splits no character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 0, max: 100 }), (text, limit) => {
        const short = truncate(text, limit);
        expect(short.length).toBeLessThanOrEqual(limit);
        if (text.length <= limit) expect(short).toBe(text);
        else if (limit >= 2) expect(short.endsWith(" …")).toBe(true);
        expect(short.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("cutMiddle", () => {
  it("keeps a quarter of its room for the beginning and the rest for the end, and says how much is left out", () => {
    const text = `${"a".repeat(50)}${"b".repeat(50)}${"c".repeat(100)}`;
    const short = truncateMiddle(text, 80);
    expect(short).toBe(`${"a".repeat(12)} … (151 characters left out) … ${"c".repeat(37)}`);
    expect(truncateMiddle(text, 200)).toBe(text);
  });

  it("counts what was left out of the middle before", () => {
    const once = truncateMiddle("x".repeat(100_000), 25_000);
    const left = (text: string): number => Number(/\((\d+) characters/.exec(text)?.[1]);
    const twice = truncateMiddle(once, 5_000);
    expect(left(once) + once.replace(/[^x]/g, "").length).toBe(100_000);
    expect(left(twice) + twice.replace(/[^x]/g, "").length).toBe(100_000);
    expect(twice.match(/left out/g)).toHaveLength(1);
  });

  it("splits no character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 45, max: 200 }), (text, limit) => {
        const short = truncateMiddle(text, limit);
        expect(short.isWellFormed()).toBe(true);
        expect(short.length).toBeLessThanOrEqual(Math.max(limit, text.length > limit ? limit : text.length));
      }),
    );
  });
});
