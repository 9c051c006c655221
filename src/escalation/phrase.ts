/**
 * Whole words, whatever their case and accents, in any script. A text becomes its words, each between single spaces;
 * a phrase is in it when its own words stand there in a row.
 */

/** Accents, points and vowels that people leave out when they type. In other scripts marks are part of the spelling. */
const ACCENTS = /[\p{M}&&[\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{scx=Arab}\p{scx=Hebr}\p{scx=Zinh}]]/gv;
/** Normalising takes quadratic time in the marks of one character; no word has so many. */
const TOO_MANY_MARKS = /(\p{M}{8})\p{M}+/gu;
/** A Korean syllable is three letters, and no text of words grows by more; one character that stands for eighteen does. */
const GROWN_MOST = 4;
/** Invisible characters, such as soft hyphens, and the stroke that stretches an Arabic word. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u0640]/gu;
/** Spellings of letters that neither normalising nor changing the case takes apart. */
const SPELT: Record<string, string> = { đ: "d", ħ: "h", ł: "l", ø: "o", ŧ: "t", æ: "ae", œ: "oe", ß: "ss", ς: "σ" };
const SPELT_OTHERWISE = new RegExp(`[${Object.keys(SPELT).join("")}]`, "g");
/** Apostrophes that Unicode counts as letters. */
const APOSTROPHES = /[\u02b9-\u02bf]/g;
/** ASCII text, in which only the case and the space between words need folding. */
const ASCII = /^\p{ASCII}*$/u;
const NOT_ASCII_WORD = /[^a-z0-9]+/g;
const NOT_WORD = /[^\p{L}\p{N}\p{M}]+/gu;
/** In scripts written without spaces every character, with its marks, counts as a word. */
const UNSPACED =
  /[[\p{L}\p{N}]&&[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]\p{M}*/gv;

/** The words of a text, lower case and without accents, with a space before and after each; "" where it has none. */
export function wordsOf(text: string): string {
  const words = ASCII.test(text) ? text.toLowerCase().replace(NOT_ASCII_WORD, " ").trim() : wordsInAnyScript(text);
  return words === "" ? "" : ` ${words} `;
}

function wordsInAnyScript(text: string): string {
  return (
    text
      .replace(TOO_MANY_MARKS, "$1")
      .normalize("NFKD")
      .slice(0, GROWN_MOST * text.length)
      .replace(ACCENTS, "")
      .replace(UNSEEN, "")
      // Upper case first: it alone knows that ı is an i.
      .toUpperCase()
      .toLowerCase()
      .replace(SPELT_OTHERWISE, (letter) => SPELT[letter] ?? letter)
      .replace(APOSTROPHES, " ")
      .normalize("NFKC")
      .replace(UNSPACED, " $& ")
      .replace(NOT_WORD, " ")
      .trim()
  );
}

const prepared = new WeakMap<readonly string[], { phrase: string; words: string }[]>();

/** A flow's list of phrases comes again with every event. */
function preparedOf(phrases: readonly string[]): { phrase: string; words: string }[] {
  const known = prepared.get(phrases);
  if (known !== undefined) return known;
  const made = phrases.map((phrase) => ({ phrase, words: wordsOf(phrase) })).filter(({ words }) => words !== "");
  prepared.set(phrases, made);
  return made;
}

/** The first of `phrases` that stands in `words`, as it was written in the flow; null: none. `words` comes from `wordsOf`. */
export const phraseIn = (words: string, phrases: readonly string[]): string | null =>
  preparedOf(phrases).find((prepared) => words.includes(prepared.words))?.phrase ?? null;
