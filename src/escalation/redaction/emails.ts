import type { Span } from "./span.ts";

const LOCAL = /[\p{L}\p{M}\p{N}.!#$%&'*+^_~-]/u;
const DOMAIN = /[\p{L}\p{M}\p{N}.-]+/uy;
/** A point, and what could be a top-level domain. */
const TOP_LEVEL = /\.(?:\p{L}[\p{L}\p{M}]+|xn--[\p{L}\p{N}-]+)$/u;

/** E-mail addresses. From each `@` to the left and right, so that no character is looked at more than twice. */
export function emailsIn(plain: string): Span[] {
  const spans: Span[] = [];
  for (let at = plain.indexOf("@"); at !== -1; at = plain.indexOf("@", at + 1)) {
    const start = localStart(plain, at, spans.at(-1)?.end ?? 0);
    const end = domainEnd(plain, at + 1);
    if (start < at && end !== null) spans.push({ start, end });
  }
  return spans;
}

function localStart(plain: string, at: number, from: number): number {
  let start = at;
  while (start > from && LOCAL.test(characterBefore(plain, start))) start -= characterBefore(plain, start).length;
  // A quote or a full stop before an address is not its own.
  while (start < at && /['.]/.test(plain.charAt(start))) start += 1;
  return start;
}

/** Both halves of a character that takes two positions. */
const characterBefore = (plain: string, end: number): string =>
  /[\udc00-\udfff]/.test(plain.charAt(end - 1)) ? plain.slice(end - 2, end) : plain.charAt(end - 1);

function domainEnd(plain: string, start: number): number | null {
  DOMAIN.lastIndex = start;
  const domain = DOMAIN.exec(plain)?.[0].replace(/(?<![.-])[.-]+$/, "") ?? "";
  return TOP_LEVEL.test(domain) ? start + domain.length : null;
}
