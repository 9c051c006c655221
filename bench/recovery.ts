/** Kills the service with thousands of handoffs pending, and measures how soon and how fast it continues, and waits meanwhile. */
import { join } from "node:path";
import { Agent } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { handingOver, leaving, seenBy, telling } from "./bot-requests.ts";
import { atOnce, atOnceFor, steadily } from "./load.ts";
import type { Options } from "./options.ts";
import { newFolder, type Running, removeFolder, startBaton, startStandIn } from "./process.ts";
import { ms, percentile, perSecond, ratio } from "./statistics.ts";

const PENDING = 10_000;
const STEADY_MS = 3_000;
const AT_ONCE = 64;
const EVENTS_PER_SECOND = 200;

/** Lets a Baton whose platform never answers accept `count` handoffs, and kills it. */
async function leavePending(path: string, count: number, dispatcher: Agent): Promise<void> {
  const silent = await startStandIn({ ANSWERS: "never" });
  const baton = await startBaton(silent.url, { DATABASE_PATH: path });
  await atOnce(AT_ONCE, count, leaving(baton.url, dispatcher));
  await baton.kill();
  await silent.kill();
}

/** Resolves once the platform has routed `count`; events go on meanwhile. */
async function drained(platform: Running, count: number, tell: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  while ((await seenBy(platform)).routes < count) {
    times.push(...(await steadily(EVENTS_PER_SECOND, 0.5, () => tell())));
  }
  return times;
}

export async function recovery({ pending = PENDING }: Options): Promise<void> {
  const folder = newFolder();
  const path = join(folder, "baton.db");
  const dispatcher = new Agent({ connections: 128 });
  await leavePending(path, pending, dispatcher);
  const platform = await startStandIn();
  const startedAt = Date.now();
  const baton = await startBaton(platform.url, { DATABASE_PATH: path });
  try {
    const tell = telling(baton.url, dispatcher);
    const during = await drained(platform, pending, () => tell());
    const { firstAt, routedAt } = await seenBy(platform);
    const seconds = (routedAt - firstAt) / 1_000;

    const hand = handingOver(baton.url, dispatcher);
    await atOnceFor(AT_ONCE, STEADY_MS, () => hand());
    const steady = await atOnceFor(AT_ONCE, STEADY_MS, () => hand());
    const [rate, steadyRate] = [pending / seconds, steady.done / (steady.ms / 1_000)];
    const after = await steadily(EVENTS_PER_SECOND, 5, () => tell());

    console.log(
      `\nRecovery: ${pending.toLocaleString("en")} handoffs were pending when the service was killed. First answer and call: after the start of the process; steady: new handoffs afterwards, ${AT_ONCE} at once.`,
    );
    printTable(
      ["first answer", "first call", "drained in", "rate", "steady rate", "to steady"],
      [
        [
          ms(baton.startedInMs),
          ms(firstAt - startedAt),
          `${seconds.toFixed(1)} s`,
          perSecond(rate),
          perSecond(steadyRate),
          ratio(rate / steadyRate),
        ],
      ],
    );
    console.log(`\nEvents at a steady ${EVENTS_PER_SECOND}/s meanwhile, and when all was done.`);
    const row = (name: string, times: readonly number[]): string[] => [
      name,
      ms(percentile(times, 0.5)),
      ms(percentile(times, 0.99)),
      ms(Math.max(...times)),
    ];
    printTable(["", "p50", "p99", "longest"], [row("meanwhile", during), row("afterwards", after)]);
  } finally {
    await dispatcher.destroy();
    await baton.stop();
    await platform.stop();
    removeFolder(folder);
  }
}
