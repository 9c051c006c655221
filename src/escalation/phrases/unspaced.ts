/** Scripts without spaces between words: Chinese, Japanese, Thai, Lao, Khmer and Burmese. */

const UNSPACED =
  "[[\\p{L}\\p{N}]&&[\\p{scx=Hani}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]]";
export const UNSPACED_RUNS = new RegExp(`(?:${UNSPACED}\\p{M}*)+`, "gv");
/** A quick check of code units: some belong to scripts without spaces, all others do not. Emoji and Korean are among the others. */
const MAYBE_UNSPACED =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uabff\ud800-\ud83b\ud83f-\udbff\uf900-\ufaff\uff00-\uffff]/;
const UNSPACED_START = new RegExp(`^${UNSPACED}`, "v");
const UNSPACED_END = new RegExp(`${UNSPACED}\\p{M}{0,8}$`, "v");
/** Length of a character of two code units with its marks. */
const END_LENGTH = 10;

export const maybeUnspaced = (text: string): boolean => MAYBE_UNSPACED.test(text);

/** True if a text begins with a character of such a script. */
export const isUnspacedStart = (text: string): boolean => UNSPACED_START.test(text);

/** True if there is no place for a space between two texts. */
export const isInner = (before: string, after: string): boolean =>
  UNSPACED_END.test(before.slice(-END_LENGTH)) && UNSPACED_START.test(after);

/** Removes the spaces inside scripts that have none. */
export const withoutInnerSpaces = (text: string): string =>
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
