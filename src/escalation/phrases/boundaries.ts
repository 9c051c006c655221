import { unspacedIn } from "./unspaced.ts";

/** Starts and ends of the words of a reading. Positions lie before the character of that index. */
export interface Boundaries {
  /** The next position at which a word may start; in scripts without spaces every position. */
  nextMaybeStart(position: number): number;
  isStart(position: number): boolean;
  isEnd(position: number): boolean;
  /** The end of the word at a position. */
  endOfWord(position: number): number;
  /** The start of the next word after the end of one; null at the end of the reading. */
  nextStart(end: number): number | null;
}

const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/** Endings that form one word with the word before: 日本人, 担当者, 店员. The segmenter often splits them. */
const SUFFIXES = new Set("人者員员们們");
const HAN_OR_KANA = /[\p{scx=Hani}\p{scx=Kana}]/v;
/** Words that the segmenter splits, and that mean something else than their first half. */
const COMPOUNDS: readonly (readonly [string, string])[] = [
  ["人工", "智能"],
  ["人工", "智慧"],
  ["人工", "知能"],
  ["人工", "成本"],
  ["人工", "费"],
  ["人工", "費"],
  ["人工", "衛星"],
  ["人工", "卫星"],
  ["真人", "秀"],
  ["真人", "版"],
];

export function boundariesOf(words: string): Boundaries {
  const unspaced = flagsOf(words);
  const segments = unspaced === null ? null : segmenter.segment(words);
  // Caches the last word, since a long one is asked for its end at each character.
  let last = { start: 0, end: 0 };

  const isUnspaced = (position: number): boolean => unspaced?.[position] === 1;
  const isBoundary = (position: number): boolean => {
    const segment = segments?.containing(position);
    if (segment === undefined || segment.index !== position) return false;
    if (SUFFIXES.has(segment.segment) && HAN_OR_KANA.test(words[position - 1] ?? "")) return false;
    return !COMPOUNDS.some(([first, second]) => words.endsWith(first, position) && words.startsWith(second, position));
  };
  const unspacedEnd = (position: number): number => {
    let end = position;
    do {
      const segment = segments?.containing(end);
      end = segment === undefined ? words.length : segment.index + segment.segment.length;
    } while (isUnspaced(end) && !isBoundary(end));
    return end;
  };
  const endOfWord = (position: number): number => {
    if (position < last.start || position >= last.end) {
      last = { start: position, end: isUnspaced(position) ? unspacedEnd(position) : words.indexOf(" ", position) };
    }
    return last.end;
  };
  return {
    nextMaybeStart: (position) => (isUnspaced(position) ? position + 1 : words.indexOf(" ", position) + 1),
    isStart: (position) => words[position - 1] === " " || (isUnspaced(position) && isBoundary(position)),
    isEnd: (position) => words[position] === " " || (isUnspaced(position - 1) && isBoundary(position)),
    endOfWord,
    nextStart(end) {
      const start = words[end] === " " ? end + 1 : end;
      return start < words.length ? start : null;
    },
  };
}

/** Flags each character of a script without spaces; null: the text has none. */
function flagsOf(words: string): Uint8Array | null {
  let flags: Uint8Array | null = null;
  for (const { index, 0: run } of unspacedIn(words)) {
    flags ??= new Uint8Array(words.length);
    flags.fill(1, index, index + run.length);
  }
  return flags;
}
