/** Properties of every phrase and every text, whoever writes them. */
import { describe, expect, it } from "vitest";
import { phraseProblem } from "../../src/escalation/phrases/pattern.ts";
import { phraseIn } from "../../src/escalation/phrases/phrase-in.ts";
import { readingsOf } from "../../src/escalation/phrases/readings.ts";
import { anyText, fc } from "../fuzz/fast-check.ts";

const isFound = (text: string, phrase: string): boolean =>
  readingsOf(text).some((words) => phraseIn(words, [phrase]) === phrase);

const anything = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  anyText({ maxLength: 12 }),
  fc
    .array(
      fc.constantFrom("*", "…", "...", " ", "a", "ä", "ae", "人工", "智能", "คน", "'", "ק", "ة", "😡", "\u0301", "."),
      {
        maxLength: 12,
      },
    )
    .map((parts) => parts.join("")),
);
const word = fc.oneof(
  fc.constantFrom(
    "card",
    "ukradena",
    "für",
    "fuer",
    "Đuro",
    "don't",
    "人工",
    "日本人",
    "คุยกับ",
    "상담원",
    "نمائندہ",
    "😡",
    "c++",
  ),
  fc.stringMatching(/^[a-zčäßжقאก中]{1,9}$/),
);
const wild = fc.tuple(fc.constantFrom("", "*"), word, fc.constantFrom("", "*")).map((parts) => parts.join(""));

describe("a phrase", () => {
  it("of anything is refused with a reason, or never throws on anything", () => {
    fc.assert(
      fc.property(anything, anything, (phrase, text) => {
        const problem = phraseProblem(phrase);
        expect(problem === null || problem.length > 20).toBe(true);
        expect(typeof isFound(text, phrase)).toBe("boolean");
        if (problem !== null) expect(isFound(text + phrase, phrase)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is found in itself, and in a sentence around it", () => {
    const plain = anything.filter((phrase) => !/[*…]|\.{3}/u.test(phrase) && phraseProblem(phrase) === null);
    fc.assert(
      fc.property(plain, word, word, (phrase, before, after) => {
        expect(isFound(phrase, phrase)).toBe(true);
        expect(isFound(`${before} , ${phrase} , ${after}`, phrase)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("with wildcards is found in what they stand for", () => {
    const gap = fc.array(fc.stringMatching(/^[a-zčäß]{1,9}$/), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(wild, { minLength: 1, maxLength: 4 }), fc.infiniteStream(gap), (words, gaps) => {
        const phrase = words.join(" … ");
        const said = words.map((it) => [it.replaceAll("*", ""), ...(gaps.next().value ?? [])].join(" ")).join(" ");
        expect(phraseProblem(phrase)).toBeNull();
        expect(isFound(said, phrase)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is found among others exactly when it is found alone", () => {
    fc.assert(
      fc.property(fc.array(wild, { minLength: 1, maxLength: 8 }), fc.array(word, { maxLength: 8 }), (phrases, said) => {
        const text = said.join(" ");
        for (const reading of readingsOf(text)) {
          const alone = phrases.find((phrase) => phraseIn(reading, [phrase]) !== null) ?? null;
          expect(phraseIn(reading, phrases)).toBe(alone);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Each text has 100,000 characters: quadratic work would not end within a test's time. */
describe("a long text is searched when it is full of", () => {
  const LENGTH = 100_000;
  const phrases = [
    ...["a … a … a … a … b", "*a* … *a* … *b", "*aaaaaaaaaab", "a* *a* b", "*a* *a* *a* b", "aa* … aa* … b"],
    ...["人 … 人 … 智", "*人* *工* x", "人工* … 智能", "*ก* … *ก* x", "don't … don't … b", "😡 … 😡 … b"],
  ];
  const units = [
    ...["a", "a ", "aa b ", "'", "a'", "ä", "a\u0308", " ", ".", "*", "…"],
    ...["人", "人工", "人 ", "人，", "ก", "ก ", "ก\u0e38", "คน", "ー", "ᄀ", "ပ", "ក"],
    ...["\u0301", "\u0e38\u0e48", "\u0301\u0316", "\ufdfa", "\ud800", "😡", "🇭", "\u200d", "人\u0301\u200b"],
  ];

  it.each(units)("%j", (unit) => {
    const text = unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH);
    for (const reading of readingsOf(`x ${text} x`)) expect(phraseIn(reading, ["zz", ...phrases])).not.toBe("zz");
  });
});
