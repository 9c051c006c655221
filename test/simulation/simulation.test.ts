import { describe, expect, it } from "vitest";
import { simulate } from "./simulate.ts";

/** Takes about ten seconds; `npm run simulate` may take longer. */
const SEEDS = 100;

describe("a hostile schedule", () => {
  it(`breaks no invariant, ${SEEDS} times`, async () => {
    const broken: unknown[] = [];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { violations } = await simulate(seed);
      if (violations.length > 0) broken.push({ seed, violations });
    }
    expect(broken, "replay one with: npm run simulate -- --seed <seed>").toEqual([]);
  }, 300_000);

  it("is the same again from the same seed, call by call", async () => {
    for (const seed of [7, 1_234, 99_999]) {
      const [first, again] = [await simulate(seed, { isTold: true }), await simulate(seed, { isTold: true })];
      expect(again.log).toEqual(first.log);
      expect(again.story).toEqual(first.story);
    }
  });

  it("differs from that of another seed", async () => {
    const [one, other] = [await simulate(1), await simulate(2)];
    expect(one.log).not.toEqual(other.log);
  });
});
