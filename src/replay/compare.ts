import { isDeepStrictEqual } from "node:util";
import { createTwoFilesPatch } from "diff";

/** Notes and other long texts a line each, so that a difference in one line shows as one line. */
const toLines = (outcome: unknown): string => JSON.stringify(outcome, null, 2).replaceAll("\\n", "\\n\n        ");

/** A unified diff from what must be to what is; null: they are the same. */
export function differences(expected: unknown, actual: unknown): string | null {
  // As JSON has them: a key that is undefined is no key.
  const seen: unknown = JSON.parse(JSON.stringify(actual));
  if (isDeepStrictEqual(expected, seen)) return null;
  return createTwoFilesPatch("expected", "actual", toLines(expected ?? {}), toLines(seen), "", "", {
    context: 3,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });
}
