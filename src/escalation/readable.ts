/** All control characters but newline and tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A text as a person can read it: plain newlines, no control characters, no half of a character. */
export const readable = (text: string): string =>
  text
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(CONTROL, "")
    .toWellFormed()
    .trim();

export const oneLine = (text: string): string => readable(text).replace(/\s+/g, " ");
