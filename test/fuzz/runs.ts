import type { Parameters } from "fast-check";

/** How often a property is tried: a slice in `npm test`, or as often as `npm run fuzz` says. */
export function runs<T>(slice: number): Parameters<T> {
  const { FUZZ_RUNS } = process.env;
  return { numRuns: FUZZ_RUNS === undefined ? slice : Number(FUZZ_RUNS) };
}
