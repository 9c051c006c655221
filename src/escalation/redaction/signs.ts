import { isDigit } from "./digits.ts";
import { isLetter } from "./words/fold-word.ts";

/** Finds the signs of anything to hide in one pass, so that most texts need no other. */
export interface Signs {
  hasDigit: boolean;
  hasAt: boolean;
  /** A colon, an equals sign, an arrow, a quote. */
  hasMark: boolean;
  /** A bracket, a dot between letters, a word that begins like `dot`: an address may be spelled out. */
  hasSpelling: boolean;
  /** A word that begins like one of secrecy. */
  hasSecretWord: boolean;
  /** A word that begins like the name of a personal number. */
  hasPersonalWord: boolean;
  /** Characters that `plainly` changes. */
  isUnusual: boolean;
}

/** Beginnings of words of secrecy; `$` ends a whole word. */
const SECRET_BEGINNINGS =
  "pin|mpin|atm|sim pin|sim-pin|puk|otp|mtan|tan$|pass:|pass=|pass :|pass =|smstan|sms-tan|sms|pushtan|cvv|cvc|cvn$|csc$|passw|passcode|passphrase|passor|pwd|pswd|secur|secret|verif|auth|login|log-in|sign-in c|sign in c|signin c|sign-in p|access|one-time|one time|text code|2fa|mfa|recovery|backup|unlock|kontroln|jednokratn|pristupn|tajn|sicherheitsc|einmal|bestätigungsc|bestaetigungsc|zugangs|freischaltc|prüf|pruef|kartenpr|kennw|sigurnosn|autori|autent|kod |kod-|código|codigo|code secret|code conf|code de v|code de s|code d'|code sms|code pin|code à|code a u|codice|cryptogr|cod de|codul|cod pin|cod otp|cod sms|ověř|over|ově|bezpe|varnostn|potrd|enkratn|doğrulama|dogrulama|onay|güvenlik|guvenlik|kode |mã |ma otp|ma pin|ma xa|beveilig|toegang|inlog|engang|engång|sikkerhe|säkerhe|sakerhe|bekräft|tunnusl|vahvist|turvak|ellen|biztons|loz|zapor|šifr|sifr|gesl|mot de passe|mdp|contrase|clave|senha|palavra|parol|has|hesl|jelsz|wachtw|lösen|losen|adgangsk|kodeord|salasan|şifr|kata s|sandi|mật|mat kh|api|bearer|кода|код|пин|пін|парол|лозинк|κωδ|συνθ|رمز|الر|كلم|קוד|סיס";
/** Beginnings of the names of personal numbers. */
const PERSONAL_BEGINNINGS =
  "ssn$|social sec|sin n|oib$|jmbg|emšo|emso|dni$|nif$|nie$|contribuinte|cpf$|pesel|cnp$|codice f|cod. f|cod.f|c.f|bsn$|burgers|aadha|pan$|pan c|pan n|ni$|nino$|national ins|personn|personalausw|cpr$|cpr-|cprn|fødsel|fodsel|henkil|hetu$|rodn|rč$|tajs|taj-s|taj s|steuer|idnr|sozialv|svnr|sv-n|ahv$|ahvn|t.c|tc k|tckn|nric|fin no|hkid|nik$|no. ktp|no ktp|ktp$|cccd|cmnd|căn c|curp$|rut$|run$|numéro de s|numero de s|n° s|n°s|nir$|passp|passn|passa|putovn|pasos|pasoš|reisep|ausweis|pasap|paszp|paspo|id card|id-card|identity|osobn|carte d|carta d|driver|driving l|vozač|vozac|führer|паспорт";
const DOT_BEGINNINGS =
  "dot |punkt |punto |punct |ponto |point |točka |tocka |tačka |tacka |kropka |tečka |tecka |bodka |pont |piste |nokta |prikk |titik |точка |крапка |τελεία |chấm ";

