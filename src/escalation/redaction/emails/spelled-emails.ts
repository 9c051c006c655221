import type { Span } from "../span.ts";
import { hasMailWordBefore, looksLikeLocal } from "./emails.ts";
import { isMailHost } from "./mail-hosts.ts";

const LOCAL = "[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}.!#$%&'*+^_~-]{0,63}";
const LABEL = "[\\p{L}\\p{N}_][\\p{L}\\p{N}_-]{0,62}";
const AT =
  "at|et|ät|a|arroba|arobase|arobas|chiocciola|malpa|małpa|zavinac|zavináč|kukac|manki|majmun|afna|snabel-?a|kringla|alfakrölla|apenstaartje|klammeraffe|собака|собачка|ет|эт|маймунско а|papaki|παπάκι|nokta at";
const DOT =
  "dot|punkt|punto|ponto|point|punct|tocka|točka|tačka|tacka|kropka|tecka|tečka|bodka|pont|piste|nokta|prikk|titik|точка|крапка|τελεία|chấm";
const BRACKETED_DOT = `\\.| ?[([{<] ?(?:${DOT}|\\.) ?[)\\]}>] ?| (?:${DOT}) `;
/** `ana(at)firma.hr`, `ana [at] firma [dot] hr` */
const BRACKETED = new RegExp(
  `(?<![\\p{L}\\p{N}.])(${LOCAL}) ?[([{<] ?(?:${AT}|@) ?[)\\]}>] ?(${LABEL}(?:(?:${BRACKETED_DOT})${LABEL}){1,4})(?![\\p{L}\\p{N}])`,
  "giu",
);
/** `ana at gmail dot com` */
const SPOKEN = new RegExp(
  `(?<![\\p{L}\\p{N}.])(${LOCAL}) (?:${AT}|@) (${LABEL}(?:(?:\\.| (?:${DOT}) )${LABEL}){1,4})(?![\\p{L}\\p{N}])`,
  "giu",
);
const ANY_DOT = new RegExp(BRACKETED_DOT, "giu");
/** Every spelled address has this sign, and few texts do. */
const PERHAPS = new RegExp(`[([{<] ?(?:${AT}|@) ?[)\\]}>]| (?:${AT}|@) ${LABEL}(?:\\.| (?:${DOT}) )`, "iu");
const TOP_LEVEL = /^\p{L}{2,24}$/u;

/** Finds e-mail addresses whose sign is a word. */
export function spelledEmailsIn(plain: string): Span[] {
  if (!PERHAPS.test(plain)) return [];
  return [...matchesOf(BRACKETED, plain, () => true), ...matchesOf(SPOKEN, plain, isAddress)].sort(
    (one, other) => one.start - other.start,
  );
}

function matchesOf(
  pattern: RegExp,
  plain: string,
  isSure: (plain: string, start: number, local: string, host: string) => boolean,
): Span[] {
  return [...plain.matchAll(pattern)].flatMap(({ 0: whole, 1: local = "", 2: domain = "", index }) => {
    const host = domain.replace(ANY_DOT, ".");
    const isDomain = TOP_LEVEL.test(host.split(".").at(-1) ?? "");
    return isDomain && isSure(plain, index, local, host) ? [{ start: index, end: index + whole.length }] : [];
  });
}

/** One meets at a place and buys at a shop: the words alone are not enough. */
const isAddress = (plain: string, start: number, local: string, host: string): boolean =>
  isMailHost(host) || looksLikeLocal(local) || hasMailWordBefore(plain, start);
