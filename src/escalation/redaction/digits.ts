/** Digits in a row. Positions refer to the text in which they were found. */
export interface Group {
  start: number;
  end: number;
}

/** Characters between the groups of one number of any kind. */
const GAP = new Set([..." \n.,_|·*:/()-"].map((character) => character.charCodeAt(0)));
/** `&nbsp;` between two groups, or a dash with spaces around it. */
const LONGEST_GAP = 7;

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Groups that may belong to one number, run by run. `plain` went through `plainly`. */
export function runsOfDigits(plain: string): Group[][] {
  const runs: Group[][] = [];
  let run: Group[] = [];
  let end = 0;
  for (let position = 0; position < plain.length; position += 1) {
    const code = plain.charCodeAt(position);
    if (isDigit(code)) {
      const start = position;
      while (isDigit(plain.charCodeAt(position + 1))) position += 1;
      end = position + 1;
      run.push({ start, end });
    } else if (run.length > 0 && (!GAP.has(code) || position - end >= LONGEST_GAP)) {
      runs.push(run);
      run = [];
    }
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

export const gapAfter = (plain: string, run: readonly Group[], index: number): string =>
  plain.slice(run[index]?.end ?? 0, run[index + 1]?.start ?? 0);

export const sizeOf = (group: Group | undefined): number => (group === undefined ? 0 : group.end - group.start);

export const digitsOf = (plain: string, groups: readonly Group[]): string =>
  groups.length === 1
    ? plain.slice(groups[0]?.start, groups[0]?.end)
    : groups.map(({ start, end }) => plain.slice(start, end)).join("");
