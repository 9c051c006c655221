/** The type of what a customer sent, as platforms name it: `TEXT`, `IMAGE`, `INTERACTIVE_BUTTON_REPLY`, `image/png`. */

/** Typed, or chosen from what was offered: the words are all there is to it. */
const WORDS = /TEXT|BUTTON|REPLY|REPLIES|RESPONSE|POSTBACK|PICKER|SUGGESTION|SELECTION|CHOICE|INTERACTIVE/;
/** Its words say it all, but it is no chat text. */
const LETTERS = /E-?MAIL/;

export const isWordsType = (contentType: string): boolean => WORDS.test(contentType.toUpperCase());

/** Tells whether content is of a type that a rule names: `image/png` and `WHATSAPP_IMAGE` are an `IMAGE`, a `VOICE` is an `AUDIO`. */
export function isOfType(contentType: string, wanted: string): boolean {
  const [given, asked] = [contentType.toUpperCase(), wanted.toUpperCase()];
  const parts = given.split(/[^A-Z0-9]+/);
  return given === asked || parts.includes(asked) || (asked === "AUDIO" && parts.includes("VOICE"));
}

/** Renders a customer's message as a person reads it: `(image) my stolen card`. */
export function shownContent(text: string, contentType: string | undefined): string {
  if (contentType === undefined) return text === "" ? "(no text)" : text;
  const type = `(${contentType.toLowerCase().replaceAll("_", " ")})`;
  if (text === "") return type;
  return isWordsType(contentType) || LETTERS.test(contentType.toUpperCase()) ? text : `${type} ${text}`;
}
