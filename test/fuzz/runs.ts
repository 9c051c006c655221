import type { Parameters } from "fast-check";

/** Number of tries of a property: a slice in `npm test`, or the number of `npm run fuzz`. */
export function runs<T>(slice: number): Parameters<T> {
  const { FUZZ_RUNS } = process.env;
  return { numRuns: FUZZ_RUNS === undefined ? slice : Number(FUZZ_RUNS) };
}
