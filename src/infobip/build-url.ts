import { err, ok, type Result } from "../result.ts";

/** Arrays are sent exploded (`a=1&a=2`); undefined values are left out. */
export type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

/** Encoding leaves these as they are, so they would change the path; any other text becomes one part. */
const PATHS = new Set(["", ".", ".."]);

/**
 * Builds the URL of an operation. Every part is encoded as one, so an id can neither leave its place in the path nor name another
 * host; one that no encoding makes safe is refused. The error names the mistake, not the value.
 */
export function toAddress(origin: string, path: readonly string[], query: Query = {}): Result<string, string> {
  if (path.some((part) => PATHS.has(part))) return err("an id is empty or a path");
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((each) => each !== undefined)
      .map((each): [string, string] => [name, String(each)]),
  );
  // A lone surrogate has no encoding.
  if (![...path, ...pairs.flat()].every((part) => part.isWellFormed())) return err("a text is not well-formed");

  const address = `${origin}/${path.map(encodeURIComponent).join("/")}`;
  return ok(pairs.length === 0 ? address : `${address}?${pairs.map(toParameter).join("&")}`);
}

/** Writes `%20` and `%2B`, which mean the same to every server; some read a bare plus as a space. */
function toParameter([name, value]: [string, string]): string {
  return `${name}=${encodeURIComponent(value)}`;
}
