import { type Pasted, readPasted } from "../events/pasted/read-pasted.ts";
import { parseJson } from "../events/reading/json.ts";
import { err, ok, type Result } from "../result.ts";

/** Deeper than any payload of a bot, and far from the limit of a parser. */
const MAX_DEPTH = 32;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPENS_OBJECT, CLOSES_OBJECT, OPENS_ARRAY, CLOSES_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

const isTooDeep = (text: string, maxDepth: number): boolean => {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === BACKSLASH) index += 1;
      else if (character === QUOTE) inString = false;
    } else if (character === QUOTE) inString = true;
    else if (character === OPENS_OBJECT || character === OPENS_ARRAY) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (character === CLOSES_OBJECT || character === CLOSES_ARRAY) depth -= 1;
  }
  return false;
};

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Returns the text of a body, without byte order marks and white space around it. */
function textOf(bytes: Uint8Array): Result<string, string> {
  let text: string;
  try {
    text = decoder.decode(bytes).trim();
  } catch {
    return err("It is not valid UTF-8.");
  }
  return text === "" ? err("It is empty; JSON is expected.") : ok(text);
}

const noJson = err("It is not valid JSON.");

/** JSON text inside a JSON string is parsed as well. */
function parsed(
  text: string,
  parse: (text: string) => Pasted | undefined,
  maxDepth: number,
  wrappers = 2,
): Result<Pasted, string> {
  if (isTooDeep(text, maxDepth)) return err(`It is nested deeper than ${maxDepth} levels.`);
  const read = parse(text);
  if (read === undefined) return noJson;
  if (typeof read.value !== "string" || wrappers === 0) return ok(read);
  const inner = parsed(read.value.trim(), parse, maxDepth, wrappers - 1);
  return inner.ok && typeof inner.value.value === "object" ? inner : ok(read);
}

/** Parses a form as a flat object; undefined: the body is none, whatever its Content-Type says. */
export function parseFormBody(bytes: Uint8Array): Record<string, string> | undefined {
  const text = textOf(bytes);
  if (!text.ok || !/^[^\s{}[\]"=&]+=/.test(text.value)) return undefined;
  return Object.fromEntries(new URLSearchParams(text.value));
}

function readJson(text: string): Pasted | undefined {
  try {
    return { value: parseJson(text), isMended: false };
  } catch {
    return undefined;
  }
}

/** Parses a body as JSON: strict UTF-8, bounded depth. The error describes the mistake and quotes nothing. */
export function parseBody(bytes: Uint8Array, maxDepth = MAX_DEPTH): Result<unknown, string> {
  const text = textOf(bytes);
  const read = text.ok ? parsed(text.value, readJson, maxDepth) : text;
  return read.ok ? ok(read.value.value) : read;
}

/** Parses a body that a flow builder pasted together: one that is no JSON is read as well as possible. */
export function parsePastedBody(bytes: Uint8Array, maxDepth = MAX_DEPTH): Result<Pasted, string> {
  const text = textOf(bytes);
  return text.ok ? parsed(text.value, readPasted, maxDepth) : text;
}
