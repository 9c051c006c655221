import { describe, expect, it } from "vitest";
import { cut } from "../../src/escalation/cut.ts";
import { fc } from "../fuzz/fast-check.ts";

describe("cut", () => {
  it.each([
    ["one two three", 13, "one two three"],
    ["one two three", 12, "one two …"],
    ["one two three", 9, "one two …"],
    ["one two three", 8, "one …"],
    ["onetwothree", 8, "onetwo …"],
    // A space so early would lose most of what there is room for.
    ["a bcdefghijklmnop", 11, "a bcdefgh …"],
    ["😀😀😀", 5, "😀 …"],
  ])("%s in %i", (text, limit, expected) => {
    expect(cut(text, limit)).toBe(expected);
  });

  it("never exceeds the limit, says that it cut, and splits no character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 0, max: 100 }), (text, limit) => {
        const short = cut(text, limit);
        expect(short.length).toBeLessThanOrEqual(limit);
        if (text.length <= limit) expect(short).toBe(text);
        else if (limit >= 2) expect(short.endsWith(" …")).toBe(true);
        expect(short.isWellFormed()).toBe(true);
      }),
    );
  });
});
