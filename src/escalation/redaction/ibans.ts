import type { Span } from "./span.ts";

const START = /(?<![A-Za-z0-9])[A-Za-z]{2}\d\d(?=[ -]?[A-Za-z0-9])/g;
const CHARACTER = /[A-Za-z0-9]/;
/** ISO 13616: country, two check digits, and up to 30 more; the shortest, Norway's, has 15 in all. */
const SHORTEST = 15;
const LONGEST = 34;
/** Every country's has this many; words that happen to pass the check have not. */
const FEWEST_DIGITS = 10;

/** IBANs in one piece or in groups. Their check digits decide where one ends: the words after it look like more of it. */
export function ibansIn(plain: string): Span[] {
  const spans: Span[] = [];
  for (const { index } of plain.matchAll(START)) {
    const end = ibanEnd(plain, index);
    if (index >= (spans.at(-1)?.end ?? 0) && end !== null) spans.push({ start: index, end });
  }
  return spans;
}

/** The end of the longest IBAN that begins at `start` and ends with a word. */
function ibanEnd(plain: string, start: number): number | null {
  let found: number | null = null;
  let compact = "";
  for (let position = start; compact.length < LONGEST; position += 1) {
    const character = plain.charAt(position);
    if (CHARACTER.test(character)) {
      compact += character;
      if (!CHARACTER.test(plain.charAt(position + 1)) && isIban(compact)) found = position + 1;
    } else if (!/[ -]/.test(character) || !CHARACTER.test(plain.charAt(position + 1))) break;
  }
  return found;
}

/** ISO 7064, MOD 97-10: the first four moved to the end, letters as 10 to 35, the rest by 97 is 1. */
function isIban(compact: string): boolean {
  if (compact.length < SHORTEST || compact.replace(/\D/g, "").length < FEWEST_DIGITS) return false;
  let rest = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
