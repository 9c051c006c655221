import { isCounting } from "../cards/cards.ts";
import { digitsOf, type Group, gapAfter, sizeOf } from "../digits.ts";
import type { Span } from "../span.ts";
import { isAmountAfter, isAmountBefore } from "../words/amounts.ts";
import { type Label, labelAfter, labelBefore } from "../words/labels.ts";
import { callingCodeOf } from "./calling-codes.ts";
import { internationalEnd, trunkEnd } from "./dialled.ts";
import { hasPhoneForm } from "./forms.ts";
import { isGapAfter, isWideAfter } from "./gaps.ts";
import { isNationalNumber, type PhoneCountry } from "./national-numbers.ts";
import { continuesId, urlBefore } from "./neighbours.ts";
import { notPhones } from "./not-phones.ts";

const FEWEST = 7;
const MOST = 13;
/** Separates the numbers of a list: a label before the first holds for the next of the same length. */
const LIST = /^\s*(?:[,;/&]|and|or|und|oder|i|ili|y|o|et|ou|e|a|oraz|lub)?\s*$/;
const LONGEST_LIST_GAP = 8;

interface Judged {
  end: number;
  size: number;
  label: Label;
}

/** Finds phone numbers by their form or by a word, except where a word or a form says something else. */
export function phonesIn(plain: string, runs: readonly Group[][], countries: readonly PhoneCountry[]): Span[] {
  const spans: Span[] = [];
  let judged: Judged | null = null;
  for (const run of runs) {
    if (countDigits(run, FEWEST) < FEWEST) continue;
    const marks = run.length > 1 ? notPhones(plain, run) : [false];
    let free = 0;
    for (let first = 0, group = run[0]; group !== undefined; first += 1, group = run[first]) {
      if (marks[first]) continue;
      const found = phoneFrom({ plain, run, marks, countries, free }, first, group, judged);
      if (found === null) continue;
      judged = { end: run[found.last]?.end ?? 0, size: found.size, label: found.label };
      if (found.label === "phone") spans.push(spanOf(plain, group.start, judged.end));
      first = found.last;
      free = first + 1;
    }
  }
  return spans;
}

function countDigits(run: readonly Group[], enough: number): number {
  let count = 0;
  for (const group of run) {
    count += sizeOf(group);
    if (count >= enough) break;
  }
  return count;
}

interface Place {
  plain: string;
  run: readonly Group[];
  marks: readonly boolean[];
  countries: readonly PhoneCountry[];
  /** The first group after the last number. */
  free: number;
}

interface Number {
  last: number;
  size: number;
  label: Label;
}

/** Finds the number that begins with the group `first`, and its kind, as far as it is known. */
function phoneFrom(place: Place, first: number, group: Group, judged: Judged | null): Number | null {
  const { plain, run, marks } = place;
  const international = internationalEnd(plain, run, marks, first);
  if (international !== null) {
    const isDialled = plain.charAt(group.start) === "0";
    const isOther =
      urlBefore(plain, group.start) === "page" || (isDialled && labelHere(plain, group.start, judged, 0) === "id");
    return isOther ? null : { last: international, size: 0, label: "phone" };
  }
  const isFirst = first === place.free || isApart(plain, run, marks, first);
  const isBegin = isFirst || (first === 1 && gapAfter(plain, run, 0) === " " && isAlone(plain, run));
  const trunk = isBegin ? trunkEnd(plain, run, marks, first) : null;
  const last = trunk ?? (isFirst ? pieceEnd(place, first) : null);
  if (last === null) return null;
  const groups = run.slice(first, last + 1);
  const digits = digitsOf(plain, groups);
  const end = run[last]?.end ?? 0;
  const url = urlBefore(plain, group.start);
  if (digits.length < FEWEST || (url !== "call" && continuesId(plain, group.start, trunk !== null))) {
    return { last, size: 0, label: null };
  }
  const label =
    url === "call" ? "phone" : (labelHere(plain, group.start, judged, digits.length) ?? labelAfter(plain, end));
  if (label === "id" || label === "serial") return { last, size: digits.length, label: "id" };
  const isPhone =
    url !== "page" &&
    !isAmountBefore(plain, group.start) &&
    (trunk !== null
      ? !isCounting(plain, groups) || groups.length === 1
      : isNational(place, groups, first, last, digits, label));
  return isPhone ? { last, size: digits.length, label: "phone" } : null;
}

