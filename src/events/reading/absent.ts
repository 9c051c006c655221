/** Values that stand for "nothing" in a body: the ways in which clients and builders of flows say so. */

const NOTHING = new Set(["", "null", "(null)", "<null>", "undefined", "n/a", "#n/a", "[object object]", "-", "--"]);
/** Python and JavaScript write these; in lower case both are words that somebody may mean. */
const NOTHING_AS_WRITTEN = new Set(["None", "NaN"]);
/** A placeholder that nobody filled: `{{x}}`, `{{{x}}}`, `${x}`, `#{x}`, `@{x}`, `<% x %>`. */
const UNFILLED = /^(?:\{\{[^{}]*\}\}|\{\{\{[^{}]*\}\}\}|[$#@]\{[^{}]*\}|<%[^%]*%>)$/;
/** Beginnings of the above: they rule out nearly every value. */
const MAY_BE_NOTHING = /^(?:$|[\s\ufeff\-(<#[{$@nNuU])/;
/** Longer than any of the above is worth looking at. */
const LONGEST = 100;

const isUnfilledText = (text: string): boolean => /^[{$#@<]/.test(text) && UNFILLED.test(text);

/** Tells whether an optional field says nothing. Never ask it of a customer's words. */
export function isAbsent(value: unknown): boolean {
  if (typeof value !== "string") return value === null || value === undefined;
  if (!MAY_BE_NOTHING.test(value)) return false;
  if (value.length > LONGEST) return value.trim() === "";
  const text = value.trim();
  return NOTHING.has(text.toLowerCase()) || NOTHING_AS_WRITTEN.has(text) || isUnfilledText(text);
}

/** Does the same for a name, an id or an address: there "none" is absent, too. */
export const isAbsentLabel = (value: unknown): boolean =>
  isAbsent(value) ||
  (typeof value === "string" && MAY_BE_NOTHING.test(value) && /^\s*(?:none|nil|nan)\s*$/i.test(value));

/** Tells whether a customer's words are none. A customer may write "null", so only an unfilled placeholder counts. */
export const isUnwritten = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === "string" && isUnfilledText(value.trim()));

/** Tells whether a text holds an unfilled placeholder, or the remains of one: as an id it would be everybody's. */
export const hasPlaceholder = (text: string): boolean =>
  /\{\{[^{}]*\}\}|\$\{[^{}]*\}|\{[a-z_][\w.]*\}|\[object object\]/i.test(text);
