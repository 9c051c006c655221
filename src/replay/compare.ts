import { isDeepStrictEqual } from "node:util";
import { createTwoFilesPatch } from "diff";

/** Breaks notes and other long texts into lines, so that a difference in one line shows as one line. */
const toLines = (outcome: unknown): string => JSON.stringify(outcome, null, 2).replaceAll("\\n", "\\n\n        ");

/** Returns a unified diff from the expected to the actual outcome; null: they are equal. */
export function describeDifferences(expected: unknown, actual: unknown): string | null {
  // JSON drops keys that are undefined.
  const seen: unknown = JSON.parse(JSON.stringify(actual));
  if (isDeepStrictEqual(expected, seen)) return null;
  return createTwoFilesPatch("expected", "actual", toLines(expected ?? {}), toLines(seen), "", "", {
    context: 3,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });
}
