/** All control characters but newline and tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Marks that reverse the writing direction: `exe.gpj` reads `jpg.exe` behind one. Isolates and overrides are removed everywhere.
 * Marks of Arabic and Hebrew keyboards (U+200E, U+200F, U+061C) reverse no letters, and stay in running text.
 */
const BIDI = /[\u202a-\u202e\u2066-\u206f]/g;
const BIDI_MARKS = /[\u200e\u200f\u061c]/g;

/** Makes a text readable for people: plain newlines, no control or bidi characters, no half of a character. */
export const sanitize = (text: string): string =>
  text
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(CONTROL, "")
    .replace(BIDI, "")
    .toWellFormed()
    .trim();

export const oneLine = (text: string): string => sanitize(text).replace(BIDI_MARKS, "").replace(/\s+/g, " ").trim();
