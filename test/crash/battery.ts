/** Runs many rounds on several workers side by side, and counts them by the way the process died. */
import type { HandoffSettings } from "../../src/handoff/settings.ts";
import type { Latency } from "./environment.ts";
import { KILL_POINTS, type KillPoint } from "./kill-points.ts";
import { createRandom } from "./random.ts";
import { type Blow, createWorker, nameOfBlow, QUICK, QUICK_PLATFORM, type Round } from "./worker.ts";

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
  workers: number;
  settings: Partial<HandoffSettings> | null;
  sessions: number;
  latencyMs: Latency;
}

const ANY_MOMENT: Blow = { kind: "any-moment" };

/** Kills at these points in turn, and at any moment: at most `kills` times, and at least once at every point. */
export function quickly(kills: number, workers: number, given: readonly KillPoint[] = KILL_POINTS): Kind {
  const points = given.map((point): Blow => ({ kind: "point", point }));
  // Four of five kills are at a point; the others come in pairs.
  const atPoints = Math.max(points.length, Math.floor((kills * 4) / 5));
  const pairs = Math.max(1, Math.floor((kills - atPoints) / 2));
  const blows = Array.from({ length: atPoints }, (_, index) => points[index % points.length] ?? ANY_MOMENT);
  const every = Math.max(1, Math.floor(atPoints / pairs));
  for (let pair = pairs; pair > 0; pair -= 1) blows.splice(pair * every, 0, ANY_MOMENT);
  return { name: "quick", blows, workers, settings: QUICK, sessions: 8, latencyMs: QUICK_PLATFORM };
}

/** The product's own entry with its own waits. They take seconds, so many workers can run at once. */
export const asShipped = (kills: number, workers: number): Kind => ({
  name: "as shipped",
  blows: Array.from({ length: Math.ceil(kills / 2) }, () => ANY_MOMENT),
  workers,
  settings: null,
  sessions: 12,
  latencyMs: { min: 20, max: 120 },
});

export async function runBattery(
  { name, blows, workers, settings, sessions, latencyMs }: Kind,
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
    const worker = await createWorker({ name: `l${index}`, random, settings, sessions, latencyMs });
    for (let blow = left.shift(); blow !== undefined; blow = left.shift()) count(blow, await worker.round(blow));
    const violations = await worker.end();
    if (violations.length > 0) tallyOf("the whole file, at its end").violations.push(...violations);
  }
  await Promise.all(Array.from({ length: workers }, (_, index) => run(index)));
  return [...tallies.values()];
}
