import { isDigit } from "./digits.ts";
import type { Span } from "./span.ts";
import { isLetter } from "./words/fold-word.ts";

const ANY_DIGIT = "#";

/** Finds values of a flow's own form: `PN-########`, unless more letters or digits touch them. */
export function findLike(plain: string, like: string): Span[] {
  const spans: Span[] = [];
  const wanted = like.toLowerCase();
  const given = inLowerCase(plain);
  for (let start = 0; start < given.length; start += 1) {
    if (isWordPart(given, start - 1)) continue;
    const end = matchEnd(given, start, wanted);
    if (end === null || isWordPart(given, end)) continue;
    spans.push({ start, end });
    start = end - 1;
  }
  return spans;
}

/** Each character stays where it is: one that becomes two in lower case is not changed. */
function inLowerCase(plain: string): string {
  const text = plain.toLowerCase();
  if (text.length === plain.length) return text;
  return Array.from(plain, (letter) => {
    const lower = letter.toLowerCase();
    return lower.length === letter.length ? lower : letter;
  }).join("");
}

const isWordPart = (text: string, position: number): boolean => {
  const code = text.charCodeAt(position);
  return isDigit(code) || isLetter(code);
};

function matchEnd(text: string, start: number, like: string): number | null {
  let at = start;
  for (const sign of like) {
    const character = text.charAt(at);
    if (sign === ANY_DIGIT) {
      if (!isDigit(text.charCodeAt(at))) return null;
      at += 1;
    } else if (sign === "-" || sign === " ") {
      if (character === "-" || character === " ") at += 1;
    } else if (text.startsWith(sign, at)) at += sign.length;
    else return null;
  }
  return at;
}
