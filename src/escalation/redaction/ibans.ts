import { type Group, isDigit } from "./digits.ts";
import type { Span } from "./span.ts";
import { isLetter } from "./words/fold-word.ts";

/** ISO 13616: length of each country's IBAN. */
const countriesByLength: Readonly<Record<number, string>> = {
  15: "NO",
  16: "BE",
  18: "DK FI FK FO GL NL SD",
  19: "MK SI",
  20: "AT BA EE KZ LT LU MN XK",
  21: "CH HR LI LV",
  22: "BG BH CR DE GB GE IE ME RS",
  23: "AE GI IL IQ OM SO TL",
  24: "AD CZ ES MD PK RO SA SE SK TN VA VG",
  25: "LY PT ST",
  26: "IS TR",
  27: "BI DJ FR GR IT MC MR SM",
  28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
  29: "BR EG PS QA UA",
  30: "JO KW MU YE",
  31: "MT SC",
  32: "LC",
  33: "RU",
};
const lengths = new Map(
  Object.entries(countriesByLength).flatMap(([length, countries]) =>
    countries.split(" ").map((country) => [country, Number(length)] as const),
  ),
);

/** Countries whose IBANs have letters behind the check digits: in all others a letter ends it. */
const WITH_LETTERS = new Set(
  "AD AL AZ BG BH BR BY CH CY DO FK FR GB GE GI GL GR GT IE IQ IT JO KW KZ LB LC LI LU LV MC MD MT MU NI NL OM PK PS QA RO RU SC SM SV TR UA VA VG".split(
    " ",
  ),
);
/** Every IBAN has at least this many digits; words that happen to pass the check have not. */
const FEWEST_DIGITS = 10;
const LONGEST = 34;
const LONGEST_GAP = 3;
const GAPS = new Set([..." .-/\n"].map((character) => character.charCodeAt(0)));
/** Positions of the IBAN's letters and digits. */
const places = new Int32Array(LONGEST);

/** Finds IBANs in one piece or in groups. The country gives the length, so words glued behind stay. */
export function ibansIn(plain: string, runs: readonly Group[][]): Span[] {
  const spans: Span[] = [];
  for (const run of runs) {
    for (const group of run) {
      const start = countryBefore(plain, group.start);
      if (start === null || start < (spans.at(-1)?.end ?? 0)) continue;
      const length = lengths.get(plain.slice(start, start + 2).toUpperCase());
      const end = length === undefined ? null : ibanEnd(plain, start, length, group.start - start > 2);
      if (end !== null) spans.push({ start, end });
    }
  }
  return spans;
}

/** Finds the two letters before the check digits, perhaps apart: text before them may be a label glued to it. */
function countryBefore(plain: string, digits: number): number | null {
  let end = digits;
  while (end > 0 && digits - end < 2 && GAPS.has(plain.charCodeAt(end - 1))) end -= 1;
  return isAsciiLetter(plain.charCodeAt(end - 1)) && isAsciiLetter(plain.charCodeAt(end - 2)) ? end - 2 : null;
}

function ibanEnd(plain: string, start: number, length: number, isApart: boolean): number | null {
  // `narudžba 45…`: the end of a word is no country.
  if (isApart && isLetter(plain.charCodeAt(start - 1))) return null;
  const hasLetters = WITH_LETTERS.has(plain.slice(start, start + 2).toUpperCase());
  let digits = 0;
  let count = 0;
  let gap = 0;
  for (let position = start; position < plain.length; position += 1) {
    const code = plain.charCodeAt(position);
    if (isDigit(code) || isAsciiLetter(code)) {
      if (!isDigit(code) && (count === 2 || count === 3 || (count > 3 && !hasLetters))) return null;
      if (isDigit(code)) digits += 1;
      gap = 0;
      places[count] = position;
      count += 1;
      if (count < length) continue;
      // A further digit belongs to another number.
      return digits >= FEWEST_DIGITS && !isDigit(plain.charCodeAt(position + 1)) && passesCheck(plain, length)
        ? position + 1
        : null;
    }
    gap += 1;
    if (gap > LONGEST_GAP || !GAPS.has(code)) return null;
  }
  return null;
}

const isAsciiLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

/** ISO 7064, MOD 97-10: with the first four moved to the end and letters as 10 to 35, the remainder by 97 is 1. */
function passesCheck(plain: string, length: number): boolean {
  let rest = 0;
  for (let index = 0; index < length; index += 1) {
    const code = plain.charCodeAt(places[(index + 4) % length] ?? 0);
    rest = isDigit(code) ? (rest * 10 + code - 48) % 97 : (rest * 100 + (code & 31) + 9) % 97;
  }
  return rest === 1;
}
