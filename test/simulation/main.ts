/**
 * npm run simulate -- --seeds 10000              many schedules, from --first on
 * npm run simulate -- --seed 42                  one schedule, told line by line
 * npm run simulate -- --mutants                  the product with a fault planted in it: each has to be found
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { findMutants } from "./find-mutants.ts";
import { isProfileName, type ProfileName } from "./profile.ts";
import { simulate } from "./simulate.ts";
import { createStatistics } from "./statistics.ts";
import { runSchedules } from "./workers.ts";

const PROGRESS_EVERY = 250;
/** Enough to show a fault; more of the same help nobody. */
const ENOUGH_FAILURES = 10;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    first: { type: "string", default: "1" },
    seed: { type: "string" },
    profile: { type: "string", default: "hostile" },
    processes: { type: "string", default: String(availableParallelism()) },
    mutants: { type: "boolean", default: false },
    only: { type: "string" },
    failures: { type: "string", default: String(ENOUGH_FAILURES) },
  },
});

const numberOf = (name: string, text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`--${name} must be a whole number, not '${text}'`);
  return number;
};

async function tellOne(seed: number, profile: ProfileName): Promise<boolean> {
  const { trace, log: _log, violations, ...counts } = await simulate(seed, { profile, isTold: true });
  console.log(trace.join("\n"));
  console.log(counts);
  for (const { invariant, what } of violations) console.log(`invariant ${invariant}: ${what}`);
  return violations.length === 0;
}

async function runMany(first: number, count: number, profile: ProfileName, processes: number): Promise<boolean> {
  const tally = createStatistics();
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1_000;
  await runSchedules({
    directory: import.meta.dirname,
    profile,
    first,
    last: first + count - 1,
    processes: Math.min(processes, count),
    onSchedule(told) {
      tally.add(told);
      for (const { invariant, what } of told.violations.slice(0, 3)) {
        console.log(`seed ${told.seed}: invariant ${invariant}: ${what}`);
      }
      if (tally.schedules() % PROGRESS_EVERY === 0)
        console.log(`${tally.schedules()} schedules, ${seconds().toFixed(0)} s`);
      return tally.bad() >= numberOf("failures", values.failures);
    },
  });
  console.log(`\nprofile ${profile}, seeds from ${first}\n${tally.table(seconds())}`);
  return tally.bad() === 0;
}

const { profile } = values;
if (!isProfileName(profile)) throw new Error("--profile is hostile or mild");
const processes = Math.max(1, numberOf("processes", values.processes));
const isGood =
  values.seed !== undefined
    ? await tellOne(numberOf("seed", values.seed), profile)
    : values.mutants
      ? await findMutants({ processes, only: values.only, tell: console.log })
      : await runMany(numberOf("first", values.first), numberOf("seeds", values.seeds), profile, processes);
process.exitCode = isGood ? 0 : 1;
