import { type Group, gapAfter, isDigit, sizeOf } from "../digits.ts";
import { isAmountAfter } from "../words/amounts.ts";
import { callingCodeOf, longestInternational } from "./calling-codes.ts";

const PLUS = 43;
const BRACKET = 40;
const SPACE = 32;
const ZERO = 48;
const FEWEST_INTERNATIONAL = 8;
const FEWEST_NATIONAL = 9;
/** Too short to be a number by itself: it may continue on the next line. */
const UNFINISHED = 8;
const GAP = /^(?:[ ()./·-]{1,4}|[,_])$/;
const NEWLINE = /^ ?\n ?$/;

/** Finds the last group of a number that begins with `+` or `00`. */
export function internationalEnd(
  plain: string,
  run: readonly Group[],
  marks: readonly boolean[],
  first: number,
): number | null {
  const begin = run[first];
  const isPlus = begin !== undefined && hasPlus(plain, begin.start);
  if (!isPlus && !beginsWithZeros(plain, run, first)) return null;
  const prefix = isPlus ? 0 : 2;
  let digits = "";
  let found: number | null = null;
  for (let index = first, group = run[index]; group !== undefined; index += 1, group = run[index]) {
    if (marks[index] || (index > first && !joins(plain, run, index, digits.length))) break;
    if (index > first && isOptionalZero(plain, group)) continue;
    digits += plain.slice(group.start, group.end).slice(index === first ? prefix : 0);
    if (digits.length > longestInternational(digits)) break;
    const known = callingCodeOf(digits);
    const isEnough = isPlus
      ? digits.length >= FEWEST_INTERNATIONAL
      : known !== null && digits.length >= known.code.length + known.min;
    if (!isEnough) continue;
    found = index;
    if (index === first && (known === null || digits.length >= known.code.length + known.min)) break;
  }
  return found;
}

/** `+385`, `+ 385`, `+(385)` */
function hasPlus(plain: string, start: number): boolean {
  let at = start - 1;
  if (plain.charCodeAt(at) === SPACE) at -= 1;
  if (plain.charCodeAt(at) === BRACKET) at -= 1;
  return plain.charCodeAt(at) === PLUS && !isDigit(plain.charCodeAt(at - 1));
}

/** `00385`, `00 385` */
function beginsWithZeros(plain: string, run: readonly Group[], first: number): boolean {
  const start = run[first]?.start ?? 0;
  if (plain.charCodeAt(start) !== ZERO || plain.charCodeAt(start + 1) !== ZERO || !isFree(plain, start)) return false;
  const next = sizeOf(run[first]) === 2 ? (run[first + 1]?.start ?? start) : start + 2;
  const code = plain.charCodeAt(next);
  return isDigit(code) && code !== ZERO;
}

const isFree = (plain: string, start: number): boolean => !/[\d.,/-]/.test(plain.charAt(start - 1));

/** `(0)` behind the calling code is not dialled. */
const isOptionalZero = (plain: string, group: Group): boolean =>
  sizeOf(group) === 1 && plain.charAt(group.start) === "0" && plain.charAt(group.end) === ")";

function joins(plain: string, run: readonly Group[], index: number, count: number): boolean {
  const gap = gapAfter(plain, run, index - 1);
  if (GAP.test(gap)) return !/[,_]/.test(gap) || count < UNFINISHED;
  return NEWLINE.test(gap) && count < UNFINISHED && plain.charAt(run[index]?.start ?? 0) !== "0";
}

/** Finds the last group of a national number that begins with its trunk zero. */
export function trunkEnd(
  plain: string,
  run: readonly Group[],
  marks: readonly boolean[],
  first: number,
): number | null {
  const begin = run[first];
  if (begin === undefined || plain.charCodeAt(begin.start) !== ZERO) return null;
  const isApart = sizeOf(begin) === 1 && /^(?: |\) ?| \()$/.test(gapAfter(plain, run, first));
  if (!isApart && !/^0[1-9]/.test(plain.slice(begin.start, begin.end))) return null;
  let count = 0;
  let found: number | null = null;
  for (let index = first, group = run[index]; group !== undefined; index += 1, group = run[index]) {
    const size = sizeOf(group);
    if (marks[index]) break;
    if (index > first) {
      if (!joins(plain, run, index, count)) break;
      if (size === 1 && !(index === first + 1 && isApart)) break;
      // The number is over: the next group stands by itself, or has another shape.
      if (
        found !== null &&
        (found === first ||
          size > 4 ||
          (size <= 2 && sizeOf(run[index - 1]) > 2 && gapAfter(plain, run, index - 1) === " "))
      )
        break;
      if (found !== null && isAmountAfter(plain, group.end)) break;
    }
    count += size;
    if (count > longestNational(plain, begin)) break;
    if (count >= FEWEST_NATIONAL) found = index;
  }
  return found;
}

/** Indonesia has up to 13 digits, mobiles in Germany and Austria up to 12. */
function longestNational(plain: string, begin: Group): number {
  const prefix = plain.slice(begin.start, begin.start + 4);
  if (/^08[1-9]/.test(prefix)) return 13;
  return /^0(?:1[5-7]|6[5-9])/.test(prefix) ? 12 : 11;
}
