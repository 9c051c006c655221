/** Lets all parked handoffs go on that a search finds. */
import type { Handoff } from "../model/handoff.ts";
import type { HandoffApi } from "./api.ts";
import { findHandoffs, type Search } from "./search-handoffs.ts";

/** Handoffs that go on with one request: its answer takes seconds, not minutes. */
export const MOST_RETRIED = 500;
/** On Workers each has an object of its own. */
const AT_ONCE = 8;

/** A search of parked handoffs. */
export type ParkedSearch = Omit<Search, "state" | "before">;

/** Finds the parked handoffs of a search, the newest first. `isWhole`: there are no more. */
export async function findParked(
  core: Pick<HandoffApi, "handoffs">,
  search: ParkedSearch,
  most: number,
  now: number,
): Promise<{ handoffs: Handoff[]; isWhole: boolean }> {
  const handoffs: Handoff[] = [];
  for (let before: string | undefined; handoffs.length < most; ) {
    const found = await findHandoffs(core, { ...search, state: "parked", before }, most - handoffs.length, now);
    handoffs.push(...found.handoffs);
    if (found.next === null) return { handoffs, isWhole: true };
    before = found.next;
  }
  return { handoffs, isWhole: false };
}

/** Calls `retry` for each, a few at once, and resolves with its results in the order of the handoffs. */
export async function retryEach<T>(
  handoffs: readonly Handoff[],
  retry: (handoff: Handoff) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  const waiting = [...handoffs.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, handoff] = next;
      results[at] = await retry(handoff);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}
