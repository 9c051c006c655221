import { digitsOf, type Group, gapAfter, sizeOf } from "../digits.ts";
import type { Span } from "../span.ts";
import { labelBefore } from "../words/labels.ts";
import { cardForm } from "./card-number.ts";
import { cardHeadStart, cardTailEnd } from "./card-tail.ts";

const SHORTEST = 12;
const LONGEST = 19;
const USUAL = 15;
/** Card numbers as people print and type them, anywhere in a run, across lines too. */
const PRINTED = new Set(
  [
    [4, 4, 4, 4],
    [4, 4, 4, 4, 1],
    [4, 4, 4, 4, 2],
    [4, 4, 4, 4, 3],
    [4, 6, 5],
    [4, 6, 4],
    [4, 4, 4, 3],
    [4, 4, 4, 2],
    [4, 4, 4, 1],
    [4, 4, 4],
    [8, 8],
    [4, 12],
    [12, 4],
    [4, 4, 8],
    [8, 4, 4],
    [4, 8, 4],
    [6, 13],
    [6, 10],
    [6, 4, 6],
    [6, 6, 4],
  ].map((sizes) => sizes.reduce((key, size) => key * LONGEST + size, 0)),
);
const PRINTED_FIRST = new Set([4, 6, 8, 12]);
/** MMYY, or MMYY and a security code, typed right behind the number. */
const GLUED_EXPIRY = /^(?:0[1-9]|1[0-2])(?:2[4-9]|3\d|4[0-5])(?:\d{3,4})?$/;
/** USPS: parcel numbers, in groups like a card's but more of them. */
const PARCEL = /^9[1-5]\d{18,20}$/;

/** Free text, or a value that a bot set under a name: a card there must look printed. */
export type Place = "text" | "value";

interface Found {
  last: number;
  end: number;
}

/** Finds card numbers with their expiry and security code, in one piece or in groups with any separators. */
export function cardsIn(plain: string, runs: readonly Group[][], place: Place): Span[] {
  const spans: Span[] = [];
  for (const run of runs) {
    if (isTooShort(run) || isParcel(plain, run)) continue;
    for (let first = 0; first < run.length; first += 1) {
      const found = cardFrom(plain, run, first, place);
      if (found === null) continue;
      first = found.last;
      const start = cardHeadStart(plain, run[found.first]?.start ?? 0);
      const end = cardTailEnd(plain, found.end);
      spans.push({ start: Math.max(start, spans.at(-1)?.end ?? 0), end });
      while (first + 1 < run.length && (run[first + 1]?.start ?? 0) < end) first += 1;
    }
  }
  return spans;
}

function isTooShort(run: readonly Group[]): boolean {
  let count = 0;
  for (const group of run) {
    count += sizeOf(group);
    if (count >= SHORTEST) return false;
  }
  return true;
}

const isParcel = (plain: string, run: readonly Group[]): boolean =>
  run.length <= 6 && run.slice(0, -1).every((group) => sizeOf(group) === 4) && PARCEL.test(digitsOf(plain, run));

function cardFrom(
  plain: string,
  run: readonly Group[],
  first: number,
  place: Place,
): (Found & { first: number }) | null {
  const begin = run[first];
  if (begin === undefined || !mayBegin(plain.charCodeAt(begin.start))) return null;
  const size = sizeOf(begin);
  if (first > 0 && size < SHORTEST && !PRINTED_FIRST.has(size)) return null;
  const found = size >= SHORTEST ? bareCard(plain, begin, first) : null;
  const grouped = found ?? groupedCard(plain, run, first, place);
  return grouped === null ? null : { ...grouped, first };
}

/** No bank's number begins with 0, 1 or 7. */
const mayBegin = (code: number): boolean => code !== 48 && code !== 49 && code !== 55;

function bareCard(plain: string, group: Group, index: number): Found | null {
  const digits = plain.slice(group.start, group.end);
  if (digits.length > LONGEST) {
    const length = [16, 15, 14].find(
      (it) => cardForm(digits.slice(0, it)) === "current" && GLUED_EXPIRY.test(digits.slice(it)),
    );
    return length === undefined ? null : { last: index, end: group.end };
  }
  const form = cardForm(digits);
  if (form === null) return null;
  const label = labelBefore(plain, group.start);
  const isCard =
    form === "current" ? label !== "serial" && !(digits.length === 13 && label === "id") : label === "card";
  return isCard ? { last: index, end: group.end } : null;
}

/** Finds the card that begins with the group `first`. */
function groupedCard(plain: string, run: readonly Group[], first: number, place: Place): Found | null {
  let key = 0;
  let count = 0;
  let found: Found | null = null;
  for (let index = first, group = run[index]; group !== undefined; index += 1, group = run[index]) {
    const size = sizeOf(group);
    count += size;
    if (count > LONGEST) break;
    key = key * LONGEST + size;
    if (count < SHORTEST || index === first) continue;
    const isPrinted = PRINTED.has(key);
    const isWhole = first === 0 && index === run.length - 1;
    if (!isPrinted && !(isWhole && place === "text" && isOddlyTyped(plain, run))) continue;
    const form = cardForm(digitsOf(plain, run.slice(first, index + 1)));
    if (form === null) continue;
    const needsWord = form === "old" || !isPrinted;
    const label = labelBefore(plain, run[first]?.start ?? 0);
    if (label === "serial" || (needsWord && (label === "id" || (form === "old" && label !== "card")))) continue;
    found = { last: index, end: group.end };
    // Longer numbers are rare; the rest is more likely a security code.
    if (count >= USUAL) break;
  }
  return found;
}

/** True for groups that people type but nobody prints: by threes to fives, by pairs, digit by digit; on one line. */
function isOddlyTyped(plain: string, run: readonly Group[]): boolean {
  const sizes = run.map(sizeOf);
  if (run.some((_, index) => index < run.length - 1 && !/^[ .-]{1,3}$/.test(gapAfter(plain, run, index)))) return false;
  const [first = 0] = sizes;
  if (first <= 2 && sizes.every((size) => size === first)) return !isCounting(plain, run);
  const isThousands = sizes.every((size) => size === 3);
  return !isThousands && sizes.slice(0, -1).every((size) => size >= 3);
}

/** True for sizes, seats and years: each is a little more than the one before. */
export function isCounting(plain: string, groups: readonly Group[]): boolean {
  const numbers = groups.map(({ start, end }) => Number(plain.slice(start, end)));
  return numbers.every((number, index) => {
    const step = number - (numbers[index - 1] ?? number - 1);
    return step > 0 && step <= 10;
  });
}
