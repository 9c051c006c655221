import type { Span } from "../span.ts";

/** Numbers that a state gives a person, after their word: the word, and the number's form. */
const ANY = "[a-z]{0,3}[ -]?\\d[\\d./ -]{4,18}[\\da-z](?:[ -]?[a-z])?";
const kinds: readonly { words: string; like: string }[] = [
  { words: "ssn|social security(?: (?:number|no\\.?))?|sin number", like: "\\d{3}[- ]?\\d{2}[- ]?\\d{4}" },
  { words: "oib", like: "\\d{11}" },
  { words: "jmbg|emšo|emso", like: "\\d{13}" },
  { words: "dni|nif|nie", like: "(?:\\d{8}|[xyz]-?\\d{7})-?[a-z]" },
  { words: "(?:mi|su|tu) dni|dni(?=:| n| es )", like: "\\d{2}\\.?\\d{3}\\.?\\d{3}" },
  { words: "nif|contribuinte", like: "\\d{3} ?\\d{3} ?\\d{3}" },
  { words: "cpf", like: "\\d{3}\\.?\\d{3}\\.?\\d{3}-?\\d{2}" },
  { words: "pesel", like: "\\d{11}" },
  { words: "cnp", like: "\\d{13}" },
  { words: "codice fiscale|cod\\. ?fisc\\.?|c\\.f\\.", like: "[a-z]{6}\\d{2}[a-z]\\d{2}[a-z]\\d{3}[a-z]" },
  { words: "bsn|burgerservicenummer", like: "\\d{8,9}" },
  { words: "aadhaa?r(?: (?:card|number|no\\.?))*", like: "\\d{4}[ -]?\\d{4}[ -]?\\d{4}" },
  { words: "pan(?: (?:card|number|no\\.?))*", like: "[a-z]{5}\\d{4}[a-z]" },
  {
    words: "ni(?:no)?(?: (?:number|no\\.?))?|national insurance(?: (?:number|no\\.?))?",
    like: "[a-z]{2} ?\\d{2} ?\\d{2} ?\\d{2} ?[a-d]",
  },
  {
    words: "personnummer|personnr|cpr(?:-?(?:nummer|nr))?|fødselsnummer|fodselsnummer|henkilötunnus|hetu",
    like: "\\d{6}(?:\\d{2})?[-+ a]?\\d{3,5}[a-z]?",
  },
  { words: "rodn[eé] [cč][ií]slo|rč", like: "\\d{6}[/ ]?\\d{3,4}" },
  { words: "taj[- ]?sz[aá]m\\p{L}{0,2}", like: "\\d{3}[ -]?\\d{3}[ -]?\\d{3}" },
  {
    words: "steuer-?id\\p{L}*|idnr|sozialversicherungsnummer|svnr|sv-nummer|ahv(?:-?(?:nummer|nr))?",
    like: "\\d[\\d. /a-z]{8,15}\\d",
  },
  { words: "t\\.?c\\.? ?kimlik(?: no\\p{L}*| numara\\p{L}*)?|tckn", like: "\\d{11}" },
  { words: "nric|fin no|hkid(?: no\\.?)?", like: "[a-z]{1,2}\\d{6,7}\\(?[a-z\\d]\\)?" },
  { words: "nik|no\\.? ktp|ktp|cccd|cmnd|căn cước", like: "\\d{9,16}" },
  { words: "curp", like: "[a-z]{4}\\d{6}[a-z]{6}[a-z\\d]{2}" },
  { words: "rut|run", like: "\\d{1,2}\\.?\\d{3}\\.?\\d{3}-[\\dk]" },
  {
    words: "num[eé]ro de s[eé]curit[eé] sociale|n° ?s[eé]cu|nir",
    like: "[12][ .]?\\d{2}[ .]?\\d{2}[ .]?[\\dab]{2}[ .]?\\d{3}[ .]?\\d{3}(?:[ .]?\\d{2})?",
  },
  { words: "身份证(?:号码?)?|주민(?:등록)?번호|マイナンバー", like: "\\d{6}-?\\d{5,11}[\\dx]" },
  {
    words:
      "passports?|putovnic\\p{L}*|paso[sš]\\p{L}*|(?:reise)?pass(?:nummer|nr)|reisepass\\p{L}*|personalausweis\\p{L}*|ausweisnummer|pasaporte|passaporto|passaporte|passeport|paszport\\p{L}*|pasaport\\p{L}*|paspoort\\p{L}*|id[- ]card|identity card|osobn[aeu] iskaznic\\p{L}*|carte d'identit[eé]|carta d'identit[aà]|driver'?s? licen[cs]e|driving licen[cs]e|voza[cč]k\\p{L}* dozvol\\p{L}*|führerschein(?:nummer)?|паспорт\\p{L}*",
    like: ANY,
  },
];
const LINKS =
  "(?:[ ,]{1,2}(?:is|number|no\\.?|nr\\.?|n°|broj|je|ist|lautet|nummer|número|numero|num|es|est|è|é|jest|to|adalah|là|my|moj|mein|är|er|numarası|号|номер|серия)(?![\\p{L}])){0,3}[ ]{0,2}[:=#]?[ ]{0,2}";

/** An American number shows itself: three, two and four digits with dashes; a Brazilian one by its dots and check digits. */
const BY_FORM =
  /(?<![\d\p{L}-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])|(?<![\d.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)/gu;

const patterns = kinds.map(
  ({ words, like }) =>
    new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}])${LINKS}(${like})(?![\\p{L}\\p{N}])`, "giud"),
);
/** Finds personal numbers: after their name, if `isNamed` says that there may be one, or by their form. */
export function personalIdsIn(plain: string, isNamed: boolean): Span[] {
  const spans = plain.includes("-")
    ? [...plain.matchAll(BY_FORM)].map(({ 0: whole, index }) => ({ start: index, end: index + whole.length }))
    : [];
  if (isNamed) {
    for (const pattern of patterns) {
      for (const { indices } of plain.matchAll(pattern)) {
        const [start, end] = indices?.[1] ?? [0, 0];
        if (/\d.*\d.*\d.*\d.*\d/.test(plain.slice(start, end))) spans.push({ start, end });
      }
    }
  }
  spans.sort((one, other) => one.start - other.start || other.end - one.end);
  let end = 0;
  return spans.filter((span) => {
    const isApart = span.start >= end;
    if (isApart) end = span.end;
    return isApart;
  });
}
