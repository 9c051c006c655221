/**
 * Reads a text as words: lower case, without accents, in any script, with one space before and after each. Scripts without spaces
 * keep their characters together. Some words have two spellings, so a text may have more readings.
 */
import { APOSTROPHE, APOSTROPHES, HAS_TWO_LETTERS, type Spelling } from "./fold.ts";
import { readInOnePass } from "./one-pass.ts";
import { partWords } from "./part-words.ts";
import { hasInnerSpaces, hasSymbol, isAscii } from "./text-signs.ts";
import { isInner } from "./unspaced.ts";

const HAS_APOSTROPHE = new RegExp(`[${APOSTROPHE}]`);
const INNER_APOSTROPHES = new RegExp(`(?<=\\p{L}\\p{M}{0,8})[${APOSTROPHE}](?=\\p{L})`, "gu");

const NOT_ASCII_WORD = /[^a-z0-9]+/g;

/** Reads the words of a text in one spelling, each between single spaces; "" if it has none. */
export function readWords(text: string, spelling: Spelling): string {
  const parted = HAS_APOSTROPHE.test(text)
    ? text.replace(INNER_APOSTROPHES, spelling.isJoined ? "" : " ").replace(APOSTROPHES, " ")
    : text;
  const words =
    isAscii(parted) && !(spelling.hasSymbols && hasSymbol(parted))
      ? parted.toLowerCase().replace(NOT_ASCII_WORD, " ").trim()
      : (readInOnePass(parted, spelling) ?? partWords(parted, spelling));
  return words === "" ? "" : ` ${words} `;
}

const APART: Spelling = { isJoined: false, hasTwoLetters: false, hasSymbols: false };
const JOINED: Spelling = { isJoined: true, hasTwoLetters: true, hasSymbols: false };
const WITH_SYMBOLS: Spelling = { ...APART, hasSymbols: true };

/** Reads a text in all its readings: most texts have one, a text without words has none. */
export function readingsOf(text: string): string[] {
  const readings = new Set([readWords(text, APART)]);
  if (HAS_APOSTROPHE.test(text) || HAS_TWO_LETTERS.test(text) || hasInnerSpaces(text)) {
    readings.add(readWords(text, JOINED));
  }
  if (hasSymbol(text)) readings.add(readWords(text, WITH_SYMBOLS));
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
