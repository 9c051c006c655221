/** ITU-T E.164: calling codes, with the lengths of national numbers behind the commonest. */
const nationalLengths: Readonly<Record<string, readonly [number, number]>> = {
  1: [10, 10],
  7: [10, 10],
  20: [8, 10],
  27: [9, 9],
  30: [10, 10],
  31: [9, 9],
  32: [8, 9],
  33: [9, 9],
  34: [9, 9],
  36: [8, 9],
  39: [8, 11],
  40: [9, 9],
  41: [9, 9],
  43: [7, 12],
  44: [9, 10],
  45: [8, 8],
  46: [7, 9],
  47: [8, 8],
  48: [9, 9],
  49: [7, 12],
  51: [8, 9],
  52: [10, 11],
  54: [10, 11],
  55: [10, 11],
  56: [9, 9],
  57: [10, 10],
  60: [8, 10],
  61: [9, 9],
  62: [8, 12],
  63: [8, 10],
  64: [8, 10],
  65: [8, 8],
  66: [8, 9],
  81: [9, 10],
  82: [8, 10],
  84: [9, 10],
  86: [9, 11],
  90: [10, 10],
  91: [10, 10],
  92: [9, 10],
  94: [9, 9],
  98: [10, 10],
  212: [9, 9],
  234: [8, 10],
  254: [9, 9],
  351: [9, 9],
  352: [6, 11],
  353: [7, 9],
  354: [7, 7],
  355: [8, 9],
  356: [8, 8],
  357: [8, 8],
  358: [6, 11],
  359: [7, 9],
  370: [8, 8],
  371: [8, 8],
  372: [7, 8],
  380: [9, 9],
  381: [8, 9],
  382: [8, 8],
  383: [8, 8],
  385: [8, 9],
  386: [8, 8],
  387: [8, 8],
  389: [8, 8],
  420: [9, 9],
  421: [9, 9],
  852: [8, 8],
  886: [8, 9],
  966: [8, 9],
  971: [8, 9],
  972: [8, 9],
};
const E164_MAX = 15;

export interface CallingCode {
  code: string;
  /** Digits of the national number. */
  min: number;
  max: number;
}

/** The calling code at the beginning of `digits`; null: none that is known. */
export function callingCodeOf(digits: string): CallingCode | null {
  for (let length = 1; length <= 3; length += 1) {
    const code = digits.slice(0, length);
    const lengths = nationalLengths[code];
    if (lengths !== undefined) return { code, min: lengths[0], max: lengths[1] };
  }
  return null;
}

/** A number behind `+` has at most so many digits (E.164). */
export const longestInternational = (digits: string): number => {
  const known = callingCodeOf(digits);
  return known === null ? E164_MAX : known.code.length + known.max;
};
