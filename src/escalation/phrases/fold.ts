/**
 * Folds the letters of a text in any script: lower case, without accents, in one spelling of letters that have several. A reading
 * is a folded text whose words are parted.
 */

/** Choices for words with two spellings. */
export interface Spelling {
  /** Drops apostrophes inside a word, and spaces inside a script that has none: `dont`. Otherwise they split words. */
  isJoined: boolean;
  /** `ä` is `ae` and `đ` is `dj`, as on keyboards without them. Otherwise they are `a` and `d`. */
  hasTwoLetters: boolean;
  /** Symbols and emoji are words. Otherwise they are left out. */
  hasSymbols: boolean;
}

/** Accents, points and vowels that people leave out when they type. In other scripts marks are part of the spelling. */
const ACCENTS = /[\p{M}&&[\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{scx=Arab}\p{scx=Hebr}\p{scx=Zinh}]]/gv;
/** Normalising takes quadratic time in the marks of one character; no word has so many. */
const TOO_MANY_MARKS = /(\p{M}{8})\p{M}+/gu;
/** A Korean syllable has three letters, and no text of words grows by more. One character that stands for eighteen does. */
const GROWN_MOST = 4;
const GROWN_AT_LEAST = 100;
/** Invisible characters, such as soft hyphens, and the stroke that stretches an Arabic word. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u0640]/gu;

/** Spellings of letters that neither normalising nor a change of case takes apart. */
const SPELT: Record<string, string> = {
  ...{ đ: "d", ħ: "h", ł: "l", ø: "o", ŧ: "t", æ: "ae", œ: "oe", ß: "ss", ς: "σ" },
  // Arabic, Persian and Urdu keyboards have different keys for one letter.
  ...{ ة: "ه", ۃ: "ه", ہ: "ه", ھ: "ه", ە: "ه", ى: "ي", ی: "ي", ک: "ك", ٱ: "ا" },
};
const SPELT_OTHERWISE = new RegExp(`[${Object.keys(SPELT).join("")}]`, "g");
const ARABIC_DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g;
/** Thai and Lao vowels that normalising splits, and that people type in two strokes, in either order with a tone. */
const PARTED_VOWELS = /([\u0e4d\u0ecd])([\u0e48-\u0e4b\u0ec8-\u0ecb]?)([\u0e32\u0eb2])/g;

const UMLAUTS = /([aou])\u0308/gi;
const RINGS = /(a)\u030a/gi;
const STROKES = /[đø]/gi;
export const HAS_TWO_LETTERS = /[äöüåđø]|\u0308|\u030a/i;

/** Apostrophes of keyboards, and those that Unicode counts as letters. */
export const APOSTROPHE = "'’‘`´′＇\u02b9-\u02bf\u05f3\u05f4";
export const APOSTROPHES = new RegExp(`[${APOSTROPHE}]`, "g");

/** True if a text grows so much that its folding is cut. */
export const isGrowing = (text: string): boolean => text.normalize("NFKD").length > GROWN_MOST * text.length;

export function foldLetters(text: string, hasTwoLetters: boolean): string {
  const apart = text
    .replace(TOO_MANY_MARKS, "$1")
    .normalize("NFKD")
    .slice(0, Math.max(GROWN_MOST * text.length, GROWN_AT_LEAST));
  const spelt = hasTwoLetters
    ? apart
        .replace(UMLAUTS, "$1e")
        .replace(RINGS, "$1a")
        .replace(STROKES, (letter) => (letter.toLowerCase() === "đ" ? "dj" : "oe"))
    : apart;
  return (
    spelt
      .replace(ACCENTS, "")
      .replace(UNSEEN, "")
      // Upper case first: only that turns ı into an i.
      .toUpperCase()
      .toLowerCase()
      .replace(SPELT_OTHERWISE, (letter) => SPELT[letter] ?? letter)
      .replace(ARABIC_DIGITS, (digit) => String(digit.charCodeAt(0) & 15))
      .replace(APOSTROPHES, " ")
      .normalize("NFKC")
      .replace(PARTED_VOWELS, (_, point: string, tone: string) => tone + (point === "\u0e4d" ? "\u0e33" : "\u0eb3"))
  );
}
