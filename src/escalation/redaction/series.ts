import { hiddenIn } from "./find.ts";
import type { Redactions } from "./redactions.ts";
import { type Hidden, replaceSpans } from "./span.ts";

/** A number that continues in the next message ends this one, and begins the next. */
const ENDS_OPEN = /\p{Nd}[^\p{L}\p{Nd}]{0,6}$/u;
const BEGINS_OPEN = /^[^\p{L}\p{Nd}]{0,6}\p{Nd}/u;
/** Only kinds with a check of their own: two messages do not form one of them by chance. */
const CHECKED = ["card", "iban"] as const;

/** Redacts several messages in a row of one author: cards and IBANs may begin in one and end in another. */
export function redactSeries(texts: readonly string[], redactions: Redactions): string[] {
  const kinds = CHECKED.filter((kind) => redactions.redact.includes(kind));
  const isOpen = (text: string, index: number): boolean =>
    ENDS_OPEN.test(text) && BEGINS_OPEN.test(texts[index + 1] ?? "");
  if (kinds.length === 0 || !texts.some(isOpen)) return [...texts];
  const hidden = hiddenIn(texts.join("\n"), { redact: kinds }, "text");
  let from = 0;
  return texts.map((text) => {
    const end = from + text.length;
    const parts = hidden.flatMap((span) => partIn(span, from, end));
    from = end + 1;
    return replaceSpans(text, parts);
  });
}

/** Clips a span over several messages to this one, in this one's own positions. */
function partIn(span: Hidden, from: number, end: number): Hidden[] {
  const isWithin = span.start >= from && span.end <= end;
  const part = { start: Math.max(span.start, from), end: Math.min(span.end, end) };
  return isWithin || part.start >= part.end ? [] : [{ ...span, start: part.start - from, end: part.end - from }];
}
