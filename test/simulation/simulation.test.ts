import { describe, expect, it } from "vitest";
import { simulate } from "./simulate.ts";

/** CI plays a hundred more by `npm run simulate`, which may take longer. */
const SEEDS = 30;

describe("a hostile schedule", () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))("breaks no invariant with seed %i", async (seed) => {
    expect((await simulate(seed)).violations, `npm run simulate -- --seed ${seed}`).toEqual([]);
  });

  it("is the same again from the same seed, call by call", async () => {
    for (const seed of [7, 99_999]) {
      const [first, again] = [await simulate(seed, { isTold: true }), await simulate(seed, { isTold: true })];
      expect(again.log).toEqual(first.log);
      expect(again.trace).toEqual(first.trace);
    }
  });

  it("differs from that of another seed", async () => {
    const [one, other] = [await simulate(1), await simulate(2)];
    expect(one.log).not.toEqual(other.log);
  });
});
