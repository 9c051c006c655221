/** Measures handoffs a second, beside a hand-written program and beside the floor. */
import { Agent } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { handingOver } from "./bot-requests.ts";
import type { Options } from "./options.ts";
import { type Running, startBaton, startByHand, startEmulatorAlone, startStandIn } from "./process.ts";
import { type Contender, type Measured, sideBySide } from "./side-by-side.ts";
import { ms, perSecond, ratio } from "./statistics.ts";

const ROUNDS = 7;
const ROUND_MS = 1_500;

/** Starts Baton, the floor, and the two hand-written programs, with the platform at `platformUrl`. */
export const startAll = (platformUrl: string): Promise<Running[]> => {
  const env = { PLATFORM_URL: platformUrl };
  return Promise.all([
    startBaton(platformUrl),
    startByHand("handoff-floor.ts", env),
    startByHand("handler.ts", { ...env, CALLS: "all" }),
    startByHand("handler.ts", { ...env, CALLS: "three" }),
  ]);
};

const NAMES = ["Baton", "floor", "same calls", "three calls"];

function rowsOf(atOnce: number, all: readonly Measured[]) {
  const rates = all.map((one) => one.perSecond);
  const [baton = 0, floor = 1, same = 1, three = 1] = rates;
  const cpu = (value: number | null): string => (value === null ? "-" : ms(value));
  return {
    rate: [String(atOnce), ...rates.map(perSecond), ...[baton / same, baton / three, baton / floor].map(ratio)],
    cpu: [String(atOnce), ...all.map(({ cpuMs }) => cpu(cpuMs)), cpu(all[0]?.othersCpuMs ?? null)],
  };
}

export async function handoffs({ rounds = ROUNDS, platform: kind = "stand-in" }: Options): Promise<void> {
  const platform = kind === "emulator" ? await startEmulatorAlone() : await startStandIn();
  const all = await startAll(platform.url);
  const rates: string[][] = [];
  const cpu: string[][] = [];
  try {
    for (const atOnce of [16, 64]) {
      const dispatcher = new Agent({ connections: atOnce });
      const contenders = all.map((running): Contender => ({ running, send: handingOver(running.url, dispatcher) }));
      const course = { atOnce, rounds, roundMs: ROUND_MS, others: [platform] };
      const rows = rowsOf(atOnce, await sideBySide(contenders, course));
      rates.push(rows.rate);
      cpu.push(rows.cpu);
      await dispatcher.destroy();
    }
  } finally {
    await Promise.all(all.map((one) => one.stop()));
    await platform.stop();
  }
  console.log(
    `\nHandoffs a second, answered when routed: medians of ${rounds} rounds of ${ROUND_MS / 1_000} s in turns; the platform is ${kind === "emulator" ? "the emulator" : "a stand-in"} in a process of its own, without delay.`,
  );
  printTable(["at once", ...NAMES, "to same calls", "to three calls", "to the floor"], rates);
  console.log("\nCPU for a handoff: of the process itself, and of the platform while Baton was measured.");
  printTable(["at once", ...NAMES, "platform"], cpu);
}
