/** Parts that outlive the killed processes: the platform, on real sockets, and the record's file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { RecordedCall } from "../../src/emulator/api/call-log.ts";
import { handoffListViewSchema } from "../../src/http/views/handoff-view.ts";
import { startEmulator } from "../../src/node.ts";
import { violationsIn } from "./check.ts";
import { isAnyOnItsWay, type Recorded, readRecorded } from "./recorded.ts";
import { type Delivery, deliveriesOf } from "./sender.ts";
import { OPERATOR_TOKEN } from "./service-process.ts";

/** One of four sessions is about a conversation that already exists. */
export const ADOPTED_EVERY = 4;
const AT_REST_WITHIN_MS = 200_000;
/** Ways in which a session asks for a person. */
const WAYS = 6;

export interface Latency {
  min: number;
  max: number;
}

export async function createEnvironment(latencyMs: Latency) {
  const platform = await startEmulator(0);
  const { emulator } = platform;
  Object.assign(emulator.settings, { latencyMs, maxItems: 1_000_000 });
  let calls: RecordedCall[] = [];
  emulator.onCall((call) => void calls.push(call));
  let folder = mkdtempSync(join(tmpdir(), "baton-crash-"));
  const databasePath = (): string => join(folder, "baton.db");

  async function conversationWithoutUs(): Promise<string> {
    const response = await emulator.fetch(
      new Request("http://emulator.invalid/ccaas/1/conversations", {
        method: "POST",
        headers: { authorization: "App k", "content-type": "application/json" },
        body: "{}",
      }),
    );
    return z.object({ id: z.string() }).parse(await response.json()).id;
  }

  return {
    platformUrl: platform.url,
    databasePath,
    /** Time of the platform's first call at or after `time`; null: none yet. */
    firstCallAfter: (time: number): number | null => calls.find(({ at }) => at >= time)?.at ?? null,

    /** Creates chats that each ask for a person in their own way, some about a conversation that already exists. */
    chats: (prefix: string, count: number, random: () => number): Promise<Delivery[][]> =>
      Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const way = Math.floor(random() * WAYS);
          const adopted = index % ADOPTED_EVERY === ADOPTED_EVERY - 1 ? await conversationWithoutUs() : undefined;
          return deliveriesOf(`${prefix}${index}`, way, adopted);
        }),
      ),

    /** Waits until no handoff has anything left to do. Gives up on one that never ends: the check reports it. */
    async atRest(url: string): Promise<void> {
      const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` };
      for (const until = Date.now() + AT_REST_WITHIN_MS; Date.now() < until; await sleep(20)) {
        const response = await fetch(`${url}/v1/handoffs?limit=200`, { headers });
        const { handoffs } = handoffListViewSchema.parse(await response.json());
        const isAnyDue = handoffs.some(({ state, nextAttemptAt }) => state === "pending" || nextAttemptAt !== null);
        if (!isAnyDue && !isAnyOnItsWay(databasePath())) return;
      }
    },

    recorded: (prefix: string): Recorded => readRecorded(databasePath(), prefix),

    /** Lists the violations of the sessions with this prefix, and of every conversation created since. */
    judge: (prefix: string, deliveries: readonly Delivery[], since: number): string[] =>
      violationsIn({
        deliveries,
        calls,
        conversations: [...emulator.state.conversations.values()].filter(({ createdAt }) => createdAt >= since),
        recorded: readRecorded(databasePath(), prefix),
      }),

    /** Starts another file. `keep`: the last one stays for somebody to look into. */
    nextFile(keep: boolean): void {
      if (!keep) rmSync(folder, { recursive: true });
      folder = mkdtempSync(join(tmpdir(), "baton-crash-"));
      calls = [];
    },

    async end(keep: boolean): Promise<void> {
      await platform.stop();
      if (!keep) rmSync(folder, { recursive: true });
    },
  };
}
export type Environment = Awaited<ReturnType<typeof createEnvironment>>;
