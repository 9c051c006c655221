import { type Group, gapAfter, sizeOf } from "../digits.ts";

const COLON = 58;
const POINT = 46;
const DASH = 45;
const SLASH = 47;
const SPACE = 32;
const PLUS = 43;

/** Marks groups of a run that belong to a date, a time, an IP address or a decimal. */
export function notPhones(plain: string, run: readonly Group[]): boolean[] {
  const marks = new Array<boolean>(run.length).fill(false);
  for (let index = 0; index + 1 < run.length; index += 1) {
    if (sizeOf(run[index]) > 4) continue;
    const gap = gapCode(plain, run, index);
    if (gap === null) continue;
    const length = lengthOfOther(plain, run, index, gap);
    if (length === 0) continue;
    if (length === 3) markPartsBefore(plain, run, index, marks);
    marks.fill(true, index, index + length);
    index += length - 1;
  }
  return marks;
}

/** Counts the groups from `index` on that belong to something else; only dates have three. */
function lengthOfOther(plain: string, run: readonly Group[], index: number, gap: number): number {
  if (isClock(plain, run, index, gap)) return 2;
  if (isDate(plain, run, index, gap)) return 3;
  if (isSpanOfTime(plain, run, index, gap)) return 4;
  if (isAddress(plain, run, index, gap)) return 4;
  return isDecimal(plain, run, index, gap) ? 2 : 0;
}

/** The sign between two groups, with or without a space behind it; null: more than that. */
function gapCode(plain: string, run: readonly Group[], index: number): number | null {
  const from = run[index]?.end ?? 0;
  const length = (run[index + 1]?.start ?? 0) - from;
  if (length === 1 || (length === 2 && plain.charCodeAt(from + 1) === SPACE)) return plain.charCodeAt(from);
  return null;
}

function numberAt(plain: string, group: Group | undefined): number {
  let value = 0;
  for (let at = group?.start ?? 0; at < (group?.end ?? 0); at += 1) value = value * 10 + plain.charCodeAt(at) - 48;
  return value;
}

const isDay = (value: number, size: number): boolean => size <= 2 && value >= 1 && value <= 31;
const isYear = (value: number, size: number): boolean => size === 4 && value >= 1900 && value < 2100;

/** `12:30`, with seconds too. */
const isClock = (plain: string, run: readonly Group[], index: number, gap: number): boolean =>
  gap === COLON &&
  sizeOf(run[index]) <= 2 &&
  sizeOf(run[index + 1]) === 2 &&
  numberAt(plain, run[index]) < 60 &&
  numberAt(plain, run[index + 1]) < 60;

/** Matches day, month and year in any common order, with the same separator twice. */
function isDate(plain: string, run: readonly Group[], index: number, gap: number): boolean {
  const [first, second, third] = [run[index], run[index + 1], run[index + 2]];
  if (third === undefined || sizeOf(second) > 2 || sizeOf(third) > 4 || gapCode(plain, run, index + 1) !== gap)
    return false;
  if (gap !== POINT && gap !== SLASH && gap !== DASH && gap !== SPACE) return false;
  const [one, two, three] = [numberAt(plain, first), numberAt(plain, second), numberAt(plain, third)];
  if (isYear(one, sizeOf(first))) return isDay(two, sizeOf(second)) && two <= 12 && isDay(three, sizeOf(third));
  if (!isDay(one, sizeOf(first)) || !isDay(two, sizeOf(second)) || (one > 12 && two > 12)) return false;
  if (isYear(three, sizeOf(third))) return true;
  // `06.12.34.56.78`: five pairs are a phone in France.
  const isPairs = sizeOf(run[index + 3]) === 2 && gapCode(plain, run, index + 2) === gap;
  return sizeOf(third) === 2 && (gap === POINT || gap === SLASH) && !isPairs;
}

/** Marks the beginning of a range whose end has the year: `03.06.-07.06.2026`, `1-5.6.2026`. */
function markPartsBefore(plain: string, run: readonly Group[], date: number, marks: boolean[]): void {
  if (date === 0 || !/^(?:\.? ?[-/] ?|\. )$/.test(gapAfter(plain, run, date - 1))) return;
  if (!isDay(numberAt(plain, run[date - 1]), sizeOf(run[date - 1]))) return;
  marks[date - 1] = true;
  const hasMonth =
    date > 1 &&
    isDay(numberAt(plain, run[date - 2]), sizeOf(run[date - 2])) &&
    /^(?:\. ?|\/|-)$/.test(gapAfter(plain, run, date - 2));
  if (hasMonth) marks[date - 2] = true;
}

/** `08.00-12.00`. */
function isSpanOfTime(plain: string, run: readonly Group[], index: number, gap: number): boolean {
  if ((gap !== POINT && gap !== COLON) || index + 3 >= run.length) return false;
  const isHour = (at: number): boolean => sizeOf(run[at]) <= 2 && numberAt(plain, run[at]) <= 24;
  const isMinute = (at: number): boolean => sizeOf(run[at]) === 2 && numberAt(plain, run[at]) < 60;
  return (
    isHour(index) &&
    isMinute(index + 1) &&
    isHour(index + 2) &&
    isMinute(index + 3) &&
    gapCode(plain, run, index + 2) === gap &&
    /^ ?- ?$/.test(gapAfter(plain, run, index + 1))
  );
}

/** Matches IPv4, and the first four parts of a version. */
function isAddress(plain: string, run: readonly Group[], index: number, gap: number): boolean {
  if (gap !== POINT || index + 3 >= run.length || isPoint(plain, run, index - 1)) return false;
  for (let part = index; part < index + 4; part += 1) {
    if (sizeOf(run[part]) > 3 || numberAt(plain, run[part]) > 255) return false;
    if (part < index + 3 && !isPoint(plain, run, part)) return false;
  }
  return !isPoint(plain, run, index + 3) || sizeOf(run[index]) !== 2;
}

const isPoint = (plain: string, run: readonly Group[], index: number): boolean =>
  index >= 0 &&
  (run[index + 1]?.start ?? 0) - (run[index]?.end ?? 0) === 1 &&
  plain.charCodeAt(run[index]?.end ?? 0) === POINT;

/** Matches coordinates and the like; registrars write phones as `+1.8005551234`. */
function isDecimal(plain: string, run: readonly Group[], index: number, gap: number): boolean {
  if (
    gap !== POINT ||
    !isPoint(plain, run, index) ||
    isPoint(plain, run, index + 1) ||
    isPoint(plain, run, index - 1)
  ) {
    return false;
  }
  const [whole, part] = [run[index], run[index + 1]];
  const startsWithZero = plain.charCodeAt(whole?.start ?? 0) === 48;
  if (startsWithZero) return sizeOf(whole) === 1;
  const isRegistrars = plain.charCodeAt((whole?.start ?? 0) - 1) === PLUS && sizeOf(part) >= 8;
  return sizeOf(whole) <= 3 && sizeOf(part) >= 4 && !isRegistrars;
}
