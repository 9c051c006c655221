/** Room for `(5/5) ` and two newlines before the token. */
const PART_ROOM = 8;
/** Continuations on the next page are indented, so that no customer's words look like a line of the note. */
const INDENT = "    ";
/** A block that is split begins on a page with this share of its room left; else on the next. */
const WORTH_BEGINNING = 1 / 4;

/** Least room of a page, when several pages end with the token. */
export const roomFor = (token: string, limit: number): number => limit - `[${token}]`.length - PART_ROOM;

/** Finds the place to split a text, at most `room` characters in: after a line, a word, or a whole character. */
function breakOf(text: string, room: number): number {
  const head = text.slice(0, room + 1);
  const line = head.lastIndexOf("\n");
  if (line >= room / 2) return line;
  const space = head.search(/\s\S*$/);
  if (space >= room / 2) return space;
  return /[\ud800-\udbff]$/.test(text.slice(0, room)) ? room - 1 : room;
}

/** Splits blocks over pages of `room`: a block stays whole if a page can hold it. */
function divided(blocks: readonly string[], room: number): string[] {
  const pages: string[] = [];
  for (const block of blocks) {
    const last = pages.at(-1);
    const left = last === undefined ? room : room - last.length - 1;
    if (last !== undefined && block.length <= left) {
      pages[pages.length - 1] = `${last}\n${block}`;
      continue;
    }
    let rest = block;
    if (last !== undefined && block.length > room && left >= room * WORTH_BEGINNING) {
      const end = breakOf(rest, left);
      pages[pages.length - 1] = `${last}\n${rest.slice(0, end)}`;
      rest = `${INDENT}${rest.slice(end).trimStart()}`;
    }
    while (rest.length > room) {
      const end = breakOf(rest, room);
      pages.push(rest.slice(0, end));
      rest = `${INDENT}${rest.slice(end).trimStart()}`;
    }
    if (rest.trim() !== "" || block === "") pages.push(rest);
  }
  return pages;
}

/**
 * Puts blocks of text below each other on as few pages as possible, none longer than `limit`. A block that no page holds
 * continues on the next. Each page ends with its part, if there are several, and the token.
 */
export function pagesOf(blocks: readonly string[], token: string, limit: number): string[] {
  const whole = `${blocks.join("\n").trimEnd()}\n\n[${token}]`;
  if (whole.length <= limit) return [whole];
  const pages = divided(blocks, roomFor(token, limit))
    .map((page) => page.replace(/^\n+/, "").trimEnd())
    .filter((page) => page !== "");
  return pages.map((page, index) => `${page}\n\n(${index + 1}/${pages.length}) [${token}]`);
}
