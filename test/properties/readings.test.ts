import { describe, expect, it } from "vitest";
import { readInOnePass } from "../../src/escalation/phrases/one-pass.ts";
import { partWords } from "../../src/escalation/phrases/part-words.ts";
import { readingsOf, spellings } from "../../src/escalation/phrases/readings.ts";
import { hasInnerSpaces, hasSymbol } from "../../src/escalation/phrases/text-signs.ts";
import { withoutInnerSpaces } from "../../src/escalation/phrases/unspaced.ts";
import { anyText, fc } from "../fuzz/fast-check.ts";

describe("readingsOf", () => {
  it("changes nothing the second time, whatever the text", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        for (const reading of readingsOf(text)) expect(readingsOf(reading)).toContain(reading);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the reading in one pass", () => {
  const allSpellings = spellings.flatMap((one) => [one, { ...one, hasSymbols: false }]);
  const readBoth = (text: string) => {
    for (const spelling of allSpellings) {
      const inOnePass = readInOnePass(text, spelling);
      if (inOnePass !== null) expect(inOnePass, JSON.stringify([text, spelling])).toBe(partWords(text, spelling));
    }
  };

  it("is that of the whole text, for every character alone and beside others", () => {
    // Of the later ones, most are Chinese characters and syllables.
    for (let point = 0; point < 0x2_0000; point += point < 0x3400 ? 1 : 11) {
      const char = String.fromCodePoint(point);
      const spelling = allSpellings[point % allSpellings.length];
      const text = `a${char}b ${char} 人${char}工 คน ${char}`;
      if (spelling === undefined) continue;
      const inOnePass = readInOnePass(text, spelling);
      if (inOnePass !== null) expect(inOnePass, point.toString(16)).toBe(partWords(text, spelling));
    }
  });

  it("is that of the whole text, whatever is written", () => {
    const telling = fc.constantFrom(
      ...[
        "a",
        "Z",
        " ",
        ".",
        "\u3000",
        "\n",
        "ä",
        "a\u0308",
        "o\u030a",
        "\u0301",
        "đ",
        "ß",
        "Σ",
        "ς",
        "ı",
        "İ",
        "ŉ",
        "ﬁ",
      ],
      ...[
        "人",
        "工",
        " 人",
        "ｶﾞ",
        "か\u3099",
        "คน",
        "น้ำ",
        "ำ",
        "\u0e4d",
        "\u0e32",
        "ຳ",
        "ក",
        "ប៉ា",
        "မြန်",
        "हिं",
        "दी",
        "한",
        ...["하", "ㅋ", "ㅠ", "ㄳ", "ㄴ", "ᄒ", "ᆫ", "ﾡ"],
        "ᅡ",
      ],
      ...[
        "ة",
        "ى",
        "٣",
        "א\u05b0",
        "ـ",
        "😡",
        "👍🏽",
        "🏽",
        "🇭",
        "🇷",
        "❤\ufe0f",
        "1\ufe0f\u20e3",
        "\u200d",
        "\u00ad",
        "½",
        "№",
        "…",
      ],
      ...[
        "\ud800",
        "\udc00",
        "\ufdfa",
        "㈱",
        "𠀋",
        "ーー",
        "々",
        "\u0000",
        "c++",
        "'",
        "’",
        "`",
        "^",
        "\u0345",
        "\u1ab0",
        "\u{e0100}",
      ],
    );
    const texts = fc.oneof(
      fc.array(telling, { maxLength: 16 }).map((parts) => parts.join("")),
      anyText(),
    );
    fc.assert(fc.property(texts, readBoth), { numRuns: 3_000 });
  });

  it("looks for symbols and inner spaces as the expressions do", () => {
    const text = fc.array(
      fc.constantFrom("a", "人", "か\u3099", "ก่", " ", "\n", "½", "™", "😡", "🏽", "🇭", "\ud800", "$", "\u0301"),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const written = parts.join("");
        expect(hasSymbol(written)).toBe(/\p{S}/u.test(written));
        expect(hasInnerSpaces(written)).toBe(withoutInnerSpaces(written) !== written);
      }),
      { numRuns: 3_000 },
    );
  });
});
