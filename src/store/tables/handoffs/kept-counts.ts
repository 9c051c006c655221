/**
 * Keeps in memory how many handoffs are in each state, once they were counted: a count goes through all of them. The handoff table
 * moves them with each row that it writes. Any other writer of a state, a rollback, and another process make them forgotten.
 */
import type { HandoffState } from "../../../model/handoff.ts";

export interface KeptCounts {
  get(state: HandoffState): number | undefined;
  set(state: HandoffState, count: number): void;
  /** A handoff changed from one state to another; null: it is new. */
  move(from: HandoffState | null, to: HandoffState): void;
  forget(state: HandoffState): void;
  forgetAll(): void;
}

export function createKeptCounts(): KeptCounts {
  const counts = new Map<HandoffState, number>();
  const add = (state: HandoffState, by: number): void => {
    const count = counts.get(state);
    if (count !== undefined) counts.set(state, count + by);
  };
  return {
    get: (state) => counts.get(state),
    set: (state, count) => void counts.set(state, count),
    move(from, to) {
      if (from === to) return;
      if (from !== null) add(from, -1);
      add(to, 1);
    },
    forget: (state) => void counts.delete(state),
    forgetAll: () => counts.clear(),
  };
}
