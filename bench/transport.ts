/**
 * Measures the cost of a call to the platform for this process: undici alone, the client's own way, and through the global fetch.
 * All run in one process, in rounds that take turns, by CPU, which a busy machine affects less than the time on a clock.
 */
import { Agent } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { createConversationsClient } from "../src/infobip/client.ts";
import { createNodeTransport } from "../src/infobip/transport/node-transport.ts";
import type { Options } from "./options.ts";
import { startStandIn } from "./process.ts";
import { median, ratio } from "./statistics.ts";

const CALLS = 3_000;
const AT_ONCE = 16;

async function cpuUsOf(call: () => Promise<unknown>): Promise<number> {
  let left = CALLS;
  const before = process.cpuUsage();
  const work = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS;
}

export async function transport({ rounds = 9 }: Options): Promise<void> {
  const platform = await startStandIn();
  const agent = new Agent({ connections: 64 });
  const own = createNodeTransport();
  const asked = { baseUrl: platform.url, apiKey: "k", now: Date.now };
  const client = createConversationsClient({ ...asked, fetch: own.fetch, transport: own.exchange });
  const overFetch = createConversationsClient({ ...asked, fetch: (request) => fetch(request) });
  const headers = { authorization: "App k", "content-type": "application/json", accept: "application/json" };
  const alone = async (): Promise<unknown> => {
    const path = "/ccaas/1/conversations/c/tags";
    const body = JSON.stringify({ tagName: "bot_handoff" });
    return (await agent.request({ origin: platform.url, path, method: "POST", headers, body })).body.text();
  };
  const ways: [string, () => Promise<unknown>][] = [
    ["undici's request alone", alone],
    ["the client", () => client.addTag("c", "bot_handoff")],
    ["the client over the global fetch", () => overFetch.addTag("c", "bot_handoff")],
  ];
  const found = ways.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, [, call]] of ways.entries()) {
      const us = await cpuUsOf(call);
      if (round >= 0) found[index]?.push(us);
    }
  }
  await Promise.all([agent.destroy(), own.close()]);
  await platform.stop();
  const floor = median(found[0] ?? []);
  console.log(`\nCPU of a call, ${AT_ONCE} at once: medians of ${rounds} rounds of ${CALLS} calls in turns.`);
  const rows = ways.map(([name], index) => {
    const us = median(found[index] ?? []);
    return [name, `${us.toFixed(0)} µs`, ratio(us / floor)];
  });
  printTable(["", "CPU", "beside undici alone"], rows);
}
