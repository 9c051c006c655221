import { describe, expect, it } from "vitest";
import { readInOnePass } from "../../../src/escalation/phrases/one-pass.ts";
import { readingsOf, spellings } from "../../../src/escalation/phrases/readings.ts";
import { fc } from "../../fuzz/fast-check.ts";

describe("readingsOf", () => {
  it.each([
    ["Agent, please!", [" agent please "]],
    ["don’t", [" don t ", " dont "]],
    ["für Đuro", [" fur duro ", " fuer djuro "]],
    ["転 人工", [" 転 人工 ", " 転人工 "]],
    ["agent👍🏽!", [" agent ", " agent 👍 "]],
    ["🇭🇷🇩🇪", [" 🇭🇷 🇩🇪 "]],
    ["!?", []],
  ])("reads %s", (text, readings) => {
    expect(readingsOf(text)).toEqual(readings);
  });

  it("reads plain ASCII as it reads any script", () => {
    const ascii = fc.string({ unit: "binary-ascii" }).filter((text) => !/['`]/.test(text));
    fc.assert(
      fc.property(ascii, (text) => {
        const [plain = ""] = readingsOf(text.replace(/[$+<=>^|~]/g, " "));
        expect(readingsOf(`é ${text}`)[0]).toBe(` e${plain || " "}`);
      }),
    );
  });
});

describe("the reading in one pass", () => {
  it("is used for what people write in any script", () => {
    const written = [
      "Grüße",
      "Здравствуйте, ёлка",
      "أَهلًا",
      "שָׁלוֹם",
      "ขอคุยกับเจ้าหน้าที่ น้ำ",
      "हिन्दी में",
      "人工客服",
      "한국어 ㅋㅋ ㅠㅠ",
      "😡 ❤️",
    ];
    for (const text of written)
      expect(readInOnePass(text, { ...spellings[0], hasSymbols: false } as never)).not.toBeNull();
  });
});

it("reads letters that become many, and many letters that are rare", () => {
  const greeting = "\ufdfa".repeat(40);
  expect(readingsOf(greeting)[0]).toContain("صلي");
  expect(readingsOf("\ufb03".repeat(60))[0]).toContain("ffiffi");
  const rare = Array.from(
    { length: 400 },
    (_, index) => `${String.fromCodePoint(0x61 + (index % 26))}${String.fromCodePoint(0x300 + Math.floor(index / 26))}`,
  );
  expect(readingsOf(rare.join(" "))[0]).toMatch(/^ a b c d e /);
});
