import type { Spelling } from "./fold.ts";
import { readWords, separatorOf, spellings } from "./readings.ts";

/**
 * A step of a pattern: these characters; `rest`: the rest of a word; `inside`: anywhere in a word; `gap`: up to three other
 * words.
 */
export type Step = { chars: string } | "rest" | "inside" | "gap";

/** Steps of a phrase in one spelling. The last may be `rest`, the first `inside`. */
export type Pattern = readonly Step[];

const GAP = /\.{3,}|…/g;
const STARS = /^(?<before>\**)(?<word>.*?)(?<after>\**)$/su;

interface Word {
  isOpenBefore: boolean;
  word: string;
  isOpenAfter: boolean;
}

/** Splits a phrase into its written words, one group between two gaps. */
function groupsOf(phrase: string): Word[][] {
  return phrase.split(GAP).map((group) =>
    group.split(/\s+/u).flatMap((written) => {
      const { before = "", word = "", after = "" } = STARS.exec(written)?.groups ?? {};
      return written === "" ? [] : [{ isOpenBefore: before !== "", word, isOpenAfter: after !== "" }];
    }),
  );
}

const AS_WRITTEN: Spelling = { isJoined: false, hasTwoLetters: false, hasSymbols: true };
const hasWords = (word: string): boolean => readWords(word, AS_WRITTEN) !== "";

/** Reason why a phrase can never be found, with the right shape; null: it can. */
export function phraseProblem(phrase: string): string | null {
  const groups = groupsOf(phrase);
  const words = groups.flat();
  const isLone = ({ isOpenBefore, word, isOpenAfter }: Word): boolean =>
    (isOpenBefore || isOpenAfter) && !hasWords(word);
  if (words.some((it) => it.word.includes("*") || isLone(it))) {
    return "has a '*' that is not at the beginning or the end of a word: write 'advis*' or '*berater*', and 'lost … card' for words between";
  }
  if (groups.length > 1 && groups.some((group) => !group.some(({ word }) => hasWords(word)))) {
    return "has a '…' that is not between two words: write 'lost … card', and 'card*' for the rest of a word";
  }
  return words.some(({ word }) => hasWords(word)) ? null : "must contain a letter, a digit or a symbol";
}

function patternOf(groups: readonly Word[][], spelling: Spelling): Pattern {
  const steps: Step[] = [];
  let chars = "";
  const push = (...more: Step[]): void => {
    if (chars !== "") steps.push({ chars });
    chars = "";
    steps.push(...more);
  };
  for (const [index, group] of groups.entries()) {
    if (index > 0) push("gap");
    let before: string | null = null;
    for (const { isOpenBefore, word, isOpenAfter } of group) {
      const read = readWords(word, spelling).trim();
      if (read === "") continue;
      if (before !== null) chars += separatorOf(before, read, spelling);
      if (isOpenBefore) push("inside");
      chars += read;
      if (isOpenAfter) push("rest");
      before = read;
    }
  }
  push();
  return steps;
}

/** Patterns of a phrase, one for each spelling; empty if it can never be found. */
export function patternsOf(phrase: string): Pattern[] {
  if (phraseProblem(phrase) !== null) return [];
  const groups = groupsOf(phrase);
  const patterns = spellings.map((spelling) => patternOf(groups, spelling));
  return [...new Map(patterns.map((pattern) => [JSON.stringify(pattern), pattern])).values()];
}
