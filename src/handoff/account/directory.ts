import type { ConversationsClient } from "../../infobip/client.ts";
import type { Outcome } from "../../infobip/outcome.ts";

/** Bots and queues of an account are remembered for this time. */
const REMEMBER_MS = 5 * 60_000;
/** An unknown assignee may be a bot created a moment ago. The list is read again then, but not more often than this. */
const REREAD_MS = 10_000;

/** Agents come and go: short enough to be true, long enough for a crowd that asks at once. */
const AGENTS_REMEMBER_MS = 10_000;

interface Remembered<T> {
  at: number;
  outcome: Promise<Outcome<T>>;
}

/** Bots and queues that an account's conversations name by id. They are read when needed, and remembered. */
export function createDirectory(
  client: Pick<ConversationsClient, "bots" | "queues" | "isAnybody" | "waiting">,
  steady: () => number,
) {
  const agents = new Map<string | null, Remembered<boolean>>();
  const waiting = new Map<string, Remembered<readonly string[]>>();
  let bots: Remembered<ReadonlySet<string>> | undefined;
  let queues: Remembered<ReadonlyMap<string, string>> | undefined;

  async function readBots(): Promise<Outcome<ReadonlySet<string>>> {
    const outcome = await client.bots();
    return outcome.kind === "ok" ? { ...outcome, value: new Set(outcome.value.map((bot) => bot.id)) } : outcome;
  }
  async function readQueues(): Promise<Outcome<ReadonlyMap<string, string>>> {
    const outcome = await client.queues();
    if (outcome.kind !== "ok") return outcome;
    const live = outcome.value.filter((queue) => !queue.deletedAt);
    return {
      ...outcome,
      value: new Map(
        live.flatMap(({ id, name }): [string, string][] => [
          [name, id],
          [id, id],
        ]),
      ),
    };
  }

  /** Returns the remembered outcome, or reads a new one if it is older than `maxAgeMs` or no answer. */
  async function recall<T>(
    remembered: Remembered<T> | undefined,
    maxAgeMs: number,
    read: () => Promise<Outcome<T>>,
    keep: (fresh: Remembered<T>) => void,
  ): Promise<Outcome<T>> {
    if (remembered !== undefined && steady() - remembered.at < maxAgeMs) {
      const outcome = await remembered.outcome;
      if (outcome.kind === "ok") return outcome;
    }
    const fresh = { at: steady(), outcome: read() };
    keep(fresh);
    return fresh.outcome;
  }
  const botsWithin = (maxAgeMs: number) =>
    recall(bots, maxAgeMs, readBots, (fresh) => {
      bots = fresh;
    });
  const queuesWithin = (maxAgeMs: number) =>
    recall(queues, maxAgeMs, readQueues, (fresh) => {
      queues = fresh;
    });

  return {
    /** An assignee that is not one of the account's bots is a human. */
    async isBot(agentId: string): Promise<Outcome<boolean>> {
      const known = await botsWithin(REMEMBER_MS);
      if (known.kind !== "ok" || known.value.has(agentId))
        return known.kind === "ok" ? { ...known, value: true } : known;
      const latest = await botsWithin(REREAD_MS);
      return latest.kind === "ok" ? { ...latest, value: latest.value.has(agentId) } : latest;
    },

    /** Tells whether an agent of a queue is available; null: an agent of the account. */
    isAnybody: (queueId: string | null): Promise<Outcome<boolean>> =>
      recall(
        agents.get(queueId),
        AGENTS_REMEMBER_MS,
        () => client.isAnybody(queueId),
        (fresh) => {
          agents.set(queueId, fresh);
        },
      ),

    /** Lists the conversations that wait in a queue for an agent, at most 100. */
    waiting: (queueId: string): Promise<Outcome<readonly string[]>> =>
      recall(
        waiting.get(queueId),
        AGENTS_REMEMBER_MS,
        () => client.waiting(queueId),
        (fresh) => {
          waiting.set(queueId, fresh);
        },
      ),

    /** Finds a queue by id or name. Null: the account has no such queue. */
    async queueId(idOrName: string): Promise<Outcome<string | null>> {
      const known = await queuesWithin(REMEMBER_MS);
      if (known.kind !== "ok" || known.value.has(idOrName)) {
        return known.kind === "ok" ? { ...known, value: known.value.get(idOrName) ?? null } : known;
      }
      const latest = await queuesWithin(REREAD_MS);
      return latest.kind === "ok" ? { ...latest, value: latest.value.get(idOrName) ?? null } : latest;
    },
  };
}
export type Directory = ReturnType<typeof createDirectory>;
