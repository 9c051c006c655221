import { readFileSync } from "node:fs";

/** Reads UTF-8, or UTF-16 with a byte order mark. Editors and shells of Windows write both, with the mark. */
export function readTextFile(path: string): string {
  const bytes = readFileSync(path);
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  const encoding = mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8";
  // The decoder removes the mark.
  return new TextDecoder(encoding).decode(bytes);
}
