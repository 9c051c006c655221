import { afterEach, expect, it } from "vitest";
import { quickly, runBattery } from "./battery.ts";
import { KILL_POINTS, type KillPoint } from "./kill-points.ts";
import { replaced } from "./scenarios.ts";
import { killAll } from "./service-process.ts";

afterEach(killAll);

const SEED = 20_261_123;

/** `npm run crash` kills at all points. This test has those that cannot be repeated, and one of every other step. */
const POINTS_HERE: readonly KillPoint[] = [
  ...KILL_POINTS.filter(({ target }) => ["delivery", "conversation", "route"].includes(target)),
  { target: "adoption", moment: "after-send" },
  { target: "tag", moment: "after-answer" },
  { target: "note", moment: "after-send" },
  { target: "metadata", moment: "before-record" },
];

it("keeps every promise when it is killed at any of its points, or while it starts", async () => {
  const tallies = await runBattery(quickly(POINTS_HERE.length + 2, 2, POINTS_HERE), SEED, () => undefined);
  expect(tallies.flatMap(({ name, violations }) => violations.map((it) => `${name}: ${it}`))).toEqual([]);
  expect(tallies.filter(({ missed }) => missed > 0)).toEqual([]);
  expect(tallies).toHaveLength(POINTS_HERE.length + 1);
});

it("sends nothing when it wakes up after another has taken its place", async () => {
  expect((await replaced({ target: "conversation", moment: "after-intent" })).violations).toEqual([]);
});
