import { describe, expect, it } from "vitest";
import { phraseIn, wordsOf } from "../../src/escalation/phrase.ts";
import { fc } from "../fuzz/fast-check.ts";

const found = (text: string, phrase: string): boolean => phraseIn(wordsOf(text), [phrase]) === phrase;

describe("phraseIn", () => {
  it.each([
    ["Agent, please!", "agent"],
    ["an AGÉNT", "agent"],
    ["speak   to\nsomeone", "speak to someone"],
    ["I don’t know", "don't know"],
    ["п’ять", "пʼять"],
    ["ČOVJEK molim", "covjek"],
    ["Zgłoś to", "zglos"],
    ["wo ist die STRASSE", "straße"],
    ["GROẞE Sorge", "große"],
    ["İNSAN", "insan"],
    ["ısrar", "ISRAR"],
    ["ΣΕ ΠΟΙΟΣ", "ποιοσ"],
    ["хочу оператора", "оператора"],
    ["ещё", "еще"],
    ["مُوَظَّف", "موظف"],
    ["מוֹקֵד", "מוקד"],
    ["我要人工客服", "人工"],
    ["オペレーターに繋いで", "オペレーター"],
    ["ｵﾍﾟﾚｰﾀｰ", "オペレーター"],
    ["คุยกับเจ้าหน้าที่ครับ", "เจ้าหน้าที่"],
    ["상담원 연결", "상담원"],
    ["a\u200bge\u00adnt", "agent"],
    ["ＡＧＥＮＴ", "agent"],
  ])("finds in %s: %s", (text, phrase) => {
    expect(found(text, phrase)).toBe(true);
  });

  it.each([
    ["agentless backups", "agent"],
    ["agents", "agent"],
    ["a real nice person", "real person"],
    ["かき", "がき"],
    ["शिकायत", "शकायत"],
    ["ก่", "ก"],
    ["", "agent"],
    ["!!!", "..."],
  ])("does not find in %s: %s", (text, phrase) => {
    expect(found(text, phrase)).toBe(false);
  });

  it("returns the first phrase that stands in the text, as the flow wrote it", () => {
    expect(phraseIn(wordsOf("a real person or an agent"), ["robot", "Real  Person", "agent"])).toBe("Real  Person");
  });

  it("reads plain ASCII as it reads any script", () => {
    const ascii = fc.string({ unit: "binary-ascii" });
    fc.assert(
      fc.property(ascii, (text) => {
        expect(wordsOf(`é ${text}`)).toBe(` e${wordsOf(text) || " "}`);
      }),
    );
  });

  it("finds a phrase between any other words, in any case", () => {
    const words = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(words, words, fc.boolean(), (before, after, loud) => {
        const phrase = loud ? "REAL PÉRSON" : "real person";
        expect(found(`${before} ${phrase} ${after}`, "real person")).toBe(true);
      }),
    );
  });

  it("finds no phrase inside longer words", () => {
    const letters = fc.stringMatching(/^[a-zčß]{1,8}$/);
    fc.assert(fc.property(letters, (more) => !found(`agent${more} ${more}agent`, "agent")));
  });
});

describe("wordsOf", () => {
  it("changes nothing the second time, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => wordsOf(wordsOf(text)) === wordsOf(text)),
      { numRuns: 2_000 },
    );
  });

  it.each(["\u0e38\u0e48", "\u0301\u0316", "\ufdfa", "a ", "ก\u0e38", "\ud800"])(
    "is as fast for hostile text: %j",
    (unit) => {
      const start = performance.now();
      wordsOf(unit.repeat(50_000));
      expect(performance.now() - start).toBeLessThan(2_000);
    },
  );
});
