/** Characters that people may type instead of a plain digit, space, dash, dot or e-mail sign; `&` begins an HTML space. */
const UNUSUAL =
  /[[\p{Nd}\p{Zs}\p{Pd}\p{Cf}\p{Cc}\u2212\uff01-\uff5e\ufe6b\ufe52\u3002\u2022\u2219\u22c5\u30fb]--[0-9 \-\n]]|&(?:nbsp|#160|#xa0);/giv;
const DIGIT = /\p{Nd}/u;
const DASH = /[\p{Pd}\u2212]/u;
const FULLWIDTH = { first: 0xff01, last: 0xff5e, offset: 0xfee0 };
const LOOKALIKES: Readonly<Record<string, string>> = {
  "\ufe6b": "@",
  "\ufe52": ".",
  "\u3002": ".",
  "\u2022": "·",
  "\u2219": "·",
  "\u22c5": "·",
  "\u30fb": "·",
};

/**
 * Replaces digits of any script, full-width forms, unusual spaces, dashes and invisible characters by plain ASCII, position by
 * position, so that places in the result are places in the text. Lines stay lines.
 */
export const normalize = (text: string): string => text.replace(UNUSUAL, plainCharacter);

function plainCharacter(character: string): string {
  if (character.startsWith("&")) return " ".repeat(character.length);
  const code = character.codePointAt(0) ?? 0;
  // A digit beyond the first plane takes two positions.
  if (character.length > 1) return DIGIT.test(character) ? `${digitValue(code)} ` : character;
  if (code >= FULLWIDTH.first && code <= FULLWIDTH.last) return String.fromCharCode(code - FULLWIDTH.offset);
  if (DIGIT.test(character)) return String(digitValue(code));
  return LOOKALIKES[character] ?? (DASH.test(character) ? "-" : " ");
}

/** Unicode encodes the ten digits of a script in a row, from zero, and those for mathematics in five rows of ten. */
function digitValue(code: number): number {
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10;
  let value = 0;
  while (value < 9 && DIGIT.test(String.fromCodePoint(code - value - 1))) value += 1;
  return value;
}
