const SIGN = " …";

/**
 * At most `limit` UTF-16 units: cut at the last space, with a sign that it was cut. A word that fills more than half of
 * the limit is cut inside, never inside a surrogate pair: a script without spaces would lose everything.
 */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const room = Math.max(0, limit - SIGN.length);
  const space = text.slice(0, room + 1).search(/\s\S*$/);
  const end = space >= room / 2 ? space : room;
  const isInsidePair = /[\ud800-\udbff]$/.test(text.slice(0, end));
  return `${text.slice(0, isInsidePair ? end - 1 : end).trimEnd()}${SIGN}`.slice(0, limit);
}

/** At most `limit` UTF-16 units: a quarter of it the beginning, the rest the end, and between them how much is left out. */
export function cutMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const sign = (left: number): string => ` … (${left} characters left out) … `;
  const room = Math.max(0, limit - sign(text.length).length);
  const head = text.slice(0, Math.floor(room / 4)).replace(/[\ud800-\udbff]$/, "");
  const tail = text.slice(text.length - (room - head.length)).replace(/^[\udc00-\udfff]/, "");
  return `${head}${sign(text.length - head.length - tail.length)}${tail}`.slice(0, limit);
}