const SECRET = 1;
const PERSONAL = 2;
const DOT = 4;
/** Beginnings by their first two letters. */
const beginnings = new Map<string, { text: string; isWhole: boolean; bit: number }[]>();
/** The first two characters of all of these in ASCII, so that most words need no further look. */
const ASCII_END = 128;
const pairs = new Uint8Array(ASCII_END * ASCII_END);
for (const [bit, list] of [
  [SECRET, SECRET_BEGINNINGS],
  [PERSONAL, PERSONAL_BEGINNINGS],
  [DOT, DOT_BEGINNINGS],
] as const) {
  for (const entry of list.split("|")) {
    const isWhole = entry.endsWith("$");
    const text = isWhole ? entry.slice(0, -1) : entry;
    const key = text.slice(0, 2);
    beginnings.set(key, [...(beginnings.get(key) ?? []), { text, isWhole, bit }]);
    const [first, second] = [text.charCodeAt(0), text.charCodeAt(1)];
    if (first < ASCII_END && second < ASCII_END) pairs[first * ASCII_END + second] = 1;
  }
}
const LONGEST_BEGINNING = 14;
/** Scripts from here on have no spaces, or marks in words: the finders look there themselves. */
const FAR_SCRIPTS = 0x0900;
const MARKS = new Set([...':=>"`'].map((sign) => sign.charCodeAt(0)));
const BRACKETS = new Set([..."([{<"].map((sign) => sign.charCodeAt(0)));
const AT = 64;
const APOSTROPHE = 39;
const POINT = 46;
const AMPERSAND = 38;
const NEWLINE = 10;
const SPACE = 32;

const isUnusual = (code: number): boolean =>
  (code < SPACE && code !== NEWLINE) || (code >= 0x7f && code < 0xc0) || code >= 0x580;

export function signsOf(text: string): Signs {
  const signs: Signs = {
    hasDigit: false,
    hasAt: false,
    hasMark: false,
    hasSpelling: false,
    hasSecretWord: false,
    hasPersonalWord: false,
    isUnusual: false,
  };
  let isInWord = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isLetter(code)) {
      if (!isInWord) readWord(text, at, code, signs);
      isInWord = true;
      if (code >= 0x580) signs.isUnusual = true;
      continue;
    }
    isInWord = false;
    if (isDigit(code)) {
      signs.hasDigit = true;
      if (code === 50) readWord(text, at, code, signs);
    } else if (code === AT) signs.hasAt = true;
    else if (MARKS.has(code)) signs.hasMark = true;
    else if (BRACKETS.has(code)) signs.hasSpelling = true;
    else if (code === POINT) signs.hasSpelling ||= isLetter(text.charCodeAt(at + 1));
    else if (code === APOSTROPHE) signs.hasMark ||= !isLetter(text.charCodeAt(at - 1));
    else if (code === AMPERSAND || isUnusual(code)) signs.isUnusual = true;
  }
  return signs;
}

function readWord(text: string, at: number, code: number, signs: Signs): void {
  const second = text.charCodeAt(at + 1);
  // Compares in lower case: its letters have this bit, and so has every other sign that a beginning holds.
  if (code < ASCII_END && second < ASCII_END) {
    if (pairs[(code | SPACE) * ASCII_END + (second | SPACE)] === 0) return;
  } else if (code >= FAR_SCRIPTS) {
    signs.hasSecretWord = true;
    signs.hasPersonalWord = true;
  }
  const known = beginnings.get(text.slice(at, at + 2).toLowerCase());
  if (known === undefined) return;
  const word = text.slice(at, at + LONGEST_BEGINNING).toLowerCase();
  for (const { text: beginning, isWhole, bit } of known) {
    if (!word.startsWith(beginning) || (isWhole && isLetter(word.charCodeAt(beginning.length)))) continue;
    if (bit === SECRET) signs.hasSecretWord = true;
    else if (bit === PERSONAL) signs.hasPersonalWord = true;
    else signs.hasSpelling = true;
  }
}