const labelHere = (plain: string, start: number, judged: Judged | null, size: number): Label =>
  judged !== null &&
  judged.size === size &&
  size > 0 &&
  start - judged.end <= LONGEST_LIST_GAP &&
  LIST.test(plain.slice(judged.end, start))
    ? judged.label
    : labelBefore(plain, start);

/** True if nothing of the same number stands before: a date does, or another line or item. */
function isApart(plain: string, run: readonly Group[], marks: readonly boolean[], first: number): boolean {
  if (!isGapAfter(plain, run, first - 1)) return true;
  const gap = gapAfter(plain, run, first - 1);
  if (gap.length === 1 && marks[first - 1] !== true) return false;
  return gap.includes("  ") || (marks[first - 1] === true && gap.includes(" ")) || /^ \(/.test(gap);
}

/** True after one number of another length, with nothing glued to it: `order 12345 091 234 5678`. */
const isAlone = (plain: string, run: readonly Group[]): boolean =>
  new Set(run.map(sizeOf)).size > 1 && !/[\w-]/.test(plain.charAt((run[0]?.start ?? 0) - 1));

/** Finds the last of the groups that stand together. */
function pieceEnd({ plain, run, marks }: Place, first: number): number | null {
  let last = first;
  let count = sizeOf(run[first]);
  while (last + 1 < run.length && !marks[last + 1] && isGapAfter(plain, run, last)) {
    if (isWideAfter(plain, run, last)) break;
    last += 1;
    count += sizeOf(run[last]);
    if (count > MOST) return sizeOf(run[first]) >= FEWEST && sizeOf(run[first]) <= MOST ? first : null;
  }
  return count > MOST ? null : last;
}

function isNational(
  { plain, run, countries }: Place,
  groups: readonly Group[],
  first: number,
  last: number,
  digits: string,
  label: Label,
): boolean {
  const end = run[last]?.end ?? 0;
  if (isAmountAfter(plain, end) || (groups.length > 1 && isCounting(plain, groups))) return false;
  if (isLetterGlued(plain, end)) return false;
  if (isNationalNumber(digits, countries)) return true;
  const gaps = groups.slice(0, -1).map((_, index) => gapAfter(plain, run, first + index));
  if (groups.length > 1 && hasPhoneForm(groups.map(sizeOf), gaps, digits)) return true;
  if (hasAreaCode(plain, groups, digits) || hasCallingCode(groups, digits)) return true;
  if (label !== "phone") return false;
  return !isTimes(groups.map(({ start, end: to }) => plain.slice(start, to)));
}

const isLetterGlued = (plain: string, end: number): boolean => /[A-WYZa-wyz]/.test(plain.charAt(end));

/** `385 91 234 5678` */
function hasCallingCode(groups: readonly Group[], digits: string): boolean {
  const known = callingCodeOf(digits);
  if (known === null || known.code.length < 2 || groups.length < 3 || sizeOf(groups[0]) !== known.code.length)
    return false;
  const national = digits.length - known.code.length;
  const isEven = groups.every((group) => sizeOf(group) === sizeOf(groups[0]));
  return !isEven && national >= known.min && national <= known.max && groups.every((group) => sizeOf(group) >= 2);
}

/** `(11) 91234-5678` */
function hasAreaCode(plain: string, groups: readonly Group[], digits: string): boolean {
  const [area] = groups;
  if (area === undefined || groups.length < 2 || groups.length > 4) return false;
  const isBracketed = plain.charAt(area.start - 1) === "(" && plain.charAt(area.end) === ")";
  const isYear = /^(?:19|20)\d\d/.test(digits) && sizeOf(area) === 4;
  return isBracketed && !isYear && sizeOf(area) >= 2 && sizeOf(area) <= 5 && digits.length >= 8 && digits.length <= 11;
}

/** `1030 1130` */
const isTimes = (groups: readonly string[]): boolean =>
  groups.length > 1 && groups.every((text) => text.length === 4 && Number(text) < 2400 && Number(text.slice(2)) < 60);

/** Takes in its `+` and the parenthesis that opens before it. */
function spanOf(plain: string, from: number, end: number): Span {
  let start = from;
  if (/\+ ?$/.test(plain.slice(Math.max(0, start - 2), start))) start = plain.lastIndexOf("+", start);
  if (plain.charAt(start - 1) === "(" && plain.slice(start, end).includes(")")) start -= 1;
  if (plain.charAt(start - 1) === "+") start -= 1;
  return { start, end };
}
