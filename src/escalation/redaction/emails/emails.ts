import { isDigit } from "../digits.ts";
import type { Span } from "../span.ts";
import { isLetter } from "../words/fold-word.ts";
import { isMailHost } from "./mail-hosts.ts";

const LOCAL_SIGNS = new Set([...".!#$%&'*+^_`~-"].map((sign) => sign.charCodeAt(0)));
/** RFC 5322 allows these too; web addresses also have them. */
const RARE = /[/=?{}|]/;
const DOMAIN_SIGNS = new Set([..."._-"].map((sign) => sign.charCodeAt(0)));
const BRACKET = 91;
/** Hosts that people leave unfinished. */
const PROVIDER = /^(?:gmail|hotmail|outlook|yahoo|icloud|protonmail)$/i;
/** A dot, and a possible top-level domain. */
const TOP_LEVEL = /\.(?:\p{L}[\p{L}\p{M}]+|xn--[\p{L}\p{N}-]+)$/u;
const GLUED_DIGITS = /(\.\p{L}{2,})\d[^.]*$/u;
const LITERAL = /\[(?:\d{1,3}\.){3}\d{1,3}\]/y;
const LONGEST_LOCAL = 64;
/** RFC 5321: a quoted local part may hold spaces. */
const QUOTED = /"[^"\n]{1,62}"$/;
const MAIL_WORD =
  /(?:e-?mail|mail|adress\p{L}*|address|correo|courriel|posta|pošta|mejl|imejl|sähköposti)\p{L}*[^\p{L}\n]{1,4}(?:(?:is|je|ist|es|est|è|é|jest|to)[ :]{1,2})?$/iu;

/** Finds e-mail addresses. Searches from each `@` to the left and right, so that it reads no character more than twice. */
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

/** Finds `ana @ gmail.com`, as phone keyboards write it; a purchase `@ shop.com` is no address. */
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

/** No word has a dot or a digit in it. */
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
  let basic = at;
  while (basic > from && isLocal(plain.charCodeAt(basic - 1))) basic -= 1;
  const start = RARE.test(plain.charAt(basic - 1)) ? rareStart(plain, at, basic, from) : basic;
  return withoutPunctuation(plain, start, at);
}

/** Takes in the rarer characters, unless they belong to a web address or name a field. */
function rareStart(plain: string, at: number, basic: number, from: number): number {
  let start = basic;
  while (
    start > from &&
    at - start < LONGEST_LOCAL &&
    (RARE.test(plain.charAt(start - 1)) || isLocal(plain.charCodeAt(start - 1)))
  ) {
    start -= 1;
  }
  const before = plain.slice(start, basic);
  const isWeb =
    plain.charAt(start - 1) === ":" || /^(?:www\.|\/)|\/.*\/|\..*\/|[?&].*=|^[\p{L}_-]*mail[\p{L}_-]*=/iu.test(before);
  return isWeb ? basic : start;
}

/** Letters, digits and signs; halves of letters beyond the first plane too. */
const isLocal = (code: number): boolean =>
  isLetter(code) || isDigit(code) || LOCAL_SIGNS.has(code) || (code >= 0xd800 && code < 0xe000);

/** Leaves out a quote, a bracket or a full stop before an address. */
function withoutPunctuation(plain: string, from: number, at: number): number {
  let start = from;
  while (start < at && /['`.=?/|]/.test(plain.charAt(start))) start += 1;
  return start;
}

function domainEnd(plain: string, start: number): number | null {
  const first = plain.charCodeAt(start);
  if (first === BRACKET) {
    LITERAL.lastIndex = start;
    return LITERAL.test(plain) ? LITERAL.lastIndex : null;
  }
  if (!isDomain(first)) return null;
  let end = start + 1;
  while (end < plain.length && isDomain(plain.charCodeAt(end))) end += 1;
  while (end > start && DOMAIN_SIGNS.has(plain.charCodeAt(end - 1))) end -= 1;
  const domain = plain.slice(start, end);
  if (!domain.includes(".")) return PROVIDER.test(domain) ? end : null;
  if (TOP_LEVEL.test(domain)) return start + domain.length;
  // Digits glued behind do not belong to it.
  const glued = GLUED_DIGITS.exec(domain);
  if (glued !== null) return start + glued.index + (glued[1]?.length ?? 0);
  return null;
}

const isDomain = (code: number): boolean =>
  isLetter(code) || isDigit(code) || DOMAIN_SIGNS.has(code) || (code >= 0xd800 && code < 0xe000);
