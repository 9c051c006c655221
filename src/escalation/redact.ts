/** Cards, IBANs, e-mail addresses, phones and secrets, taken out of what people write. Linear in the text's length. */
import type { Place } from "./redaction/cards/cards.ts";
import { hiddenIn } from "./redaction/find.ts";
import type { Redactions } from "./redaction/redactions.ts";
import { replaceSpans } from "./redaction/span.ts";

/** Signs are shorter than what they hide, so that more may be seen the second time; this is enough for any text. */
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

/** As `redact`, for a value that a bot set under a name: an order's number is no phone there. */
export const redactValue = (value: string, redactions: Redactions): string => redacted(value, redactions, "value");
