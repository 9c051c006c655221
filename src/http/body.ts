import { err, ok, type Result } from "../result.ts";

/** Deeper than any payload of a bot, and far from what stops a parser. */
const MAX_DEPTH = 32;

const isTooDeep = (text: string): boolean => {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (character === "}" || character === "]") depth -= 1;
  }
  return false;
};

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** A body as JSON: strict UTF-8, bounded depth. The error says what is wrong with it and holds nothing of it. */
export function parseBody(bytes: Uint8Array): Result<unknown, string> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return err("It is not valid UTF-8.");
  }
  if (text.trim() === "") return err("It is empty; JSON is expected.");
  if (isTooDeep(text)) return err(`It is nested deeper than ${MAX_DEPTH} levels.`);
  try {
    return ok(JSON.parse(text));
  } catch {
    return err("It is not valid JSON.");
  }
}
