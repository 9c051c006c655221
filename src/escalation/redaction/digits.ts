/** Digits in a row. Positions are of the text they were found in. */
export interface Group {
  start: number;
  end: number;
  digits: string;
}

/** What may stand between the groups of one number. */
const GAP = /^[ ()./-]{1,4}$/;
const LONGEST_GAP = 4;

const DAY = "(?:0?[1-9]|[12]\\d|3[01])";
const MONTH = "(?:0?[1-9]|1[0-2])";
/** Digits that are surely something else: dates, times, UUIDs. */
const OTHERS = [
  new RegExp(`(?<!\\d)(?:19|20)\\d\\d([-./])${MONTH}\\1${DAY}(?!\\d)`, "g"),
  new RegExp(`(?<![\\d./-])${DAY}([-./]) ?${DAY}\\1 ?(?:(?:19|20)\\d\\d|\\d\\d)(?![./-]?\\d)`, "g"),
  /(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])/g,
  /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi,
];
/** Neither a digit, nor a letter, nor part of a gap. */
const BLANK = "_";

/** Groups that may belong to one number, run by run. `plain` is a text that went through `plainly`. */
export function runsOfDigits(plain: string): Group[][] {
  const text = OTHERS.reduce((rest, other) => rest.replace(other, (match) => BLANK.repeat(match.length)), plain);
  const runs: Group[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const { index, 0: digits } of text.matchAll(/\d+/g)) {
    const group = { start: index, end: index + digits.length, digits };
    const run = runs.at(-1);
    const isSameRun = index - end <= LONGEST_GAP && GAP.test(text.slice(end, index));
    if (run !== undefined && isSameRun) run.push(group);
    else runs.push([group]);
    end = group.end;
  }
  return runs;
}
