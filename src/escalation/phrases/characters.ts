/** Kinds of single characters, and what they fold to. Remembered: a message has thousands of characters, and few different ones. */
import { foldLetters, isGrowing } from "./fold.ts";
import { isUnspacedStart } from "./unspaced.ts";

/** Kinds of folded characters. */
export const KIND = {
  space: 1,
  other: 2,
  letter: 3,
  /** A letter of a script without spaces. */
  unspaced: 4,
  mark: 5,
  symbol: 6,
  skinTone: 7,
  /** Half of a flag. */
  regional: 8,
} as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/[\p{L}\p{N}]/u, KIND.letter],
  [/\p{M}/u, KIND.mark],
  [/[\u{1f3fb}-\u{1f3ff}]/u, KIND.skinTone],
  [/\p{RI}/u, KIND.regional],
  [/\p{S}/u, KIND.symbol],
  [/\s/, KIND.space],
];
const findKind = (char: string): Kind =>
  isUnspacedStart(char) ? KIND.unspaced : (KINDS.find(([pattern]) => pattern.test(char))?.[1] ?? KIND.other);

export const LAST_UNIT = 0xffff;
const UNITS = LAST_UNIT + 1;
const kindsOfUnits = new Uint8Array(UNITS);
const kindsOfPoints = new Map<number, Kind>();

export function kindOf(point: number): Kind {
  const known = point < UNITS ? kindsOfUnits[point] : kindsOfPoints.get(point);
  if (known !== undefined && known !== 0) return known as Kind;
  const kind = findKind(String.fromCodePoint(point));
  if (point < UNITS) kindsOfUnits[point] = kind;
  else kindsOfPoints.set(point, kind);
  return kind;
}

/** Such a mark is half of a vowel, which may go on in the next character. */
const PART_OF_VOWEL = /[\u0e4d\u0ecd]/;
const LETTER_PARTS = /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/;
const SYLLABLE = /^[\uac00-\ud7a3]/;
/** Letters of keyboards, as in ㅋㅋ: those in a row form syllables, of which none ends the syllable before them. */
const LETTERS_IN_A_ROW = /^[\u3131-\u318e]+$/;
const ENDS_SYLLABLE = /[\u11a8-\u11ff]/;
export const isLetterPart = (unit: number): boolean => unit >= 0x3131 && unit <= 0x318e;
const isRow = (char: string, apart: string): boolean => LETTERS_IN_A_ROW.test(char) && !ENDS_SYLLABLE.test(apart);
const STARTS_WITH_MARK = /^\p{M}/u;
/** Thai and Lao vowels of two parts, of which neither joins its neighbours. */
const WHOLE_VOWEL = /^[\u0e33\u0eb3]/;
/** Half of a character. */
const LONE_SURROGATE = /^[\ud800-\udfff](?![\udc00-\udfff])/;

/** True if a character with its marks may fold otherwise beside others: they form one character with the one before. */
const dependsOnOthers = (char: string): boolean => {
  const apart = char.normalize("NFKD");
  return (
    PART_OF_VOWEL.test(char) ||
    LONE_SURROGATE.test(char) ||
    (LETTER_PARTS.test(apart) && !SYLLABLE.test(char) && !isRow(char, apart)) ||
    (STARTS_WITH_MARK.test(apart) && !STARTS_WITH_MARK.test(char) && !WHOLE_VOWEL.test(char)) ||
    isGrowing(char)
  );
};

/** An entry holds what a code unit folds to, its kind, and these flags. */
export const KIND_SHIFT = 16;
export const KIND_MASK = 0xf;
/** It folds to one code unit, whatever is beside it, unless a mark follows. */
export const IS_ONE = 0x10_0000;
/** It is a mark, or the first half of what may be one. */
export const MAY_BE_MARK = 0x20_0000;
const IS_KNOWN = 0x40_0000;

const HIGH_SURROGATE = /[\ud800-\udbff]/;
/** Texts that were written to have many different ones must not fill the memory. */
const MOST_REMEMBERED = 10_000;

export interface Folds {
  /** Entries of code units; 0: not asked yet. */
  units: Uint32Array;
  learn(unit: number): number;
  /** The folded form of a character with its marks; null: it depends on the ones beside it. Undefined: not asked yet. */
  known(char: string): string | null | undefined;
  /** The same, where it was not asked yet. */
  fold(char: string): string | null;
}

export function createFolds(hasTwoLetters: boolean): Folds {
  const units = new Uint32Array(UNITS);
  const chars = new Map<string, string | null>();
  const fold = (char: string): string | null => {
    const folded = dependsOnOthers(char) ? null : foldLetters(char, hasTwoLetters);
    if (chars.size >= MOST_REMEMBERED) chars.clear();
    chars.set(char, folded);
    return folded;
  };
  return {
    units,
    learn(unit) {
      const char = String.fromCharCode(unit);
      const folded = fold(char);
      const one = folded?.length === 1 && !isLetterPart(unit) ? folded.charCodeAt(0) : null;
      const isMark = kindOf(unit) === KIND.mark || HIGH_SURROGATE.test(char);
      const entry =
        IS_KNOWN | (isMark ? MAY_BE_MARK : 0) | (one === null ? 0 : IS_ONE | (kindOf(one) << KIND_SHIFT) | one);
      units[unit] = entry;
      return entry;
    },
    known: (char) => chars.get(char),
    fold,
  };
}
