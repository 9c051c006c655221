/** Measures the time of a handoff with a platform that answers after 50 ms: in round trips, and its spread at a steady pace. */
import { Agent, request } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { handingOver, seenBy } from "./bot-requests.ts";
import { steadily } from "./load.ts";
import { type Running, startBaton, startStandIn } from "./process.ts";
import { median, ms, percentile, ratio } from "./statistics.ts";

const LATENCY_MS = 50;
const RUNS = 40;
const STEADY_PER_SECOND = 100;
const STEADY_SECONDS = 5;
const STEADY_ROUNDS = 3;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Runs one work at a time, in turns, so that each has the machine to itself. The first runs warm up. */
async function medians(works: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const times = works.map((): number[] => []);
  for (let run = -5; run < RUNS; run += 1) {
    for (const [index, work] of works.entries()) {
      const took = await timed(work);
      if (run >= 0) times[index]?.push(took);
    }
  }
  return times.map(median);
}

async function steady(baton: Running, dispatcher: Agent): Promise<void> {
  const send = handingOver(baton.url, dispatcher);
  const rounds: { p50: number; p99: number }[] = [];
  for (let round = -1; round < STEADY_ROUNDS; round += 1) {
    const times = await steadily(STEADY_PER_SECOND, STEADY_SECONDS, () => send());
    if (round >= 0) rounds.push({ p50: median(times), p99: percentile(times, 0.99) });
  }
  console.log(
    `\nAt a steady ${STEADY_PER_SECOND} new handoffs a second, medians of ${STEADY_ROUNDS} rounds of ${STEADY_SECONDS} s.`,
  );
  const [p50, p99] = [median(rounds.map((round) => round.p50)), median(rounds.map((round) => round.p99))];
  printTable(
    ["p50", "p99", "p99 to p50"],
    [[ms(p50), ms(p99), ratio(median(rounds.map((round) => round.p99 / round.p50)))]],
  );
}

export async function latency(): Promise<void> {
  const platform = await startStandIn({ LATENCY_MS: String(LATENCY_MS) });
  const baton = await startBaton(platform.url);
  const dispatcher = new Agent({ connections: 256 });
  let given = 0;
  const send = handingOver(baton.url, dispatcher);
  const call = async (): Promise<void> => {
    const answer = await request(`${platform.url}/ccaas/1/queues`, { dispatcher });
    await answer.body.dump();
  };
  const adopt = (): Promise<void> => {
    given += 1;
    return send({ conversationId: `GIVEN-${given}` });
  };
  const callsOf = async (work: () => Promise<void>): Promise<number> => {
    const before = await seenBy(platform);
    await work();
    return (await seenBy(platform)).calls - before.calls;
  };
  try {
    const [trip = 1, fresh = 0, adopted = 0] = await medians([call, () => send(), adopt]);
    const calls = [1, await callsOf(() => send()), await callsOf(adopt)];
    console.log(
      `\nRound trips of a handoff: medians of ${RUNS}, one at a time in turns; the platform answers after ${LATENCY_MS} ms.`,
    );
    printTable(
      ["", "median", "round trips", "calls"],
      [
        { name: "one call", took: trip },
        { name: "a new conversation", took: fresh },
        { name: "a given conversation", took: adopted },
      ].map(({ name, took }, index) => [name, ms(took), (took / trip).toFixed(2), String(calls[index])]),
    );
    await steady(baton, dispatcher);
  } finally {
    await dispatcher.destroy();
    await baton.stop();
    await platform.stop();
  }
}
