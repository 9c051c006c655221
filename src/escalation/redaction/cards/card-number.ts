/** Numbers that issuers use, by the first digits (ISO/IEC 7812) and their lengths. */
const issuers: readonly { prefix: RegExp; lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^(?:30[0-5]|3095|3[689])/, lengths: [14] },
  { prefix: /^35(?:2[89]|[3-8])/, lengths: [16] },
  { prefix: /^(?:6011|64[4-9]|65|60|63)/, lengths: [16, 19] },
  { prefix: /^(?:62|81)/, lengths: [16, 17, 18, 19] },
  { prefix: /^220[0-5]/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:50|5[6-8]|67|6304|82|9792)/, lengths: [16, 18, 19] },
];
/** Maestro's shorter numbers are hardly issued any more, and many order numbers look like them. */
const DEBIT = /^(?:50|5[6-9]|6)/;
const EAN = 13;

/** Certainty that a number of this form is a card: `old` forms need a word or groups beside them. */
export type CardForm = "current" | "old" | null;

/** Tells what a number of 12 to 19 digits is. */
export function cardForm(digits: string): CardForm {
  const { length } = digits;
  const isKnown = issuers.some(({ prefix, lengths }) => lengths.includes(length) && prefix.test(digits));
  if (!isKnown && !DEBIT.test(digits)) return null;
  if (!passesLuhn(digits)) return null;
  return isKnown && !(length === EAN && passesEan(digits)) ? "current" : "old";
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const weighted = index % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/** GS1: digits weighted 1 and 3 in turn, from the end. */
function passesEan(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    sum += (digits.charCodeAt(digits.length - 1 - index) - 48) * (index % 2 === 0 ? 1 : 3);
  }
  return sum % 10 === 0;
}
