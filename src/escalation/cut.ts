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
