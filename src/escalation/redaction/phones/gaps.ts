import type { Group } from "../digits.ts";

const SIGNS = new Uint8Array(128);
for (const sign of " ()./-") SIGNS[sign.charCodeAt(0)] = 1;
const SPACE = 32;
const MOST_SIGNS = 3;

/** True if two groups have only a few spaces, dashes, dots, slashes and brackets between them. */
export function isGapAfter(plain: string, run: readonly Group[], index: number): boolean {
  const from = run[index]?.end ?? 0;
  const to = run[index + 1]?.start ?? 0;
  if (to <= from || to - from > MOST_SIGNS) return false;
  for (let at = from; at < to; at += 1) if (SIGNS[plain.charCodeAt(at)] !== 1) return false;
  return true;
}

export const isWideAfter = (plain: string, run: readonly Group[], index: number): boolean => {
  const from = run[index]?.end ?? 0;
  return plain.charCodeAt(from) === SPACE && plain.charCodeAt(from + 1) === SPACE;
};
