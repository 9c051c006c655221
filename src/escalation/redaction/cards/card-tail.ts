import { isAmountAfter } from "../words/amounts.ts";

const MONTH = "(?:0?[1-9]|1[0-2])";
const SEPARATORS = "[\\s,;:.|/()*_-]{0,6}";
const EXPIRY_WORDS =
  "(?:exp(?:iry|ires|iration)?|valid(?:a|ade|e|ita|ez)?|good|thru|through|until|till?|date|datum|vrijedi|vazi|važi|rok|do|gueltig|gültig|bis|valable|jusqu'au|expire|fin|scad(?:enza)?|vence|vencimiento|caduca|hasta|fecha|até|ważna|platnost|geldig|tot|gyldig|til|skt|mm)";
const EXPIRY = new RegExp(
  `${SEPARATORS}(?:${EXPIRY_WORDS}[ .:/]{0,3}){0,3}(?:${MONTH} ?[/.|-] ?(?:20)?\\d\\d|(?:0[1-9]|1[0-2])(?:2[4-9]|3\\d|4[0-5]))(?!\\d|[./-](?:\\d{1,2}|\\d{4})(?!\\d))`,
  "iuy",
);
const CODE_WORDS =
  "(?:cvv2?|cvc2?|cvn|cid|csc|cav2?|pin|(?:security|card|secret|verification|sigurnosni|kontrolni|kod|de|di|del?|seguridad|segurança|seguranca|sicurezza|sécurité|cryptogramme)(?: |$))*(?:cvv2?|cvc2?|cvn|cid|csc|code|kod|broj|number|no|c[oó]digo|codice|cryptogramme|prüf(?:nummer|ziffer)|pruefnummer|kartenprüfnummer|pin)?";
const CODE_WITH_WORD = new RegExp(
  `${SEPARATORS}(?:(?:and|und|et|con|i|y|e)\\s)?(?=\\p{L})${CODE_WORDS}[ .:=#/-]{0,3}(?:(?:is|je|ist|es|est|è|é|e)[ :]{1,2})?\\d{3,4}(?!\\d)`,
  "iuy",
);
const CODE_ALONE = /[ ,;:.|/()*_-]{1,4}\d{3}\)?(?![\d%]|[.,:/-]\d)/y;
const CODE_AFTER_EXPIRY = /[\s,;:.|/()*_-]{1,6}\d{3,4}\)?(?![\d%]|[.,:/-]\d)/y;
const EXPIRY_BEFORE = new RegExp(`(?<![\\d/.])${MONTH} ?/ ?(?:20)?\\d\\d[\\s,;:|-]{1,4}$`);
const LOOK_BACK = 14;

function afterMatch(pattern: RegExp, plain: string, from: number): number | null {
  pattern.lastIndex = from;
  return pattern.test(plain) ? pattern.lastIndex : null;
}

/** Finds the end of the text behind a card's number that belongs to it: the expiry and the security code. */
export function cardTailEnd(plain: string, end: number): number {
  const expiryEnd = afterMatch(EXPIRY, plain, end);
  const from = expiryEnd ?? end;
  const named = afterMatch(CODE_WITH_WORD, plain, from);
  if (named !== null) return afterMatch(EXPIRY, plain, named) ?? named;
  const bare = afterMatch(expiryEnd === null ? CODE_ALONE : CODE_AFTER_EXPIRY, plain, from);
  return bare !== null && !isAmountAfter(plain, bare) ? bare : from;
}

/** Finds the start of a card, with the expiry right before it. */
export function cardHeadStart(plain: string, start: number): number {
  const before = plain.slice(Math.max(0, start - LOOK_BACK), start);
  const expiry = EXPIRY_BEFORE.exec(before);
  return expiry === null ? start : start - (before.length - expiry.index);
}
