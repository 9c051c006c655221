const MAX_WAIT_SECONDS = 25;
/** A preference of RFC 7240: its name, and its value as a token or in quotes. */
const PREFERENCE = /^([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[^"\\]|\\.)*)"))?$/;
const SECONDS = /^\d{1,9}$/;

export interface Preferred {
  /** Longest wait of the answer for the route. */
  waitMs: number;
  /** Value of `Preference-Applied`; empty: none was applied. */
  applied: string;
}

/** Splits at a separator outside quotes. */
function splitUnquoted(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (isQuoted && character === "\\") index += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** The first of repeated preferences counts, as RFC 7240 says. Parameters have no meaning here. */
function readPreferences(prefer: string): ReadonlyMap<string, string> {
  const preferences = new Map<string, string>();
  for (const one of splitUnquoted(prefer, ",")) {
    const [preference = ""] = splitUnquoted(one, ";");
    const [, name, token, quoted] = PREFERENCE.exec(preference.trim()) ?? [];
    if (name === undefined || preferences.has(name.toLowerCase())) continue;
    preferences.set(name.toLowerCase(), token ?? quoted?.replace(/\\(.)/g, "$1") ?? "");
  }
  return preferences;
}

/** Reads the wait that a caller wants from RFC 7240's `Prefer`. Default: `otherwise`. */
export function readPrefer(prefer: string | undefined, otherwise: number): Preferred {
  if (prefer === undefined) return { waitMs: otherwise, applied: "" };
  const preferences = readPreferences(prefer);
  const isAsync = preferences.has("respond-async");
  const asked = preferences.get("wait") ?? "";
  const seconds = SECONDS.test(asked) ? Math.min(MAX_WAIT_SECONDS, Number(asked)) : null;
  const applied = [isAsync ? "respond-async" : "", seconds === null ? "" : `wait=${seconds}`].filter(Boolean);
  // A caller may name both: then the answer waits, and comes anyway (RFC 7240, 4.3).
  const waitMs = seconds === null ? (isAsync ? 0 : otherwise) : seconds * 1_000;
  return { waitMs, applied: applied.join(", ") };
}
