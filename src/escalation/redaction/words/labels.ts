import { isDigit } from "../digits.ts";
import { foldWord, isLetter } from "./fold-word.ts";
import {
  CARD,
  COPULA,
  ID,
  idSigns,
  LINK,
  labelWords,
  NUMBER,
  PHONE,
  POSSESSIVE,
  phoneSigns,
  SERIAL,
  TOPIC,
} from "./label-words.ts";

/** Reads the kind of a number from the words beside it. */
export type Label = "serial" | "id" | "phone" | "card" | null;

const FURTHEST = 72;
const MOST_WORDS = 7;
const AFTER_MOST_WORDS = 5;
/** Scripts from here on are written without spaces. */
const UNSPACED = 0x0e00;
const NEWLINE = 10;
const LONGEST_WORD = 24;

/**
 * Finds the nearest word before `position` that names the number's kind. A word for an id counts only if nothing but links such
 * as `number is` stand between: a customer may call about an order, and the number is the phone's.
 */
export function labelBefore(plain: string, position: number): Label {
  const from = Math.max(0, position - FURTHEST);
  let isLinked = true;
  let lines = 0;
  let isNumber = false;
  let words = 0;
  for (let at = position; at > from && words < MOST_WORDS; ) {
    const code = plain.charCodeAt(at - 1);
    if (isDigit(code) || "[]!?;".includes(plain.charAt(at - 1))) return null;
    if (!isLetter(code)) {
      if (code === NEWLINE) lines += 1;
      if (lines > 1) return null;
      if (plain.charAt(at - 1) === ",") isLinked = false;
      if (plain.charAt(at - 1) === "." && !isAbbreviated(plain, at - 1)) isLinked = false;
      at -= 1;
      continue;
    }
    let start = at;
    while (start > from && isLetter(plain.charCodeAt(start - 1))) start -= 1;
    const word = foldWord(plain.slice(start, at));
    const isSerial = word === "n" && /s\/$/i.test(plain.slice(Math.max(0, start - 2), start));
    if (isSerial && isLinked) return "serial";
    const kinds = labelWords.of(word);
    const label = labelOf(word, kinds, isLinked);
    if (label !== null) return label;
    if (kinds & TOPIC) return null;
    if (isNumber && kinds & POSSESSIVE) return "phone";
    isNumber = (kinds & NUMBER) !== 0;
    if (!(kinds & LINK)) isLinked = false;
    words += 1;
    at = start;
  }
  return null;
}

/** A full stop in `tel.` or `no.` ends no sentence. */
const isAbbreviated = (plain: string, dot: number): boolean => {
  let start = dot;
  while (start > 0 && dot - start < LONGEST_WORD && isLetter(plain.charCodeAt(start - 1))) start -= 1;
  return dot > start && (dot - start < 6 || /(?:nr|no|br|num)$/i.test(plain.slice(start, dot)));
};

function labelOf(word: string, kinds: number, isLinked: boolean): Label {
  if (word.charCodeAt(0) >= UNSPACED) {
    if (phoneSigns.some((sign) => word.includes(sign))) return "phone";
    return isLinked && idSigns.some((sign) => word.includes(sign)) ? "id" : null;
  }
  if (isLinked && kinds & SERIAL) return "serial";
  if (isLinked && isId(kinds)) return "id";
  if (kinds & PHONE && !word.endsWith("rechnung")) return "phone";
  return kinds & CARD ? "card" : null;
}

const isId = (kinds: number): boolean => (kinds & ID) !== 0 && (kinds & CARD) === 0;

/** Reads the kind of a number from the words behind it: `… is my order number`, `… (mobile)`. */
export function labelAfter(plain: string, position: number): Label {
  let words = 0;
  let isSaid = false;
  for (let at = position; at < plain.length && at - position < FURTHEST && words < AFTER_MOST_WORDS; ) {
    const code = plain.charCodeAt(at);
    if (!isLetter(code)) {
      if (isDigit(code) || ".,;!?[]\n".includes(plain.charAt(at))) return null;
      if (plain.charAt(at) === "(" && words === 0) isSaid = true;
      at += 1;
      continue;
    }
    let end = at + 1;
    while (end < plain.length && end - at < 40 && isLetter(plain.charCodeAt(end))) end += 1;
    const word = foldWord(plain.slice(at, end));
    const kinds = labelWords.of(word);
    if (words === 0 && kinds & COPULA) isSaid = true;
    else if (!isSaid) return null;
    else {
      if (kinds & PHONE) return "phone";
      if (isId(kinds) || kinds & SERIAL) return "id";
      if (!(kinds & LINK)) return null;
    }
    words += 1;
    at = end;
  }
  return null;
}
