import { cardsIn, type Place } from "./cards/cards.ts";
import { type Group, runsOfDigits } from "./digits.ts";
import { emailsIn } from "./emails/emails.ts";
import { spelledEmailsIn } from "./emails/spelled-emails.ts";
import { ibansIn } from "./ibans.ts";
import { normalize } from "./normalize.ts";
import { findLike } from "./own-patterns.ts";
import { phonesIn } from "./phones/phones.ts";
import type { RedactionKind, Redactions } from "./redactions.ts";
import { personalIdsIn } from "./secrets/personal-ids.ts";
import { secretsIn } from "./secrets/secrets.ts";
import { type Signs, signsOf } from "./signs.ts";
import { type Hidden, maskSpans, type Span } from "./span.ts";

export const SECRET_SIGN = "[secret]";

interface Look {
  signs: Signs;
  plain: string;
  runs: readonly Group[][];
  place: Place;
  redactions: Redactions;
}

interface Finder {
  kind: RedactionKind;
  sign: string;
  /** False: the text cannot hold one. */
  needs: (signs: Signs) => boolean;
  find: (look: Look) => Span[];
}

const hasDigit = (signs: Signs): boolean => signs.hasDigit;

/** The order matters: later kinds would take a card's number or an IBAN for a phone, and a code beside a card for a secret. */
const finders: readonly Finder[] = [
  { kind: "email", sign: "[e-mail]", needs: ({ hasAt }) => hasAt, find: ({ plain }) => emailsIn(plain) },
  {
    kind: "email",
    sign: "[e-mail]",
    needs: ({ hasSpelling }) => hasSpelling,
    find: ({ plain }) => spelledEmailsIn(plain),
  },
  { kind: "iban", sign: "[IBAN]", needs: hasDigit, find: ({ plain, runs }) => ibansIn(plain, runs) },
  {
    kind: "card",
    sign: "[card number]",
    needs: hasDigit,
    find: ({ plain, runs, place }) => cardsIn(plain, runs, place),
  },
  {
    kind: "secret",
    sign: "[personal number]",
    needs: hasDigit,
    find: ({ plain, signs }) => personalIdsIn(plain, signs.hasPersonalWord),
  },
  {
    kind: "secret",
    sign: SECRET_SIGN,
    needs: (signs) => signs.hasSecretWord && (signs.hasDigit || signs.hasMark),
    find: ({ plain }) => secretsIn(plain),
  },
  {
    kind: "phone",
    sign: "[phone number]",
    needs: hasDigit,
    find: ({ plain, runs, redactions }) => phonesIn(plain, runs, redactions.phonesOf ?? []),
  },
];
/** Everything that may stand in a text where something was hidden. */
export const signsOfHidden = ({ redact }: Redactions): string[] => [
  ...new Set(finders.map(({ sign }) => sign)),
  ...redact.flatMap((own) => (typeof own === "string" ? [] : [`[${own.as}]`])),
];

/** An attribute is data that the bot named: only these kinds are hidden in it. */
const OF_VALUES: readonly RedactionKind[] = ["card", "secret"];

/** Finds everything to hide in a text, in order and apart. */
export function hiddenIn(text: string, redactions: Redactions, place: Place): Hidden[] {
  const { redact } = redactions;
  let signs = signsOf(text);
  let plain = text;
  if (signs.isUnusual) {
    plain = normalize(text);
    signs = signsOf(plain);
  }
  let runs: readonly Group[][] | null = null;
  const hidden: Hidden[] = [];
  const hide = (spans: readonly Span[], sign: string): void => {
    if (spans.length === 0) return;
    for (const { start, end } of spans) hidden.push({ start, end, sign });
    plain = maskSpans(plain, spans);
    runs = null;
  };
  if (place === "text" && signs.hasDigit) {
    for (const own of redact) if (typeof own !== "string") hide(findLike(plain, own.like), `[${own.as}]`);
  }
  for (const { kind, sign, needs, find } of finders) {
    if (!needs(signs) || !redact.includes(kind) || (place === "value" && !OF_VALUES.includes(kind))) continue;
    runs ??= signs.hasDigit ? runsOfDigits(plain) : [];
    hide(find({ signs, plain, runs, place, redactions }), sign);
  }
  return hidden.length > 1 ? hidden.sort((one, other) => one.start - other.start) : hidden;
}
