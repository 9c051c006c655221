/** Runs many rounds on several lanes side by side, and counts them by the way the process died. */
import type { HandoffSettings } from "../../src/handoff/settings.ts";
import { type Blow, createLane, nameOfBlow, QUICK, QUICK_PLATFORM, type Round } from "./lane.ts";
import { POINTS, type Point } from "./points.ts";
import { createRandom } from "./random.ts";
import type { Latency } from "./stage.ts";

export interface Tally {
  name: string;
  rounds: number;
  kills: number;
  unanswered: number;
  missed: number;
  violations: string[];
}

export interface Kind {
  name: string;
  blows: readonly Blow[];
  lanes: number;
  settings: Partial<HandoffSettings> | null;
  sessions: number;
  latencyMs: Latency;
}

const ANY_MOMENT: Blow = { kind: "any-moment" };

/** Kills at these points in turn, and at any moment: at most `kills` times, and at least once at every point. */
export function quickly(kills: number, lanes: number, given: readonly Point[] = POINTS): Kind {
  const points = given.map((point): Blow => ({ kind: "point", point }));
  // Four of five kills are at a point; the others come in pairs.
  const atPoints = Math.max(points.length, Math.floor((kills * 4) / 5));
  const pairs = Math.max(1, Math.floor((kills - atPoints) / 2));
  const blows = Array.from({ length: atPoints }, (_, index) => points[index % points.length] ?? ANY_MOMENT);
  const every = Math.max(1, Math.floor(atPoints / pairs));
  for (let pair = pairs; pair > 0; pair -= 1) blows.splice(pair * every, 0, ANY_MOMENT);
  return { name: "quick", blows, lanes, settings: QUICK, sessions: 8, latencyMs: QUICK_PLATFORM };
}

/** The product's own entry with its own waits. They take seconds, so many lanes can run at once. */
export const asShipped = (kills: number, lanes: number): Kind => ({
  name: "as shipped",
  blows: Array.from({ length: Math.ceil(kills / 2) }, () => ANY_MOMENT),
  lanes,
  settings: null,
  sessions: 12,
  latencyMs: { min: 20, max: 120 },
});

export async function runBattery(
  { name, blows, lanes, settings, sessions, latencyMs }: Kind,
  seed: number,
  progress: (done: number, of: number, violations: number) => void,
): Promise<Tally[]> {
  const tallies = new Map<string, Tally>();
  const tallyOf = (key: string): Tally => {
    const tally = tallies.get(key) ?? { name: key, rounds: 0, kills: 0, unanswered: 0, missed: 0, violations: [] };
    tallies.set(key, tally);
    return tally;
  };
  const left = [...blows];
  let done = 0;
  let broken = 0;
  const count = (blow: Blow, { kills, unanswered, violations, isMissed }: Round): void => {
    const tally = tallyOf(settings === null ? `${name}: ${nameOfBlow(blow)}` : nameOfBlow(blow));
    tally.rounds += 1;
    tally.kills += kills;
    tally.unanswered += unanswered;
    tally.missed += isMissed ? 1 : 0;
    tally.violations.push(...violations);
    done += 1;
    broken += violations.length;
    progress(done, blows.length, broken);
  };

  async function run(index: number): Promise<void> {
    const random = createRandom(seed + index);
    const lane = await createLane({ name: `l${index}`, random, settings, sessions, latencyMs });
    for (let blow = left.shift(); blow !== undefined; blow = left.shift()) count(blow, await lane.round(blow));
    const violations = await lane.end();
    if (violations.length > 0) tallyOf("the whole file, at its end").violations.push(...violations);
  }
  await Promise.all(Array.from({ length: lanes }, (_, index) => run(index)));
  return [...tallies.values()];
}
