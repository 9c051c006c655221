import type { Span } from "../span.ts";
import { isLetter } from "../words/folded.ts";
import { isMailHost } from "./mail-hosts.ts";

const LOCAL = /[\p{L}\p{M}\p{N}.!#$%&'*+^_`~-]/u;
/** RFC 5322 has these too; so have web addresses. */
const RARE = /[/=?{}|]/;
const DOMAIN = /[\p{L}\p{M}\p{N}._-]+/uy;
/** A point, and what could be a top-level domain. */
const TOP_LEVEL = /\.(?:\p{L}[\p{L}\p{M}]+|xn--[\p{L}\p{N}-]+)$/u;
const GLUED_DIGITS = /(\.\p{L}{2,})\d[^.]*$/u;
const LITERAL = /\[(?:\d{1,3}\.){3}\d{1,3}\]/y;
const LONGEST_LOCAL = 64;
/** RFC 5321: a quoted local part may hold spaces. */
const QUOTED = /"[^"\n]{1,62}"$/;
const MAIL_WORD =
  /(?:e-?mail|mail|adress\p{L}*|address|correo|courriel|posta|pošta|mejl|imejl|sähköposti)\p{L}*[^\p{L}\n]{1,4}(?:(?:is|je|ist|es|est|è|é|jest|to)[ :]{1,2})?$/iu;

/** E-mail addresses. From each `@` to the left and right, so that no character is looked at more than twice. */
export function emailsIn(plain: string): Span[] {
  const spans: Span[] = [];
  for (let at = plain.indexOf("@"); at !== -1; at = plain.indexOf("@", at + 1)) {
    const from = spans.at(-1)?.end ?? 0;
    const found = tightAddress(plain, at, from) ?? spacedAddress(plain, at, from);
    if (found !== null) spans.push(found);
  }
  return spans;
}

function tightAddress(plain: string, at: number, from: number): Span | null {
  const start = localStart(plain, at, from);
  if (start >= at) return null;
  const end = domainEnd(plain, at + 1);
  return end === null ? null : { start, end };
}

/** `ana @ gmail.com`, as keyboards of phones write it; but what one bought `@ shop.com` is no address. */
function spacedAddress(plain: string, at: number, from: number): Span | null {
  let left = at;
  while (left > from && at - left < 2 && plain.charAt(left - 1) === " ") left -= 1;
  let right = at + 1;
  while (right - at <= 2 && plain.charAt(right) === " ") right += 1;
  if (left === at && right === at + 1) return null;
  const start = localStart(plain, left, from);
  const end = domainEnd(plain, right);
  if (start >= left || end === null) return null;
  const isSure =
    isMailHost(plain.slice(right, end)) ||
    (left === at && right > at + 1) ||
    looksLikeLocal(plain.slice(start, left)) ||
    hasMailWordBefore(plain, start);
  return isSure ? { start, end } : null;
}

/** Nobody's word has a dot or a digit in it. */
export const looksLikeLocal = (local: string): boolean => /\p{L}.*[._\d]|\d.*\p{L}/u.test(local);

export const hasMailWordBefore = (plain: string, start: number): boolean =>
  MAIL_WORD.test(plain.slice(Math.max(0, start - 40), start));

function localStart(plain: string, at: number, from: number): number {
  if (plain.charAt(at - 1) === '"') {
    const begin = Math.max(from, at - LONGEST_LOCAL);
    const quoted = QUOTED.exec(plain.slice(begin, at));
    return quoted === null ? at : begin + quoted.index;
  }
  // `/@name` is a path of the web.
  if (plain.charAt(at - 1) === "/") return at;
  const basic = backOver(plain, at, from, LOCAL);
  const start = RARE.test(plain.charAt(basic - 1)) ? rareStart(plain, at, basic, from) : basic;
  return withoutPunctuation(plain, start, at);
}

/** With the rarer characters, unless they are of a web address or name a field. */
function rareStart(plain: string, at: number, basic: number, from: number): number {
  let start = basic;
  while (
    start > from &&
    at - start < LONGEST_LOCAL &&
    (RARE.test(plain.charAt(start - 1)) || LOCAL.test(characterBefore(plain, start)))
  ) {
    start -= characterBefore(plain, start).length;
  }
  const before = plain.slice(start, basic);
  const isWeb =
    plain.charAt(start - 1) === ":" || /^(?:www\.|\/)|\/.*\/|\..*\/|[?&].*=|^[\p{L}_-]*mail[\p{L}_-]*=/iu.test(before);
  return isWeb ? basic : start;
}

function backOver(plain: string, at: number, from: number, allowed: RegExp): number {
  let start = at;
  while (start > from && allowed.test(characterBefore(plain, start))) start -= characterBefore(plain, start).length;
  return start;
}

/** A quote, a bracket or a full stop before an address is not its own. */
function withoutPunctuation(plain: string, from: number, at: number): number {
  let start = from;
  while (start < at && /['`.=?/|]/.test(plain.charAt(start))) start += 1;
  return start;
}

/** Both halves of a character that takes two positions. */
const characterBefore = (plain: string, end: number): string =>
  /[\udc00-\udfff]/.test(plain.charAt(end - 1)) ? plain.slice(end - 2, end) : plain.charAt(end - 1);

function domainEnd(plain: string, start: number): number | null {
  LITERAL.lastIndex = start;
  if (LITERAL.test(plain)) return LITERAL.lastIndex;
  if (!isLetter(plain.charCodeAt(start)) && !/[\p{N}_\ud800-\udbff]/u.test(plain.charAt(start))) return null;
  DOMAIN.lastIndex = start;
  const domain = DOMAIN.exec(plain)?.[0].replace(/(?<![._-])[._-]+$/, "") ?? "";
  if (TOP_LEVEL.test(domain)) return start + domain.length;
  // Digits glued behind are not its own.
  const glued = GLUED_DIGITS.exec(domain);
  if (glued !== null) return start + glued.index + (glued[1]?.length ?? 0);
  return /^(?:gmail|hotmail|outlook|yahoo|icloud|protonmail)$/i.test(domain) ? start + domain.length : null;
}
