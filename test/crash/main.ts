/** `npm run crash -- --kills N [--seed S]`: kills real processes, and prints the results. Ends with 1 on a violation. */
import { parseArgs } from "node:util";
import { asShipped, quickly, runBattery, type Tally } from "./battery.ts";
import { nameOf } from "./kill-points.ts";
import { CLEAN_STALLS, killedInFlight, replaced, STALLS, stalled, type Told, terminatedInFlight } from "./scenarios.ts";
import { killAll } from "./service-process.ts";

const SHIPPED_SHARE = 0.05;
const SHOWN_VIOLATIONS = 20;
const PROGRESS_EVERY_MS = 5_000;
/** Most workers sleep most of the time. */
const ASLEEP_AT_ONCE = 3;
const TERM_AFTER_MS = [0, 100, 350, 700];

const { values } = parseArgs({ options: { kills: { type: "string", default: "200" }, seed: { type: "string" } } });
const kills = Number(values.kills);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  console.error("Usage: npm run crash -- --kills <number> [--seed <number>]");
  process.exit(2);
}

const violations: string[] = [];
let saidAt = 0;
function progress(what: string): (done: number, of: number, violations: number) => void {
  return (done, of, violations) => {
    if (Date.now() - saidAt < PROGRESS_EVERY_MS && done < of) return;
    saidAt = Date.now();
    console.log(`  ${what}: ${done} of ${of} rounds, ${violations} violations`);
  };
}

type Scenario = [name: string, play: () => Promise<Told>];
const inFlight: Scenario[] = [
  ["20 in flight, killed, started at once", () => killedInFlight(0)],
  ["20 in flight, killed, started 3 s later", () => killedInFlight(3_000)],
  ...TERM_AFTER_MS.map((ms): Scenario => [`20 in flight, SIGTERM after ${ms} ms`, () => terminatedInFlight(ms)]),
];
const asleep: Scenario[] = [
  ...STALLS.map((point): Scenario => [`asleep at ${nameOf(point)}`, () => stalled(point)]),
  ...CLEAN_STALLS.map((point): Scenario => [`replaced at ${nameOf(point)}`, () => replaced(point)]),
];

async function playAll(scenarios: readonly Scenario[], atOnce: number): Promise<void> {
  const left = [...scenarios];
  async function run(): Promise<void> {
    for (let scenario = left.shift(); scenario !== undefined; scenario = left.shift()) {
      const [name, play] = scenario;
      const told = await play();
      violations.push(...told.violations.map((it) => `${name}: ${it}`));
      const verdict = told.violations.length === 0 ? "ok" : `${told.violations.length} VIOLATIONS`;
      console.log(`  ${[`${name}: ${verdict}`, ...told.remarks].join("; ")}`);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, run));
}

function print(tallies: readonly Tally[]): void {
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(48) : String(cell).padStart(11))).join("");
  console.log(`\n${row(["killed at", "kills", "unanswered", "missed", "violations"])}`);
  for (const tally of tallies) {
    console.log(row([tally.name, tally.kills, tally.unanswered, tally.missed, tally.violations.length]));
  }
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  console.log(
    row([
      "altogether",
      sum((it) => it.kills),
      sum((it) => it.unanswered),
      sum((it) => it.missed),
      sum((it) => it.violations.length),
    ]),
  );
  console.log("\nunanswered: in the record when the process died, and its sender had no answer, so it came again");
}

const startedAt = Date.now();
try {
  console.log(`${kills} kills, seed ${seed}`);
  await playAll(inFlight, 1);
  await playAll(asleep, ASLEEP_AT_ONCE);
  const shipped = Math.max(4, Math.round(kills * SHIPPED_SHARE));
  const tallies = [
    ...(await runBattery(quickly(kills - shipped, 2), seed, progress("quick waits"))),
    ...(await runBattery(asShipped(shipped, 4), seed, progress("as shipped"))),
  ];
  print(tallies);
  violations.push(...tallies.flatMap((tally) => tally.violations.map((it) => `${tally.name}: ${it}`)));
  const missed = tallies.filter((tally) => tally.missed === tally.rounds && tally.rounds > 0);
  violations.push(...missed.map(({ name }) => `${name} was never reached`));
} finally {
  killAll();
}
for (const line of violations.slice(0, SHOWN_VIOLATIONS)) console.log(`VIOLATION ${line}`);
console.log(`${violations.length} violations in ${Math.round((Date.now() - startedAt) / 1_000)} s`);
if (violations.length > 0) {
  console.log(`Again: npm run crash -- --kills ${kills} --seed ${seed}`);
  process.exitCode = 1;
}
