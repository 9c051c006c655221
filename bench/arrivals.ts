/**
 * Simulates an account's limiter during a peak: handoffs arrive at random, all through one bucket
 * (`src/handoff/account/token-bucket.ts`), each with the requests of a usual handoff. The clock is simulated, so it takes no
 * time.
 */
import { printTable } from "../src/cli/support/print.ts";
import { createBucket } from "../src/handoff/account/token-bucket.ts";
import { percentile } from "./statistics.ts";

/** A conversation, two tags, a note, metadata and the route. */
const REQUESTS = 6;
/** Ordinary minutes, a peak of five, and time to recover. */
const MINUTES = 30;
const PEAK = { from: 10, to: 15, times: 10 };
const BURST_SECONDS = 2;
const DAY_SECONDS = 86_400;

/** The same sequence in each run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function simulate(handoffsADay: number, perSecond: number): string[] {
  const random = createRandom(1);
  let at = 0;
  const bucket = createBucket({ now: () => at, perSecond, burst: perSecond * BURST_SECONDS });
  const ordinary = handoffsADay / DAY_SECONDS / 1_000;
  const waits: number[] = [];
  while (at < MINUTES * 60_000) {
    const minute = at / 60_000;
    const rate = minute >= PEAK.from && minute < PEAK.to ? ordinary * PEAK.times : ordinary;
    at += -Math.log(1 - random()) / rate;
    waits.push(bucket.take(REQUESTS) - at);
  }
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const usage = (handoffsADay / DAY_SECONDS) * (REQUESTS / perSecond);
  return [
    handoffsADay.toLocaleString("en"),
    `${perSecond}/s`,
    `${Math.round(usage * 100)} %`,
    `${Math.round(usage * PEAK.times * 100)} %`,
    seconds(percentile(waits, 0.5)),
    seconds(percentile(waits, 0.99)),
    seconds(Math.max(...waits)),
    seconds(bucket.waitMs()),
  ];
}

export async function arrivals(): Promise<void> {
  console.log(
    `\nArrivals: what handoffs wait at an account's limiter, over ${MINUTES} minutes with a peak of ${PEAK.times} times as many for ${PEAK.to - PEAK.from} of them.\n`,
  );
  const rows = [100_000, 300_000, 1_000_000].flatMap((handoffs) =>
    [50, 100, 500, 1_000].map((perSecond) => simulate(handoffs, perSecond)),
  );
  printTable(["handoffs a day", "limit", "used", "in the peak", "p50", "p99", "longest", "at the end"], rows);
}
