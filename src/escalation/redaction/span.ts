/** A place in a text: [start, end). */
export interface Span {
  start: number;
  end: number;
}

export interface Hidden extends Span {
  /** Replacement text. */
  sign: string;
}

/** Replaces every span by its sign; the spans are in order and apart. */
export function replaceSpans(text: string, spans: readonly Hidden[]): string {
  if (spans.length === 0) return text;
  let from = 0;
  const pieces: string[] = [];
  for (const { start, end, sign } of spans) {
    pieces.push(text.slice(from, start), sign);
    from = end;
  }
  return pieces.join("") + text.slice(from);
}

/** The text with what is found looking like its sign, so that it is not looked at again. Positions stay. */
export function maskSpans(plain: string, spans: readonly Span[]): string {
  let from = 0;
  let rest = "";
  for (const { start, end } of spans) {
    rest += `${plain.slice(from, start)}[${"]".repeat(end - start - 1)}`;
    from = end;
  }
  return rest + plain.slice(from);
}
