import { readFileSync } from "node:fs";

/** As UTF-8, or as UTF-16 where its byte order mark says so. Editors and shells of Windows write both, with the mark. */
export function readTextFile(path: string): string {
  const bytes = readFileSync(path);
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  const encoding = mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8";
  // The decoder takes the mark off.
  return new TextDecoder(encoding).decode(bytes);
}
