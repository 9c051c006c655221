/** Removes cards, IBANs, e-mail addresses, phones and secrets from texts. Takes time linear in the text. */
import { WORDS_MAX } from "../../events/event.ts";
import { middleOf, signOfMiddle } from "../text/truncate.ts";
import type { Place } from "./cards/cards.ts";
import { hiddenIn, SECRET_SIGN } from "./find.ts";
import type { Redactions } from "./redactions.ts";
import { isSecretName } from "./secrets/secret-names.ts";
import { replaceSpans, type Span } from "./span.ts";

/** Signs are shorter than the text they replace, so a second pass may see more; this is enough for any text. */
const MOST_PASSES = 4;

function redacted(text: string, redactions: Redactions, place: Place): string {
  let shown = text;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const hidden = hiddenIn(shown, redactions, place);
    if (hidden.length === 0) return shown;
    const next = replaceSpans(shown, hidden);
    if (next === shown) return shown;
    shown = next;
  }
  return shown;
}

export const redact = (text: string, redactions: Redactions): string => redacted(text, redactions, "text");

/** Redacts a value that a bot set under a name: the number of an order is no phone there. */
export const redactValue = (value: string, redactions: Redactions): string => redacted(value, redactions, "value");

/** Redacts an attribute's value: the whole value if the name says that it is a secret. */
export const redactAttribute = (name: string, value: string, redactions: Redactions): string =>
  redactions.redact.includes("secret") && isSecretName(name) ? SECRET_SIGN : redactValue(value, redactions);

/** Nothing to hide is longer. */
const LONGEST_HIDDEN = 300;

/** Redacts the first `most` characters of a text. The rest costs nothing, and the cut does not split anything hidden. */
export function redactBeginning(text: string, most: number, redactions: Redactions): string {
  if (text.length <= most) return redact(text, redactions);
  const hidden = hiddenIn(text.slice(0, most + LONGEST_HIDDEN), redactions, "text").filter(({ start }) => start < most);
  return redact(replaceSpans(text.slice(0, Math.max(most, hidden.at(-1)?.end ?? 0)), hidden), redactions);
}

/** Finds what is hidden around a place. */
const hiddenNear = (text: string, place: number, redactions: Redactions): Span[] => {
  const from = Math.max(0, place - LONGEST_HIDDEN);
  const found = hiddenIn(text.slice(from, place + LONGEST_HIDDEN), redactions, "text");
  return found.map(({ start, end }) => ({ start: from + start, end: from + end }));
};

/**
 * Redacts a text, as `redact` does. The middle of a long one, for which `WORDS_MAX` has no room, is left out unread. Anything
 * hidden near either end of the middle goes with it: its other half, or its label, may be in there.
 */
export function redactWords(text: string, redactions: Redactions): string {
  if (text.length <= WORDS_MAX) return redact(text, redactions);
  const { start, end } = middleOf(text, WORDS_MAX);
  const middle = {
    start: Math.min(start, hiddenNear(text, start, redactions)[0]?.start ?? start),
    end: Math.max(end, hiddenNear(text, end, redactions).at(-1)?.end ?? end),
  };
  return redact(`${text.slice(0, middle.start)}${signOfMiddle(text, middle)}${text.slice(middle.end)}`, redactions);
}
