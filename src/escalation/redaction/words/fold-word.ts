const ASCII = /^[\0-\x7f]*$/;
const UNFOLDED: Readonly<Record<string, string>> = {
  ł: "l",
  đ: "d",
  ð: "d",
  ø: "o",
  æ: "ae",
  œ: "oe",
  ß: "ss",
  ı: "i",
};

/** A word in lower case without accents, as in the lists of words. */
export const foldWord = (word: string): string =>
  ASCII.test(word)
    ? word.toLowerCase()
    : word
        .toLowerCase()
        .normalize("NFD")
        .replace(/\p{M}/gu, "")
        .replace(/[łđðøæœßı]/g, (letter) => UNFOLDED[letter] ?? letter);

/** Letters of any script; not punctuation, signs or emoji. Positions of UTF-16. */
export const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 0xc0 &&
    code !== 0xd7 &&
    code !== 0xf7 &&
    !(code >= 0x2000 && code <= 0x303f) &&
    !(code >= 0xd800 && code < 0xf900));

/** Kinds of words as bits; `*` ends a stem. One lookup gives all kinds of a word. */
export interface WordKinds {
  of: (word: string) => number;
}

const SHORTEST_STEM = 2;

export function wordKinds(lists: readonly (readonly [bit: number, words: string])[]): WordKinds {
  const words = new Map<string, number>();
  const stems = new Map<string, number>();
  let longest = 0;
  for (const [bit, text] of lists) {
    for (const entry of text.trim().split(/\s+/)) {
      const isStem = entry.endsWith("*");
      const word = foldWord(isStem ? entry.slice(0, -1) : entry);
      const known = isStem ? stems : words;
      known.set(word, (known.get(word) ?? 0) | bit);
      if (isStem) longest = Math.max(longest, word.length);
    }
  }
  return {
    of: (word) => {
      let bits = words.get(word) ?? 0;
      for (let length = SHORTEST_STEM; length <= longest && length <= word.length; length += 1) {
        bits |= stems.get(word.slice(0, length)) ?? 0;
      }
      return bits;
    },
  };
}
