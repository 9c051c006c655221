import { decodeTime, encodeTime, monotonicFactory } from "ulid";

export interface HandoffIdsDeps {
  now: () => number;
  /** Returns 0 to 1. */
  random: () => number;
  /** Returns the newest id in the record; null: there is none. Read once, for the first id. */
  newest: () => string | null;
}

/**
 * Generates handoff ids. Each sorts after all before it, also after a start with a clock that was set back. The newest handoff is
 * found by that.
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

const TIME_CHARACTERS = 10;
/** Every handoff that was opened before `time` has a smaller id. */
export const firstIdOf = (time: number): string => encodeTime(Math.max(0, Math.floor(time)), TIME_CHARACTERS);
