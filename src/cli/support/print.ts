import { styleText } from "node:util";

/** Ends a command. `code` is 1 if it failed, 2 if it was called or configured wrongly. */
export class Failure extends Error {
  readonly code: 1 | 2;
  constructor(message: string, code: 1 | 2 = 1) {
    super(message);
    this.code = code;
  }
}

export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** Colours appear only on a terminal that shows them. */
export const good = (text: string): string => styleText("green", text);
export const bad = (text: string): string => styleText("red", text);
export const doubtful = (text: string): string => styleText("yellow", text);
export const faint = (text: string): string => styleText("dim", text);

/** Prints columns as wide as their widest cell; the last one is not padded. */
export function printTable(
  headings: readonly string[],
  rows: readonly (readonly (string | null | undefined)[])[],
): void {
  const cells = [headings, ...rows.map((row) => row.map((cell) => cell ?? "-"))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  for (const [index, row] of cells.entries()) {
    const last = row.length - 1;
    const line = row.map((cell, column) => (column === last ? cell : cell.padEnd(widths[column] ?? 0))).join("  ");
    console.log(index === 0 ? faint(line) : line);
  }
}

/** Prints names and values, one a line, without those that have no value. */
export function printFields(fields: Record<string, string | null | undefined>): void {
  const given = Object.entries(fields).filter((field): field is [string, string] => Boolean(field[1]));
  const width = Math.max(...given.map(([name]) => name.length));
  for (const [name, value] of given) console.log(`${faint(name.padEnd(width))}  ${value}`);
}
