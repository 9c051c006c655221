/**
 * Measures durable events a second, beside the floor and beside a transaction for each request, and the wait at a steady pace.
 */
import { Agent } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { telling } from "./bot-requests.ts";
import { steadily } from "./load.ts";
import type { Options } from "./options.ts";
import { type Running, startBaton, startByHand, startStandIn } from "./process.ts";
import { type Measured, sideBySide } from "./side-by-side.ts";
import { ms, percentile, perSecond, ratio } from "./statistics.ts";

const ROUNDS = 7;
const ROUND_MS = 1_000;
const STEADY_PER_SECOND = 2_000;
const STEADY_SECONDS = 5;

const startFloor = (commits: "group" | "each"): Promise<Running> => startByHand("floor.ts", { COMMITS: commits });

function rowsOf(atOnce: number, all: readonly Measured[]) {
  const [baton = 0, floor = 1, each = 1] = all.map((one) => one.perSecond);
  const cpu = all.map(({ cpuMs }) => (cpuMs === null ? "-" : ms(cpuMs)));
  return {
    rate: [String(atOnce), ...[baton, floor, each].map(perSecond), ratio(baton / floor), ratio(baton / each)],
    cpu: [String(atOnce), ...cpu],
  };
}

export async function intake({ rounds = ROUNDS }: Options): Promise<void> {
  const platform = await startStandIn();
  const all = await Promise.all([startBaton(platform.url), startFloor("group"), startFloor("each")]);
  const [baton, floor] = all;
  try {
    const rates: string[][] = [];
    const cpu: string[][] = [];
    for (const atOnce of [64, 256]) {
      const dispatcher = new Agent({ connections: atOnce });
      const contenders = all.map((running) => ({ running, send: telling(running.url, dispatcher) }));
      const rows = rowsOf(atOnce, await sideBySide(contenders, { atOnce, rounds, roundMs: ROUND_MS, others: [] }));
      rates.push(rows.rate);
      cpu.push(rows.cpu);
      await dispatcher.destroy();
    }
    const names = ["at once", "Baton", "floor", "a commit each"];
    console.log(
      `\nIntake: durable events a second, medians of ${rounds} rounds of ${ROUND_MS / 1_000} s in turns; and the CPU for one.`,
    );
    printTable([...names, "to the floor", "to a commit each"], rates);
    printTable(names, cpu);

    const dispatcher = new Agent({ connections: 128 });
    const steady = async (running: Running): Promise<number> => {
      const tell = telling(running.url, dispatcher);
      return percentile(await steadily(STEADY_PER_SECOND, STEADY_SECONDS, () => tell()), 0.99);
    };
    const [own, least] = [await steady(baton), await steady(floor)];
    console.log(
      `At a steady ${STEADY_PER_SECOND}/s the p99 is ${ms(own)}, the floor's ${ms(least)}: ${ratio(own / least)}.`,
    );
    await dispatcher.destroy();
  } finally {
    await Promise.all(all.map((one) => one.stop()));
    await platform.stop();
  }
}
