/** Reads words by expressions over the whole text. `one-pass.ts` reads most texts faster, and the same. */
import { foldLetters, type Spelling } from "./fold.ts";
import { maybeUnspaced, UNSPACED_RUNS, withoutInnerSpaces } from "./unspaced.ts";

const SKIN_TONES = /[\u{1f3fb}-\u{1f3ff}]/gu;
/** A flag is a pair. */
const SYMBOLS = /\p{RI}{2}|\p{S}/gu;
const NOT_WORD = /[^\p{L}\p{N}\p{M}]+/gu;
const NOT_WORD_OR_SYMBOL = /[^\p{L}\p{N}\p{M}\p{S}]+/gu;

/** Returns the words of a text with one space between them. */
export function partWords(text: string, { isJoined, hasTwoLetters, hasSymbols }: Spelling): string {
  const folded = foldLetters(text, hasTwoLetters);
  const joined = isJoined ? withoutInnerSpaces(folded) : folded;
  const symbols = hasSymbols ? joined.replace(SKIN_TONES, "").replace(SYMBOLS, " $& ") : joined;
  const parted = maybeUnspaced(symbols) ? symbols.replace(UNSPACED_RUNS, " $& ") : symbols;
  return parted.replace(hasSymbols ? NOT_WORD_OR_SYMBOL : NOT_WORD, " ").trim();
}
