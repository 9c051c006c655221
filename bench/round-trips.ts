/** How many round trips to the platform a handoff takes, with a platform that answers after 50 ms. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flows } from "../flows/index.ts";
import { printTable } from "../src/cli/print.ts";
import { parseConfig } from "../src/config.ts";
import { createConversationsClient } from "../src/conversations/client.ts";
import { createNodeTransport } from "../src/conversations/node-transport.ts";
import { startEmulator, startService } from "../src/node.ts";
import { median } from "./figures.ts";

const LATENCY_MS = 50;
const RUNS = 40;
const SECRET = "a secret of the benchmark";
const BOT = "shop-assistant";

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** One after the other, so that each has the machine to itself; the first warms up. */
async function times(work: (run: number) => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  for (let run = -1; run < RUNS; run += 1) {
    const ms = await timed(() => work(run));
    if (run >= 0) all.push(ms);
  }
  return all;
}

export async function roundTrips(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "baton-bench-"));
  const platform = await startEmulator(0);
  const config = parseConfig({
    PORT: "0",
    DATABASE_PATH: join(folder, "baton.db"),
    INFOBIP_BASE_URL: platform.url,
    INFOBIP_API_KEY: "k",
    BOT_SECRETS: JSON.stringify(Object.fromEntries(flows.flatMap(({ bots }) => bots.map((bot) => [bot, [SECRET]])))),
    OPERATOR_TOKEN: SECRET,
    LOG_LEVEL: "error",
  });
  if (!config.ok) throw new Error(config.error.join("; "));
  const service = await startService(config.value, flows);
  const transport = createNodeTransport();
  const client = createConversationsClient({
    baseUrl: platform.url,
    apiKey: "k",
    fetch: transport.fetch,
    now: Date.now,
  });

  const handOver = async (body: object): Promise<void> => {
    const answer = await fetch(`${service.url}/v1/bots/${BOT}/handoffs`, {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.status !== 201) throw new Error(`a handoff was answered ${answer.status}: ${await answer.text()}`);
  };
  const callsDuring = async (work: () => Promise<unknown>): Promise<number> => {
    let calls = 0;
    const stop = platform.emulator.onCall(() => {
      calls += 1;
    });
    await work();
    stop();
    return calls;
  };

  try {
    const [bot] = platform.emulator.state.bots.values();
    const given: string[] = [];
    for (let run = -1; run <= RUNS; run += 1) {
      const made = await client.create({ topic: "given", ...(bot && { agentId: bot.id }) });
      if (made.kind === "ok") given.push(made.value.id);
    }
    platform.emulator.settings.latencyMs = LATENCY_MS;
    const trip = median(await times(() => client.queues()));
    const fresh = median(await times((run) => handOver({ session: `new-${run}` })));
    const adopted = median(
      await times((run) => handOver({ session: `adopted-${run}`, conversationId: given[run + 1] })),
    );
    const calls = [
      1,
      await callsDuring(() => handOver({ session: "counted" })),
      await callsDuring(() => handOver({ session: "counted-2", conversationId: given.at(-1) })),
    ];
    console.log(
      `Round trips of a handoff: medians of ${RUNS}, one at a time; the platform answers after ${LATENCY_MS} ms.`,
    );
    printTable(
      ["", "median", "round trips", "calls"],
      [
        ["one call", trip],
        ["a new conversation", fresh],
        ["a given conversation", adopted],
      ].map(([name, ms], index) => [
        String(name),
        `${Number(ms).toFixed(1)} ms`,
        (Number(ms) / trip).toFixed(2),
        String(calls[index]),
      ]),
    );
  } finally {
    await service.stop();
    await transport.close();
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
