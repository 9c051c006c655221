import { describe, expect, it } from "vitest";
import { phraseIn } from "../../../src/escalation/phrases/phrase-in.ts";
import { readingsOf } from "../../../src/escalation/phrases/readings.ts";
import { fc } from "../../fuzz/fast-check.ts";

const found = (text: string, ...phrases: string[]): string | undefined =>
  readingsOf(text)
    .map((words) => phraseIn(words, phrases))
    .find((phrase) => phrase !== null) ?? undefined;

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
    expect(found(text, phrase)).toBe(phrase);
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
    expect(found(text, phrase)).toBeUndefined();
  });

  it("returns the first phrase that stands in the text, as the flow wrote it", () => {
    expect(found("a real person or an agent", "robot", "Real  Person", "agent")).toBe("Real  Person");
  });

  it("finds a phrase between any other words, in any case", () => {
    const words = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(words, words, fc.boolean(), (before, after, loud) => {
        const phrase = loud ? "REAL PÉRSON" : "real person";
        expect(found(`${before} ${phrase} ${after}`, "real person")).toBe("real person");
      }),
    );
  });

  it("finds no phrase inside longer words", () => {
    const letters = fc.stringMatching(/^[a-zčß]{1,8}$/);
    fc.assert(fc.property(letters, (more) => found(`agent${more} ${more}agent`, "agent") === undefined));
  });
});
