/**
 * Reads a text as words: lower case, without accents, in any script, with one space before and after each. Scripts without spaces
 * keep their characters together. Some words have two spellings, so a text may have more readings.
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
const SKIN_TONES = /[\u{1f3fb}-\u{1f3ff}]/gu;

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
const HAS_TWO_LETTERS = /[äöüåđø]|\u0308|\u030a/i;

/** Apostrophes of keyboards, and those that Unicode counts as letters. */
const APOSTROPHE = "'’‘`´′＇\u02b9-\u02bf\u05f3\u05f4";
const HAS_APOSTROPHE = new RegExp(`[${APOSTROPHE}]`);
const APOSTROPHES = new RegExp(`[${APOSTROPHE}]`, "g");
const INNER_APOSTROPHES = new RegExp(`(?<=\\p{L}\\p{M}{0,8})[${APOSTROPHE}](?=\\p{L})`, "gu");

const HAS_SYMBOL = /\p{S}/u;
/** A flag is a pair. */
const SYMBOLS = /\p{RI}{2}|\p{S}/gu;

/** ASCII text, in which only the case and the space between words need folding. */
const ASCII = /^\p{ASCII}*$/u;
const NOT_ASCII_WORD = /[^a-z0-9]+/g;
const NOT_WORD = /[^\p{L}\p{N}\p{M}]+/gu;
const NOT_WORD_OR_SYMBOL = /[^\p{L}\p{N}\p{M}\p{S}]+/gu;

const UNSPACED =
  "[[\\p{L}\\p{N}]&&[\\p{scx=Hani}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]]";
const UNSPACED_RUNS = new RegExp(`(?:${UNSPACED}\\p{M}*)+`, "gv");
/** A quick check of code units: some belong to scripts without spaces, all others do not. */
const MAYBE_UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uffff]/;
const UNSPACED_END = new RegExp(`${UNSPACED}\\p{M}{0,8}$`, "v");
const UNSPACED_START = new RegExp(`^${UNSPACED}`, "v");
/** Length of a character of two code units with its marks. */
const END_LENGTH = 10;

const isInner = (before: string, after: string): boolean =>
  UNSPACED_END.test(before.slice(-END_LENGTH)) && UNSPACED_START.test(after);

/** Removes the spaces inside scripts that have none. */
const withoutInnerSpaces = (text: string): string =>
  MAYBE_UNSPACED.test(text)
    ? text.replace(/\s+/g, (space, at: number) =>
        isInner(text.slice(Math.max(0, at - END_LENGTH), at), text.slice(at + space.length, at + space.length + 2))
          ? ""
          : space,
      )
    : text;

/** Finds the stretches of a reading in scripts without spaces. */
export const unspacedIn = (words: string): Iterable<RegExpExecArray> =>
  MAYBE_UNSPACED.test(words) ? words.matchAll(UNSPACED_RUNS) : [];

/** Reads the words of a text in one spelling, each between single spaces; "" if it has none. */
export function readWords(text: string, spelling: Spelling): string {
  const parted = HAS_APOSTROPHE.test(text)
    ? text.replace(INNER_APOSTROPHES, spelling.isJoined ? "" : " ").replace(APOSTROPHES, " ")
    : text;
  const words =
    ASCII.test(parted) && !(spelling.hasSymbols && HAS_SYMBOL.test(parted))
      ? parted.toLowerCase().replace(NOT_ASCII_WORD, " ").trim()
      : readAnyScript(parted, spelling);
  return words === "" ? "" : ` ${words} `;
}

function readAnyScript(text: string, { isJoined, hasTwoLetters, hasSymbols }: Spelling): string {
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
  const words = spelt
    .replace(ACCENTS, "")
    .replace(UNSEEN, "")
    // Upper case first: only that turns ı into an i.
    .toUpperCase()
    .toLowerCase()
    .replace(SPELT_OTHERWISE, (letter) => SPELT[letter] ?? letter)
    .replace(ARABIC_DIGITS, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(APOSTROPHES, " ")
    .normalize("NFKC")
    .replace(PARTED_VOWELS, (_, point: string, tone: string) => tone + (point === "\u0e4d" ? "\u0e33" : "\u0eb3"));
  const joined = isJoined ? withoutInnerSpaces(words) : words;
  const symbols = hasSymbols ? joined.replace(SKIN_TONES, "").replace(SYMBOLS, " $& ") : joined;
  if (ASCII.test(symbols) && !hasSymbols) return symbols.replace(NOT_ASCII_WORD, " ").trim();
  const parted = MAYBE_UNSPACED.test(symbols) ? symbols.replace(UNSPACED_RUNS, " $& ") : symbols;
  return parted.replace(hasSymbols ? NOT_WORD_OR_SYMBOL : NOT_WORD, " ").trim();
}

const APART: Spelling = { isJoined: false, hasTwoLetters: false, hasSymbols: false };
const JOINED: Spelling = { isJoined: true, hasTwoLetters: true, hasSymbols: false };
const WITH_SYMBOLS: Spelling = { ...APART, hasSymbols: true };

/** Reads a text in all its readings: most texts have one, a text without words has none. */
export function readingsOf(text: string): string[] {
  const readings = new Set([readWords(text, APART)]);
  if (HAS_APOSTROPHE.test(text) || HAS_TWO_LETTERS.test(text) || withoutInnerSpaces(text) !== text) {
    readings.add(readWords(text, JOINED));
  }
  if (HAS_SYMBOL.test(text)) readings.add(readWords(text, WITH_SYMBOLS));
  readings.delete("");
  return [...readings];
}

/** Every spelling of a phrase, with its symbols; a text is read in few, since that takes time for each message. */
export const spellings: readonly Spelling[] = [false, true].flatMap((isJoined) =>
  [false, true].map((hasTwoLetters) => ({ isJoined, hasTwoLetters, hasSymbols: true })),
);

/** The separator between two words of one reading. */
export const separatorOf = (before: string, after: string, { isJoined }: Spelling): string =>
  isJoined && isInner(before, after) ? "" : " ";
