import { expect, it } from "vitest";
import { createHandoffIds } from "../../src/store/handoff-ids.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const DAY = 24 * 3_600_000;

it("generates ids that sort in their order, wherever the clock jumps, and across starts", () => {
  const ids: string[] = [];
  let at = NOW;
  for (const jump of [0, DAY, -3 * DAY, 0, -5]) {
    at += jump;
    const create = createHandoffIds({ now: () => at, random: () => 0.5, newest: () => ids.at(-1) ?? null });
    ids.push(create(), create());
    at += jump;
    ids.push(create());
  }
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
});
