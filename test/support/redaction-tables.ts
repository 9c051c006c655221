import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const DOC = resolve(import.meta.dirname, "../../docs/redaction.md");

/** Returns the rows of a table of docs/redaction.md, without its head; `⏎` is a new line. */
export function rowsUnder(heading: string): string[][] {
  const section =
    readFileSync(DOC, "utf8")
      .split(/^## /m)
      .find((text) => text.startsWith(`${heading}\n`)) ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) =>
      line
        .slice(2, -2)
        .split(/(?<!\\) \| /)
        .map((cell) => cell.replace(/^`|`$/g, "").replaceAll("\\|", "|").replaceAll("⏎", "\n")),
    );
}
