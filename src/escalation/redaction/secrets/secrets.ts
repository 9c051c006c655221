import type { Span } from "../span.ts";
import { isAmountAfter } from "../words/amounts.ts";
import { codeWords, LINKS, passwordWords } from "./secret-words.ts";

/** Three to ten digits, perhaps in groups; or letters and digits mixed. */
const CODE =
  /(?:\d{2,4}(?:[ -]\d{2,4}){1,2}|\d{3,10}|(?=[a-z]*-?\d)[a-z\d]{1,3}-?[a-z\d]{3,10})(?![\p{L}\p{N}%]|[.,:/]\d)/iuy;
const DIGITS_ONLY = /^[\d -]+$/;
const QUOTED = /(["'“”„«»‘’`])([^"'“”„«»‘’`\n]{2,64})["'“”„«»‘’`]/y;
/** No spaces; the end of a sentence does not belong to it. */
const TOKEN = /[^\s"“”„«»,;()[\]]{4,64}/y;
const SIGN_BEFORE = /[:=>#は是为]\s*$/u;
/** Words that follow a password's name and are no password. */
const PROSE =
  /^(?:forgot\w*|wrong|invalid|incorrect|unknown|expired|missing|none|null|required|reset\w*|changed?|works?|doesn't|does|isn't|still|what|where|please|zaborav\p{L}*|kriv\p{L}*|netočn\p{L}*|vergessen|falsch|ungültig|olvid\p{L}*|incorrect[ao]|oubli\p{L}*|dimenticat\p{L}*|zapomn\p{L}*|esqueci\p{L}*|help|http\S*)$/iu;
const DURATION = /^\d+(?:x|h|min|mins|times|days?|st|nd|rd|th|puta|mal|veces|fois)$/i;
/** `482910 is your code`, `tajna123 je moja lozinka` */
const SAID_BEFORE =
  /(?<![^\s"“„«(])([^\s"“”„«»()[\]]{3,40}|\d{3} \d{3})["”»]? (?:is|as|je|ist|es|est|è|é|jest|to|är|er|adalah)(?: (?:my|the|your|our|a|moj[aei]?|vaš[ae]?|meine?|ihr|mi|tu|su|mon|votre|meu|minha|mia|mio|il|la|le|el|new|old|card|bank|atm|\p{Lu}\p{L}{2,15})){0,3} $/iu;
const LOOK_BACK = 90;

/** Finds the secret behind a word of secrecy: a PIN, a password, a one-time code. The word stays. */
export function secretsIn(plain: string): Span[] {
  const spans = [...matchesOf(codeWords, plain, codeAt), ...matchesOf(passwordWords, plain, passwordAt)].sort(
    (one, other) => one.start - other.start,
  );
  return spans.filter(({ start }, index) => start >= (spans[index - 1]?.end ?? 0));
}

function matchesOf(words: RegExp, plain: string, find: (plain: string, from: number) => Span | null): Span[] {
  return [...plain.matchAll(words)].flatMap(({ 0: word, index }) => {
    const found = find(plain, index + word.length) ?? saidBefore(plain, index);
    return found === null ? [] : [found];
  });
}

function afterLinks(plain: string, from: number): number {
  LINKS.lastIndex = from;
  // It matches nothing, too.
  LINKS.test(plain);
  return LINKS.lastIndex;
}

function codeAt(plain: string, from: number): Span | null {
  const start = afterLinks(plain, from);
  if (start === from && !/[({[]/.test(plain.charAt(from))) return null;
  const quoted = quotedAt(plain, start);
  if (quoted !== null) return quoted;
  CODE.lastIndex = start;
  const code = CODE.exec(plain)?.[0];
  if (code === undefined) return null;
  const end = start + code.length;
  const digits = code.replace(/\D/g, "");
  const isCode = DIGITS_ONLY.test(code)
    ? digits.length >= 3 && digits.length <= 10
    : digits.length >= 1 && !DURATION.test(code);
  return isCode && !isAmountAfter(plain, end) ? { start, end } : null;
}

function passwordAt(plain: string, from: number): Span | null {
  const start = afterLinks(plain, from);
  if (start === from) return null;
  const quoted = quotedAt(plain, start);
  if (quoted !== null) return quoted;
  TOKEN.lastIndex = start;
  const token = TOKEN.exec(plain)?.[0].replace(/[.?:'’]+$/, "") ?? "";
  if (token.length < 4 || PROSE.test(token) || DURATION.test(token)) return null;
  const end = start + token.length;
  const hasDigit = /\p{N}/u.test(token);
  const isMixed = hasDigit || /\p{L}[^\p{L}\p{N}'’./-]\p{L}?/u.test(token);
  if (isMixed) return /^\d{1,2}[./-]\d|^(?:19|20)\d\d-\d/.test(token) ? null : { start, end };
  const isNamed =
    SIGN_BEFORE.test(plain.slice(from, start)) && /^\s*(?:$|[\n,;.!]|\p{L}{2,12}:)/u.test(plain.slice(end, end + 24));
  return isNamed ? { start, end } : null;
}

function quotedAt(plain: string, start: number): Span | null {
  QUOTED.lastIndex = start;
  const quoted = QUOTED.exec(plain);
  return quoted === null ? null : { start: start + 1, end: start + 1 + (quoted[2]?.length ?? 0) };
}

function saidBefore(plain: string, word: number): Span | null {
  const from = Math.max(0, word - LOOK_BACK);
  const said = SAID_BEFORE.exec(plain.slice(from, word));
  const token = said?.[1];
  if (said === null || token === undefined || !/\d/.test(token) || DURATION.test(token)) return null;
  const start = from + said.index;
  return { start, end: start + token.length };
}
