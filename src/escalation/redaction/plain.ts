/** Whatever a person may have typed instead of a plain digit, space, dash or e-mail sign. */
const UNUSUAL = /[[\p{Nd}\p{Zs}\p{Pd}\p{Cf}\p{Cc}\u2212\uff01-\uff5e]--[0-9 \-\n]]/gv;
const DIGIT = /\p{Nd}/u;
const DASH = /[\p{Pd}\u2212]/u;
const FULLWIDTH = { first: 0xff01, last: 0xff5e, offset: 0xfee0 };

/**
 * The text with digits of any script, full-width forms, unusual spaces, dashes and invisible characters as plain ASCII,
 * position by position: what is found in it stands at the same place in the text. Lines stay lines.
 */
export const plainly = (text: string): string => text.replace(UNUSUAL, plainCharacter);

function plainCharacter(character: string): string {
  // One from beyond the first plane takes two positions.
  if (character.length > 1) return character;
  const code = character.charCodeAt(0);
  if (code >= FULLWIDTH.first && code <= FULLWIDTH.last) return String.fromCharCode(code - FULLWIDTH.offset);
  if (DIGIT.test(character)) return String(digitValue(code));
  return DASH.test(character) ? "-" : " ";
}

/** Unicode encodes the ten digits of a script in a row, from zero. */
function digitValue(code: number): number {
  let value = 0;
  while (value < 9 && DIGIT.test(String.fromCharCode(code - value - 1))) value += 1;
  return value;
}
