/** Half a minute of the ratios that matter, for CI: reports those below a generous bound, and fails on nothing. */
import { Agent } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { handingOver, telling } from "./bot-requests.ts";
import { startAll } from "./handoffs.ts";
import { startBaton, startByHand, startStandIn } from "./process.ts";
import { sideBySide } from "./side-by-side.ts";
import { ratio } from "./statistics.ts";

const COURSE = { rounds: 3, roundMs: 700, others: [] };
/** Half of the goal: a noisy machine alone does not get so low. */
const BOUNDS = [
  { name: "events to their floor", goal: 0.75, bound: 0.37 },
  { name: "handoffs to the same calls by hand", goal: 2, bound: 1 },
  { name: "handoffs to three calls by hand", goal: 1.5, bound: 0.75 },
  { name: "handoffs to their floor", goal: 0.5, bound: 0.25 },
];

async function ofEvents(platformUrl: string, dispatcher: Agent): Promise<number[]> {
  const both = await Promise.all([startBaton(platformUrl), startByHand("floor.ts", { COMMITS: "group" })]);
  const contenders = both.map((running) => ({ running, send: telling(running.url, dispatcher) }));
  const [own, floor] = await sideBySide(contenders, { ...COURSE, atOnce: 64 });
  await Promise.all(both.map((one) => one.stop()));
  return [(own?.perSecond ?? 0) / (floor?.perSecond ?? 1)];
}

async function ofHandoffs(platformUrl: string, dispatcher: Agent): Promise<number[]> {
  const all = await startAll(platformUrl);
  const contenders = all.map((running) => ({ running, send: handingOver(running.url, dispatcher) }));
  const [own, floor, same, three] = await sideBySide(contenders, { ...COURSE, atOnce: 16 });
  await Promise.all(all.map((one) => one.stop()));
  return [same, three, floor].map((other) => (own?.perSecond ?? 0) / (other?.perSecond ?? 1));
}

export async function quick(): Promise<void> {
  const platform = await startStandIn();
  const dispatcher = new Agent({ connections: 64 });
  const found = [...(await ofEvents(platform.url, dispatcher)), ...(await ofHandoffs(platform.url, dispatcher))];
  await dispatcher.destroy();
  await platform.stop();
  console.log(`\nRatios of a quick look: medians of ${COURSE.rounds} rounds of ${COURSE.roundMs / 1_000} s in turns.`);
  const rows = BOUNDS.map(({ name, goal, bound }, index) => {
    const value = found[index] ?? Number.NaN;
    return [name, ratio(value), ratio(goal), ratio(bound), value < bound ? "WARNING: below the bound" : "fine"];
  });
  printTable(["", "found", "goal", "bound", ""], rows);
}
