/** Measures the effect of malformed requests and idle connections on well-behaved clients. */
import { connect, type Socket } from "node:net";
import { Agent, request } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { startEmulator } from "../src/node.ts";
import { steadily } from "./load.ts";
import { SECRET, startBaton } from "./process.ts";
import { ms, percentile, ratio } from "./statistics.ts";

const HEALTHY_PER_SECOND = 500;
const HOSTILE_PER_SECOND = 300;
const IDLE_SOCKETS = 300;
const SECONDS = 5;
const EVENTS = "/v1/bots/shop-assistant/events";

const HOSTILE: readonly string[] = [
  "",
  "{",
  `${"[".repeat(100_000)}`,
  '{"id":"a b","type":"customer.message","session":"s","text":"x"}',
  '{"__proto__":{"id":1},"type":"nothing"}',
  JSON.stringify(Array.from({ length: 101 }, () => ({}))),
  `{"id":"e","type":"customer.message","session":"${"s".repeat(10_000)}"}`,
  "x".repeat(300_000),
];

export async function hostile(): Promise<void> {
  const platform = await startEmulator(0);
  const baton = await startBaton(platform.url);
  const dispatcher = new Agent({ connections: 64 });
  // Connections of their own: the service closes one on which it refused a body.
  const hostiles = new Agent({ connections: 64 });
  const headers = { authorization: `Bearer ${SECRET}`, "content-type": "application/json" };
  const post = async (body: string, agent = dispatcher): Promise<number> => {
    const answer = await request(`${baton.url}${EVENTS}`, { method: "POST", headers, body, dispatcher: agent });
    await answer.body.dump();
    return answer.statusCode;
  };
  let sent = 0;
  const healthy = async (): Promise<void> => {
    sent += 1;
    const event = { id: `h-${sent}`, type: "customer.message", session: `h-${sent % 100}`, text: "Where is my order?" };
    const status = await post(JSON.stringify(event));
    if (status !== 200) throw new Error(`a healthy request was answered ${status}`);
  };
  const statuses = new Map<number, number>();
  const bad = async (index: number): Promise<void> => {
    // A body that is refused while it arrives may break off.
    const status = await post(HOSTILE[index % HOSTILE.length] ?? "", hostiles).catch(() => 0);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  };
  const idle: Socket[] = [];
  try {
    await steadily(HEALTHY_PER_SECOND, 2, healthy);
    const alone = await steadily(HEALTHY_PER_SECOND, SECONDS, healthy);
    const [crowded] = await Promise.all([
      steadily(HEALTHY_PER_SECOND, SECONDS, healthy),
      steadily(HOSTILE_PER_SECOND, SECONDS, healthy),
    ]);
    for (let index = 0; index < IDLE_SOCKETS; index += 1) {
      const socket = connect(Number(new URL(baton.url).port), "127.0.0.1");
      socket.on("error", () => undefined).write(`POST ${EVENTS} HTTP/1.1\r\nHost: baton\r\nX-Slow: `);
      idle.push(socket);
    }
    const [beside] = await Promise.all([
      steadily(HEALTHY_PER_SECOND, SECONDS, healthy),
      steadily(HOSTILE_PER_SECOND, SECONDS, bad),
    ]);
    const told = [...statuses].map(([status, count]) => `${count} × ${status || "broken off"}`).join(", ");
    console.log(
      `\nHealthy requests (${HEALTHY_PER_SECOND}/s for ${SECONDS} s): alone; beside ${HOSTILE_PER_SECOND} more like them; beside ${HOSTILE_PER_SECOND} malformed ones a second and ${IDLE_SOCKETS} connections that never end their headers.\nThe malformed ones were answered ${told}; calls of the platform: ${platform.emulator.calls.length}.`,
    );
    const row = (name: string, share: number): string[] => {
      const [a, b, c] = [alone, crowded, beside].map((times) => percentile(times, share));
      return [name, ms(a ?? 0), ms(b ?? 0), ms(c ?? 0), ratio((c ?? 0) / (b ?? 1))];
    };
    printTable(["", "alone", "crowded", "beside malformed", "to crowded"], [row("p50", 0.5), row("p99", 0.99)]);
  } finally {
    for (const socket of idle) socket.destroy();
    await Promise.all([dispatcher.destroy(), hostiles.destroy()]);
    await baton.stop();
    await platform.stop();
  }
}
