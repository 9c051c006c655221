import { type Group, runsOfDigits } from "./digits.ts";
import type { Span } from "./span.ts";

/** E.164: at most 15 digits, after the `00` where it is dialled. */
const LONGEST = 15;
const FEWEST = { international: 8, grouped: 9, bare: 10 };

/** How far before a number there may be something that says it is none. */
const LOOK_BACK = 12;
/** Digits right after letters and digits, after an upper-case code such as `ORD-`, or after `#`, are of an id. */
const ID_BEFORE = /(?:#|\d[A-Za-z]{1,8}|(?<![A-Za-z])(?!TEL|MOB|GSM|FAX|CELL|PHONE)[A-Z]{1,5}[-_]?)$/;
/** In a value that a bot set, any letters will do: `order-2026-11-0042`. */
const ID_BEFORE_IN_VALUE = /[A-Za-z#][-_]?$/;

const THOUSANDS = /^\d{1,3}(?:[ .]\d{3})+$/;
const THOUSANDS_AND_CENTS = /^\d{1,3}(?:[ .]\d{3})+\.\d\d$/;
const CURRENCY_BEFORE = /\p{Sc} ?$/u;
const CENTS_OR_CURRENCY_AFTER = /^(?:,\d\d(?!\d)| ?\p{Sc})/u;

/** Free text, or a value that a bot set: there a bare run of digits is the number of an order or a customer. */
export type Place = "text" | "value";

/**
 * Phone numbers: 8 to 15 digits after `+` or `00`, 9 to 15 in groups, or 10 to 15 in a row. Of groups that may be several
 * numbers, as many as fit are taken for the first. Not: prices, and numbers that continue an id.
 */
export function phonesIn(plain: string, place: Place): Span[] {
  return runsOfDigits(plain).flatMap((run) => phonesInRun(plain, run, place));
}

function phonesInRun(plain: string, run: readonly Group[], place: Place): Span[] {
  const spans: Span[] = [];
  for (let first = 0; first < run.length; ) {
    const next = afterId(plain, run, first, place);
    if (next > first) {
      first = next;
      continue;
    }
    const last = lastOfPhone(plain, run, first, place);
    if (last !== null && !isPrice(plain, run, first, last)) spans.push(spanOf(plain, run, first, last));
    first = (last ?? first) + 1;
  }
  return spans;
}

/** The index after the groups that continue an id begun before `first`, without a space between them. */
function afterId(plain: string, run: readonly Group[], first: number, place: Place): number {
  const start = run[first]?.start ?? 0;
  const before = plain.slice(Math.max(0, start - LOOK_BACK), start);
  if (!(place === "value" ? ID_BEFORE_IN_VALUE : ID_BEFORE).test(before)) return first;
  let next = first + 1;
  while (next < run.length && !plain.slice(run[next - 1]?.end, run[next]?.start).includes(" ")) next += 1;
  return next;
}

/** The index of the last group of the longest phone number that begins with the group `first`. */
function lastOfPhone(plain: string, run: readonly Group[], first: number, place: Place): number | null {
  const begin = run[first];
  if (begin === undefined) return null;
  const isPlus = plain.charAt(begin.start - 1) === "+";
  const prefix = !isPlus && begin.digits.startsWith("00") ? 2 : 0;
  let found: number | null = null;
  let count = -prefix;
  for (let index = first; index < run.length; index += 1) {
    count += run[index]?.digits.length ?? 0;
    if (count > LONGEST) break;
    const isBare = index === first && !isPlus;
    const isAllowed = !isBare || place === "text";
    if (isAllowed && count >= fewest(isPlus || prefix > 0, isBare)) found = index;
  }
  return found;
}

const fewest = (isInternational: boolean, isBare: boolean): number =>
  isInternational ? FEWEST.international : isBare ? FEWEST.bare : FEWEST.grouped;

function isPrice(plain: string, run: readonly Group[], first: number, last: number): boolean {
  const start = run[first]?.start ?? 0;
  const end = run[last]?.end ?? 0;
  const number = plain.slice(start, end);
  if (THOUSANDS_AND_CENTS.test(number)) return true;
  if (!THOUSANDS.test(number)) return false;
  return (
    CURRENCY_BEFORE.test(plain.slice(Math.max(0, start - 2), start)) ||
    CENTS_OR_CURRENCY_AFTER.test(plain.slice(end, end + 4))
  );
}

/** With its `+`, and with the parenthesis that opens before it. */
function spanOf(plain: string, run: readonly Group[], first: number, last: number): Span {
  const end = run[last]?.end ?? 0;
  let start = run[first]?.start ?? 0;
  if (plain.charAt(start - 1) === "+") start -= 1;
  if (plain.charAt(start - 1) === "(" && plain.slice(start, end).includes(")")) start -= 1;
  if (plain.charAt(start - 1) === "+") start -= 1;
  return { start, end };
}
