/** Card numbers, IBANs, e-mail addresses and phone numbers, taken out of free text. Linear in the text's length. */
import { cardsIn } from "./redaction/cards.ts";
import { emailsIn } from "./redaction/emails.ts";
import { ibansIn } from "./redaction/ibans.ts";
import { type Place, phonesIn } from "./redaction/phones.ts";
import { plainly } from "./redaction/plain.ts";
import type { Redactions } from "./redaction/redactions.ts";
import { replaceSpans, type Span } from "./redaction/span.ts";

type RedactionKind = "email" | "iban" | "card" | "phone";

/** In this order: a card number or an IBAN would otherwise be taken for a phone number. */
const redactions: readonly { kind: RedactionKind; find: (plain: string, place: Place) => Span[]; sign: string }[] = [
  { kind: "email", find: emailsIn, sign: "[e-mail]" },
  { kind: "iban", find: ibansIn, sign: "[IBAN]" },
  { kind: "card", find: cardsIn, sign: "[card number]" },
  { kind: "phone", find: phonesIn, sign: "[phone number]" },
];

/** Whatever is redacted has an `@` or a digit in it, in some spelling; most of what people write has neither. */
const PERHAPS = /[@\uff20\p{Nd}]/u;

const redacted = (text: string, { redact: kinds }: Redactions, place: Place): string =>
  !PERHAPS.test(text)
    ? text
    : redactions
        .filter(({ kind }) => kinds.includes(kind))
        .reduce((rest, { find, sign }) => replaceSpans(rest, find(plainly(rest), place), sign), text);

export const redact = (text: string, redactions: Redactions): string => redacted(text, redactions, "text");

/** As `redact`, for a value that a bot set: there a bare run of digits is an order's or a customer's number. */
export const redactValue = (value: string, redactions: Redactions): string => redacted(value, redactions, "value");
