/** Runs the first request with an `Idempotency-Key`. The others get its answer, whatever has happened since. */
import type { Tables } from "../../../store/store.ts";
import type { Answer } from "../event-answer.ts";

export type KeyClaim =
  /** The caller runs the request and ends it. */
  | { kind: "first" }
  | { kind: "answered"; answer: Answer }
  /** The first request has no answer yet. */
  | { kind: "in-use" }
  /** The key came with another body. */
  | { kind: "reused" };

/** A key is remembered as long as an event's id. */
const KEY_TTL_MS = 35 * 24 * 3_600_000;
/** Longer than any request waits. The process that runs it may be gone without a word. */
const RUNS_AT_MOST_MS = 60_000;

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

interface KeyedRequestsDeps {
  /** The record, with this one table. */
  record: {
    commit<T>(work: (tables: Pick<Tables, "idempotency">) => T): Promise<T>;
    read<T>(work: (tables: Pick<Tables, "idempotency">) => T): T;
  };
  now: () => number;
}

interface Running {
  /** Baton expects an answer until this time. */
  until: number;
  /** The key is durable. */
  claimed: Promise<void>;
}

export function createKeyedRequests({ record, now }: KeyedRequestsDeps) {
  /** Keys whose first request has no answer yet. */
  const running = new Map<string, Running>();

  return {
    /** `fingerprint`: hash of the body. A first request that commits before its first wait shares the commit of its key. */
    claim(bot: string, key: string, fingerprint: Uint8Array): KeyClaim {
      const name = `${bot}\n${key}`;
      const at = now();
      const known = record.read((tables) => tables.idempotency.find(bot, key, at));
      if (known !== null && !isSame(fingerprint, known.fingerprint)) return { kind: "reused" };
      if ((running.get(name)?.until ?? 0) > at) return { kind: "in-use" };
      if (known?.answer) return { kind: "answered", answer: JSON.parse(known.answer) as Answer };
      const claimed = record.commit((tables) => tables.idempotency.add(bot, key, fingerprint, at, at + KEY_TTL_MS));
      // A failure is thrown by the end of the request, where somebody waits for it.
      claimed.catch(() => undefined);
      running.set(name, { until: at + RUNS_AT_MOST_MS, claimed });
      return { kind: "first" };
    },

    /**
     * Ends a first request. Returns the answer to give: the recorded one, which another request gave if this one took so long
     * that another ran beside it. Null: the request came to no answer.
     */
    async end(bot: string, key: string, answer: Answer | null): Promise<Answer | null> {
      const name = `${bot}\n${key}`;
      try {
        if (answer === null) return null;
        await running.get(name)?.claimed;
        const kept = await record.commit((tables) =>
          tables.idempotency.answered(bot, key, JSON.stringify(answer), answer.handoffId),
        );
        return kept === null ? answer : (JSON.parse(kept) as Answer);
      } finally {
        running.delete(name);
      }
    },
  };
}
export type KeyedRequests = ReturnType<typeof createKeyedRequests>;
