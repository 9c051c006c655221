const SIGN = " …";

/**
 * Cuts a text to `limit` UTF-16 units at the last space, with a sign that it was cut. A word that fills more than half of
 * the limit is cut inside, never inside a surrogate pair: a script without spaces would lose everything.
 */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const room = Math.max(0, limit - SIGN.length);
  const space = text.slice(0, room + 1).search(/\s\S*$/);
  const end = space >= room / 2 ? space : room;
  const isInsidePair = /[\ud800-\udbff]$/.test(text.slice(0, end));
  return `${text.slice(0, isInsidePair ? end - 1 : end).trimEnd()}${SIGN}`.slice(0, limit);
}

const signOf = (left: number): string => ` … (${left} characters left out) … `;
const SIGNED = / … \((\d+) characters left out\) … /;

/**
 * Finds the middle to leave out of a text of at most `limit` UTF-16 units: a quarter of the limit is its beginning, the rest its
 * end.
 */
export function middleOf(text: string, limit: number): { start: number; end: number } {
  const room = Math.max(0, limit - signOf(text.length).length);
  const start = text.slice(0, Math.floor(room / 4)).replace(/[\ud800-\udbff]$/, "").length;
  const end = text.length - (room - start);
  return { start, end: /^[\udc00-\udfff]/.test(text.slice(end, end + 1)) ? end + 1 : end };
}

/** Replaces the middle of a text; counts what an earlier cut left out of it too. */
export function signOfMiddle(text: string, { start, end }: { start: number; end: number }): string {
  const sign = SIGNED.exec(text.slice(start, end));
  return signOf(end - start + (sign === null ? 0 : Number(sign[1]) - sign[0].length));
}

/** Cuts a text to `limit` UTF-16 units: the beginning, how much is left out, and the end. */
export function truncateMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const middle = middleOf(text, limit);
  return `${text.slice(0, middle.start)}${signOfMiddle(text, middle)}${text.slice(middle.end)}`.slice(0, limit);
}
