/** Card numbers, IBANs, e-mail addresses and phone numbers, taken out of free text. Linear in the text's length. */

export const redactionKinds = ["card", "iban", "email", "phone"] as const;
export type RedactionKind = (typeof redactionKinds)[number];

const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu;
/** Two letters, two check digits and 11 to 30 more, in groups or not; whether it is one, its check digits say. */
const IBAN = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])/g;
/** Digits with at most one space or dash between them. */
const DIGITS = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;
const PHONE = /(?<![\p{L}\p{N}+])(?:\+|00)?\(?\d{1,4}\)?(?:[ ./-]{0,2}\(?\d{1,6}\)?){1,8}(?![\p{L}\p{N}])/gu;
const DATE = /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4})(?:[ T].*)?$/;

const digitsOf = (text: string): string => text.replace(/\D/g, "");

function isCard(text: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digitsOf(text)].reverse().entries()) {
    const n = Number(digit) * (index % 2 === 0 ? 1 : 2);
    sum += n > 9 ? n - 9 : n;
  }
  return sum % 10 === 0;
}

function isIban(text: string): boolean {
  const compact = text.replaceAll(" ", "").toUpperCase();
  const moved = compact.slice(4) + compact.slice(0, 4);
  let rest = 0;
  for (const character of moved) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** The longest beginning of a match, cut between groups, that is an IBAN: the words after one look like more of it. */
function ibanIn(match: string): string | null {
  for (let end = match.length; end >= 15; end = match.lastIndexOf(" ", end - 1)) {
    if (isIban(match.slice(0, end))) return match.slice(0, end);
  }
  return null;
}

/** 8 to 15 digits after `+` or `00`; 9 to 15 in groups; 10 to 15 in a row. Dates are none. */
function isPhone(text: string): boolean {
  const digits = digitsOf(text).length;
  if (digits > 15 || DATE.test(text)) return false;
  if (text.startsWith("+")) return digits >= 8;
  if (text.startsWith("00")) return digits >= 10;
  return /\D/.test(text) ? digits >= 9 : digits >= 10;
}

const redactions: Record<RedactionKind, (text: string) => string> = {
  email: (text) => text.replace(EMAIL, "[e-mail]"),
  iban: (text) =>
    text.replace(IBAN, (match) => {
      const iban = ibanIn(match);
      return iban === null ? match : `[IBAN]${match.slice(iban.length)}`;
    }),
  card: (text) => text.replace(DIGITS, (match) => (isCard(match) ? "[card number]" : match)),
  phone: (text) => text.replace(PHONE, (match) => (isPhone(match) ? "[phone number]" : match)),
};

/** In this order, since a card number or an IBAN would otherwise be taken for a phone number. */
const ORDER = ["email", "iban", "card", "phone"] as const satisfies readonly RedactionKind[];

export function redact(text: string, kinds: readonly RedactionKind[]): string {
  return ORDER.filter((kind) => kinds.includes(kind)).reduce((rest, kind) => redactions[kind](rest), text);
}

/** As `redact`, for a value that a bot set: a bare run of digits is an order's or a customer's number, not a phone's. */
export const redactValue = (value: string, kinds: readonly RedactionKind[]): string =>
  redact(value, /^\d+$/.test(value) ? kinds.filter((kind) => kind !== "phone") : kinds);
