import { decodeTime, monotonicFactory } from "ulid";

export interface HandoffIdsDeps {
  now: () => number;
  /** 0 to 1. */
  random: () => number;
  /** The newest id in the record; null: there is none. Read once, when the first id is wanted. */
  newest: () => string | null;
}

/**
 * Generates handoff ids. Each sorts after those before it, which is how the newest handoff is told, also after a start
 * with a clock that was set back.
 */
export function createHandoffIds({ now, random, newest }: HandoffIdsDeps): () => string {
  const next = monotonicFactory(random);
  let from: number | null = null;
  const timeAfter = (id: string | null): number => (id === null ? 0 : decodeTime(id) + 1);
  return () => {
    from ??= timeAfter(newest());
    return next(Math.max(now(), from));
  };
}
