/** Reads words in one pass over the characters, since a customer waits for the reading of a long message. */
import {
  createFolds,
  type Folds,
  IS_ONE,
  isLetterPart,
  KIND,
  KIND_MASK,
  KIND_SHIFT,
  type Kind,
  kindOf,
  LAST_UNIT,
  MAY_BE_MARK,
} from "./characters.ts";
import type { Spelling } from "./fold.ts";

/** Tables are made when the first text needs them. */
let [plain, twoLetters]: [Folds | null, Folds | null] = [null, null];
function foldsFor({ hasTwoLetters }: Spelling): Folds {
  if (hasTwoLetters) {
    twoLetters ??= createFolds(true);
    return twoLetters;
  }
  plain ??= createFolds(false);
  return plain;
}

const SPACE = 0x20;
/** Characters of one text that are folded anew. Folding them one by one costs more than reading the whole text. */
const MOST_LEARNT = 300;
const MOST_MARKS = 32;
/** The code units of a string, as they lie in memory. */
const decoder = new TextDecoder("utf-16le");

/** The words so far, with one space between them. One object for all functions: a reading makes no closures. */
interface Words {
  spelling: Spelling;
  units: Uint16Array;
  count: number;
  /** Kind of the last character. */
  last: Kind;
  /** White space came since the last character. */
  isSpaced: boolean;
  /** Anything else came that is no word. */
  isParted: boolean;
}

function write(words: Words, unit: number): void {
  if (words.count === words.units.length) {
    const larger = new Uint16Array(2 * words.units.length);
    larger.set(words.units);
    words.units = larger;
  }
  words.units[words.count] = unit;
  words.count += 1;
}

function put(words: Words, kind: Kind, isApart: boolean, unit: number, second: number): void {
  if (isApart && words.count > 0) write(words, SPACE);
  write(words, unit);
  if (second !== 0) write(words, second);
  words.last = kind;
  words.isSpaced = false;
  words.isParted = false;
}

/** Adds a folded character. Returns false if its place depends on others. */
function add(words: Words, kind: Kind, unit: number, second: number): boolean {
  const { last, isSpaced, isParted } = words;
  const { isJoined, hasSymbols } = words.spelling;
  switch (kind) {
    case KIND.letter:
      put(words, kind, isParted || isSpaced || last === KIND.unspaced, unit, second);
      return true;
    case KIND.space:
      words.isSpaced = true;
      return true;
    case KIND.other:
      words.isParted = true;
      return true;
    case KIND.unspaced: {
      const isInner = isJoined && last === KIND.unspaced;
      put(words, kind, isParted || (isSpaced && !isInner) || last === KIND.letter, unit, second);
      return true;
    }
    case KIND.mark: {
      const isFirst = isParted || isSpaced || words.count === 0;
      put(words, isFirst ? KIND.letter : last, isFirst, unit, second);
      return true;
    }
    case KIND.symbol:
      if (hasSymbols) put(words, kind, true, unit, second);
      words.isParted = true;
      return true;
    case KIND.skinTone:
      words.isParted ||= !hasSymbols;
      return !hasSymbols || !isJoined;
    case KIND.regional:
      words.isParted = true;
      return !hasSymbols;
  }
}

function addAll(words: Words, folded: string): boolean {
  for (let index = 0; index < folded.length; index += 1) {
    const point = folded.codePointAt(index) ?? 0;
    const unit = folded.charCodeAt(index);
    if (point > LAST_UNIT) index += 1;
    if (!add(words, kindOf(point), unit, point > LAST_UNIT ? folded.charCodeAt(index) : 0)) return false;
  }
  return true;
}

/** Returns the end of a character with its marks, or of Korean letters in a row. */
function endOfChar(text: string, at: number): number {
  let end = at + ((text.codePointAt(at) ?? 0) > LAST_UNIT ? 2 : 1);
  if (isLetterPart(text.charCodeAt(at))) while (isLetterPart(text.charCodeAt(end))) end += 1;
  while (end < text.length) {
    const next = text.codePointAt(end) ?? 0;
    if (kindOf(next) !== KIND.mark) break;
    end += next > LAST_UNIT ? 2 : 1;
  }
  return end;
}

/** Returns the words of a text with one space between them; null: only the whole text tells. */
export function readInOnePass(text: string, spelling: Spelling): string | null {
  const { units, learn, known, fold } = foldsFor(spelling);
  const { length } = text;
  const words: Words = {
    ...{ spelling, units: new Uint16Array(2 * length + 16), count: 0 },
    ...{ last: KIND.other, isSpaced: false, isParted: false },
  };
  let learnt = 0;
  let entry = length === 0 ? 0 : units[text.charCodeAt(0)] || learn(text.charCodeAt(0));
  for (let at = 0; at < length; ) {
    const nextUnit = at + 1 < length ? text.charCodeAt(at + 1) : SPACE;
    const next = units[nextUnit] || learn(nextUnit);
    if ((entry & IS_ONE) !== 0 && (next & MAY_BE_MARK) === 0) {
      // Its place depends on no other: half a flag and a skin tone have two units.
      add(words, ((entry >> KIND_SHIFT) & KIND_MASK) as Kind, entry & LAST_UNIT, 0);
      at += 1;
      entry = next;
      continue;
    }
    const end = endOfChar(text, at);
    if (end - at > MOST_MARKS) return null;
    const char = text.slice(at, end);
    let folded = known(char);
    if (folded === undefined) {
      learnt += 1;
      if (learnt > MOST_LEARNT) return null;
      folded = fold(char);
    }
    if (folded === null || !addAll(words, folded)) return null;
    at = end;
    if (at < length) entry = units[text.charCodeAt(at)] || learn(text.charCodeAt(at));
  }
  return decoder.decode(words.units.subarray(0, words.count));
}
