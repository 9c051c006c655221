/**
 * Whole words, whatever their case and accents, in any script. A text becomes its words, each between single spaces;
 * a phrase is in it when its own words stand there in a row.
 */

/** Diacritics that people leave out when they type: Latin, Greek, Cyrillic, Hebrew points, Arabic vowels. */
const DIACRITICS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/gu;
const FORMAT = /\p{Cf}/gu;
/** In scripts written without spaces every character, with its marks, counts as a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*/gu;
const NOT_WORD = /[^\p{L}\p{N}\p{M}]+/gu;

/** The words of a text, lower case and without accents, with a space before and after each. */
export function wordsOf(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(DIACRITICS, "")
    .replace(FORMAT, "")
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ı", "i")
    .replace(DIACRITICS, "");
  return ` ${plain.replace(UNSPACED, " $& ").replace(NOT_WORD, " ").trim()} `;
}

/** The first of `phrases` that the text contains, as it was written in the flow; null: none. */
export function phraseIn(text: string, phrases: readonly string[]): string | null {
  const words = wordsOf(text);
  return phrases.find((phrase) => words.includes(normalised(phrase))) ?? null;
}

const known = new Map<string, string>();

/** Phrases come from flows, so there are few and they come again with every event. */
function normalised(phrase: string): string {
  const cached = known.get(phrase);
  if (cached !== undefined) return cached;
  const words = wordsOf(phrase);
  known.set(phrase, words);
  return words;
}
