import { type Group, runsOfDigits } from "./digits.ts";
import type { Span } from "./span.ts";

/** ISO/IEC 7812: what is in use. */
const SHORTEST = 13;
const LONGEST = 19;

/** Card numbers, in one piece or in groups: whichever groups in a row have the length and pass the check. */
export function cardsIn(plain: string): Span[] {
  const spans: Span[] = [];
  for (const run of runsOfDigits(plain)) {
    for (let first = 0; first < run.length; ) {
      const card = cardFrom(run, first);
      if (card !== null) spans.push(card.span);
      first = card?.next ?? first + 1;
    }
  }
  return spans;
}

/** The longest that begins with the group `first`. */
function cardFrom(run: readonly Group[], first: number): { span: Span; next: number } | null {
  const start = run[first]?.start ?? 0;
  let found: { span: Span; next: number } | null = null;
  let digits = "";
  for (const [index, group] of run.slice(first, first + LONGEST).entries()) {
    digits += group.digits;
    if (digits.length > LONGEST) break;
    if (isCard(digits)) found = { span: { start, end: group.end }, next: first + index + 1 };
  }
  return found;
}

/** Luhn's check; none begins with a zero. */
function isCard(digits: string): boolean {
  if (digits.length < SHORTEST || digits.startsWith("0")) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighted = index % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
