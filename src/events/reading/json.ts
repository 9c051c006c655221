/** JSON whose numbers keep their digits. */

/** May hold a number that JavaScript would write with other digits: a long one, or one with a closing zero or an exponent. */
const MAY_LOSE_DIGITS = /[[:,]\s*-?(?:\d{16}|\d+\.\d*0\s*[,\]}]|\d+\.\d{15}|\d+(?:\.\d+)?[eE])/;

function withDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || source === undefined) return value;
  // Beyond the safe integers two numbers may be one, though this one is written as it came.
  const isSafe = !Number.isInteger(value) || Number.isSafeInteger(value);
  return isSafe && String(value) === source ? value : source;
}

/** Parses like `JSON.parse`, but keeps the text of numbers that would lose digits. */
export const parseJson = (text: string): unknown =>
  MAY_LOSE_DIGITS.test(text) ? JSON.parse(text, withDigits) : JSON.parse(text);
