/** Every phrase that begins with one of the first and goes on with one of the others. */
export const inRow = (firsts: readonly string[], others: readonly string[]): string[] =>
  firsts.flatMap((first) => others.map((other) => `${first} ${other}`));
