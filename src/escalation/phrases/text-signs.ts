/** Quick looks at a text that tell in which spellings it has to be read. */
import { KIND, type Kind, kindOf, LAST_UNIT } from "./characters.ts";
import { maybeUnspaced } from "./unspaced.ts";

const isSymbol = (kind: Kind): boolean => kind === KIND.symbol || kind === KIND.skinTone || kind === KIND.regional;

/** ASCII text, in which only the case and the space between words need folding. */
const ASCII = /^\p{ASCII}*$/u;
const ASCII_SYMBOL = /[$+<=>^`|~]/;
export const isAscii = (text: string): boolean => ASCII.test(text);

const isSurrogate = (unit: number): boolean => (unit & 0xf800) === 0xd800;

export function hasSymbol(text: string): boolean {
  if (isAscii(text)) return ASCII_SYMBOL.test(text);
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isSymbol(kindOf(isSurrogate(unit) ? (text.codePointAt(at) ?? 0) : unit))) return true;
  }
  return false;
}

/** A character of two code units, with marks. */
const FURTHEST_BACK = 10;

/** The kind of the character that ends before a position, without its marks. */
function kindBefore(text: string, end: number): Kind {
  for (let at = end - 1; at >= Math.max(0, end - FURTHEST_BACK); at -= 1) {
    const isPair = (text.codePointAt(at - 1) ?? 0) > LAST_UNIT;
    if (isPair) at -= 1;
    const kind = kindOf(text.codePointAt(at) ?? 0);
    if (kind !== KIND.mark) return kind;
  }
  return KIND.other;
}

/** True if a text has spaces inside a script that has none. */
export function hasInnerSpaces(text: string): boolean {
  if (!maybeUnspaced(text)) return false;
  for (const { index, 0: space } of text.matchAll(/\s+/g)) {
    const next = text.codePointAt(index + space.length);
    if (next === undefined || kindOf(next) !== KIND.unspaced) continue;
    if (kindBefore(text, index) === KIND.unspaced) return true;
  }
  return false;
}
