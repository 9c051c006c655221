/** Measures a scrape of the metrics, with 100,000 handoffs that are not over and with none, beside a list of handoffs. */
import { join } from "node:path";
import { Agent } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { handingOver, reading } from "./bot-requests.ts";
import type { Options } from "./options.ts";
import { newFolder, type Running, removeFolder, startBaton, startStandIn } from "./process.ts";
import { seedDatabase, TEMPLATE } from "./seed-database.ts";
import { sideBySide } from "./side-by-side.ts";
import { megabytes, ms, ratio } from "./statistics.ts";

const HANDOFFS = 100_000;
const ROUNDS = 7;
const ROUND_MS = 1_000;

/** Lets a real Baton record the chat to copy. */
async function begin(platformUrl: string, path: string): Promise<void> {
  const baton = await startBaton(platformUrl, { DATABASE_PATH: path });
  const dispatcher = new Agent();
  await handingOver(baton.url, dispatcher)({ session: TEMPLATE });
  await dispatcher.destroy();
  await baton.stop();
}

export async function metrics(options: Options): Promise<void> {
  const sessions = options.sessions ?? HANDOFFS;
  const rounds = options.rounds ?? ROUNDS;
  const folder = newFolder();
  const path = join(folder, "baton.db");
  const platform = await startStandIn();
  await begin(platform.url, path);
  const past = seedDatabase(path, { events: sessions, sessions, handedOver: 1 });
  const [full, empty] = [await startBaton(platform.url, { DATABASE_PATH: path }), await startBaton(platform.url)];
  const dispatcher = new Agent();
  const rows: [name: string, running: Running, path: string][] = [
    [`a scrape, ${past.handoffs.toLocaleString("en")} handoffs in queues`, full, "/metrics"],
    ["a scrape, empty file", empty, "/metrics"],
    ["the first page of 50 handoffs", full, "/v1/handoffs?limit=50"],
  ];
  try {
    const contenders = rows.map(([, running, at]) => ({ running, send: reading(`${running.url}${at}`, dispatcher) }));
    const found = await sideBySide(contenders, { atOnce: 1, rounds, roundMs: ROUND_MS, others: [] });
    const page = found.at(-1)?.cpuMs ?? Number.NaN;
    console.log(
      `\nMetrics: medians of ${rounds} rounds of ${ROUND_MS / 1_000} s in turns, one request at a time; a file of ${megabytes(past.bytes)}.`,
    );
    printTable(
      ["", "CPU", "to the page", "by the clock"],
      rows.map(([name], index) => {
        const one = found[index];
        const cpu = one?.cpuMs ?? Number.NaN;
        return [name, ms(cpu), ratio(cpu / page), ms(1_000 / (one?.perSecond ?? Number.NaN))];
      }),
    );
  } finally {
    await dispatcher.destroy();
    await Promise.all([empty.stop(), full.stop()]);
    await platform.stop();
    removeFolder(folder);
  }
}
