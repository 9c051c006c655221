import { cut } from "./cut.ts";

/** Room for `(5/5) ` and two newlines before the token. */
const PART_ROOM = 8;

/** What a page can hold at least, when several of them end with the token. */
export const roomFor = (token: string, limit: number): number => limit - `[${token}]`.length - PART_ROOM;

/**
 * Blocks of text, one below the other, on as few pages as hold them, none longer than `limit`. A block is not divided; one
 * that no page holds is cut. Each page ends with its part, where there are several, and the token.
 */
export function pagesOf(blocks: readonly string[], token: string, limit: number): string[] {
  const whole = `${blocks.join("\n")}\n\n[${token}]`;
  if (whole.length <= limit) return [whole];
  const room = roomFor(token, limit);
  const pages: string[] = [];
  for (const block of blocks.map((it) => cut(it, room))) {
    const last = pages.at(-1);
    if (last !== undefined && last.length + 1 + block.length <= room) pages[pages.length - 1] = `${last}\n${block}`;
    else pages.push(block);
  }
  return pages.map((page, index) => `${page.trim()}\n\n(${index + 1}/${pages.length}) [${token}]`);
}
