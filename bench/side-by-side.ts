/**
 * Compares processes on a machine that is not quiet: rounds of about a second in turns, A B C A B C, and the median of each. A
 * load that slows the machine for a while slows all of them alike.
 */

import { atOnceFor } from "./load.ts";
import type { Running } from "./process.ts";
import { median } from "./statistics.ts";

export interface Contender {
  running: Running;
  send: () => Promise<unknown>;
}

export interface Measured {
  perSecond: number;
  /** CPU of its process for one request; null: the system does not tell. */
  cpuMs: number | null;
  /** CPU of `others` for one request, meanwhile. */
  othersCpuMs: number | null;
}

export interface Course {
  atOnce: number;
  rounds: number;
  roundMs: number;
  others: readonly Running[];
}

const cpuOf = (all: readonly Running[]): number | null =>
  all.reduce<number | null>((sum, one) => {
    const ms = one.cpuMs();
    return sum === null || ms === null ? null : sum + ms;
  }, 0);

/** Returns results in the given order. Requests before the first round warm up. */
export async function sideBySide(contenders: readonly Contender[], course: Course): Promise<Measured[]> {
  const { atOnce, rounds, roundMs, others } = course;
  const found = contenders.map(() => ({ rates: [] as number[], cpu: [] as number[], others: [] as number[] }));
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, { running, send }] of contenders.entries()) {
      const before = { own: running.cpuMs(), others: cpuOf(others) };
      const { done, ms } = await atOnceFor(atOnce, roundMs, send);
      const after = { own: running.cpuMs(), others: cpuOf(others) };
      const mine = found[index];
      if (round < 0 || mine === undefined) continue;
      mine.rates.push(done / (ms / 1_000));
      if (before.own !== null && after.own !== null) mine.cpu.push((after.own - before.own) / done);
      if (before.others !== null && after.others !== null) mine.others.push((after.others - before.others) / done);
    }
  }
  const orNull = (values: readonly number[]): number | null => (values.length === 0 ? null : median(values));
  return found.map(({ rates, cpu, others: beside }) => ({
    perSecond: median(rates),
    cpuMs: orNull(cpu),
    othersCpuMs: orNull(beside),
  }));
}
