/** Durable events a second, beside the floor and beside a transaction for each request; and the wait at a steady pace. */
import { Agent, request } from "undici";
import { printTable } from "../src/cli/print.ts";
import { startEmulator } from "../src/node.ts";
import { median, ms, percentile, perSecond, ratio } from "./figures.ts";
import { atOnce, steadily } from "./load.ts";
import { type Running, SECRET, startBaton, startByHand } from "./process.ts";

const PATH = "/v1/bots/shop-assistant/events";
const ROUNDS = 3;
const EVENTS = 6_000;
const STEADY_PER_SECOND = 1_000;
const STEADY_SECONDS = 5;

const headers = { authorization: `Bearer ${SECRET}`, "content-type": "application/json" };
let sent = 0;

/** Messages of a thousand chats that call for nobody. */
function nextEvent(): string {
  sent += 1;
  return JSON.stringify({
    id: `e-${sent}`,
    type: "customer.message",
    session: `chat-${sent % 1_000}`,
    text: "Where is my order? It was to come on Monday, and nobody has told me anything since.",
    intent: { name: "order-status", confidence: 0.93 },
  });
}

const posting = (url: string, dispatcher: Agent) => async (): Promise<void> => {
  const answer = await request(url + PATH, { method: "POST", headers, body: nextEvent(), dispatcher });
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new Error(`an event was answered ${answer.statusCode}`);
};

const startFloor = (commits: "group" | "each"): Promise<Running> => startByHand("floor.ts", { COMMITS: commits });

export async function intake(): Promise<void> {
  const platform = await startEmulator(0);
  const [baton, floor, each] = await Promise.all([startBaton(platform.url), startFloor("group"), startFloor("each")]);
  try {
    console.log(`\nIntake: durable events a second, medians of ${ROUNDS} rounds of ${EVENTS} side by side.`);
    const rows: string[][] = [];
    for (const connections of [64, 256]) {
      const dispatcher = new Agent({ connections });
      const rates = new Map<Running, number[]>([baton, floor, each].map((one) => [one, []]));
      for (let round = -1; round < ROUNDS; round += 1) {
        for (const [one, found] of rates) {
          const rate = await atOnce(connections, EVENTS, posting(one.url, dispatcher));
          // The first warms up.
          if (round >= 0) found.push(rate);
        }
      }
      const [a, b, c] = [baton, floor, each].map((one) => median(rates.get(one) ?? []));
      rows.push([
        String(connections),
        perSecond(a ?? 0),
        perSecond(b ?? 0),
        perSecond(c ?? 0),
        ratio((a ?? 0) / (b ?? 1)),
        ratio((a ?? 0) / (c ?? 1)),
      ]);
      await dispatcher.destroy();
    }
    printTable(["at once", "Baton", "floor", "a commit each", "to the floor", "to a commit each"], rows);

    const dispatcher = new Agent({ connections: 128 });
    const [own, least] = [
      await steadily(STEADY_PER_SECOND, STEADY_SECONDS, posting(baton.url, dispatcher)),
      await steadily(STEADY_PER_SECOND, STEADY_SECONDS, posting(floor.url, dispatcher)),
    ].map((times) => percentile(times, 0.99));
    console.log(
      `At a steady ${STEADY_PER_SECOND}/s the p99 is ${ms(own ?? 0)}, the floor's ${ms(least ?? 0)}: ${ratio((own ?? 0) / (least ?? 1))}.`,
    );
    await dispatcher.destroy();
  } finally {
    await Promise.all([baton, floor, each].map((one) => one.stop()));
    await platform.stop();
  }
}
