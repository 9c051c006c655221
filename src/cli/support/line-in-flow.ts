/** Finds the line on which a part of a flow is written, as far as it is written as a literal. */

const CLOSING: Readonly<Record<string, string>> = { "{": "}", "[": "]", "(": ")" };
const isQuote = (char: string | undefined): boolean => char === '"' || char === "'" || char === "`";

/** Skips white space and comments. */
function skipBlank(source: string, from: number): number {
  const blank = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
  blank.lastIndex = from;
  return from + (blank.exec(source)?.[0].length ?? 0);
}

function skipString(source: string, from: number): number {
  const quote = source[from];
  let at = from + 1;
  while (at < source.length && source[at] !== quote) at += source[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** Returns the end of a value: the comma behind it, or the bracket that closes what it is in. */
function endOfValue(source: string, from: number): number {
  const open: string[] = [];
  for (let at = skipBlank(source, from); at < source.length; at = skipBlank(source, at)) {
    const char = source[at] ?? "";
    if (isQuote(char)) at = skipString(source, at);
    else if (open.length === 0 && /[,}\])]/.test(char)) return at;
    else {
      const closing = CLOSING[char];
      if (closing !== undefined) open.push(closing);
      else if (char === open.at(-1)) open.pop();
      at += 1;
    }
  }
  return source.length;
}

const KEY = /(?:(\w+)|"([^"]*)"|'([^']*)')\s*:/y;

/** Finds the start of a member of the object or list that opens at `open`; null: it is not written there. */
function memberOf(source: string, open: number, key: string): number | null {
  const isList = source[open] === "[";
  for (let at = skipBlank(source, open + 1), index = 0; at < source.length; index += 1) {
    if (source[at] === "}" || source[at] === "]") return null;
    KEY.lastIndex = at;
    const named = isList ? null : KEY.exec(source);
    const name = isList ? String(index) : named?.slice(1).find((it) => it !== undefined);
    // A list that takes over another one has members that nobody can count.
    if (isList && source.startsWith("...", at)) return null;
    if (name === key) return isList ? at : skipBlank(source, at + (named?.[0].length ?? 0));
    const end = endOfValue(source, at);
    const next = skipBlank(source, source[end] === "," ? end + 1 : end);
    if (next === at) return null;
    at = next;
  }
  return null;
}

/** `from`: where the call with the flow begins. */
export function lineInFlow(source: string, from: number, path: readonly PropertyKey[]): number {
  let at = source.indexOf("{", from);
  for (const key of path.map(String)) {
    const isOpen = source[at] === "{" || source[at] === "[";
    const found = isOpen ? memberOf(source, at, key) : null;
    // One value stands for a list of one, and a text for all languages.
    if (found !== null) at = found;
    else if (key !== "0" && key !== "*") break;
  }
  return source.slice(0, at).split("\n").length;
}
