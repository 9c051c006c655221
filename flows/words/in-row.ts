/** Joins each of the first phrases with each of the others. */
export const inRow = (firsts: readonly string[], others: readonly string[]): string[] =>
  firsts.flatMap((first) => others.map((other) => `${first} ${other}`));
