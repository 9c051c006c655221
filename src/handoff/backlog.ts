/** So many handoffs may be pending: with more, no further one is opened. */
import type { Tables } from "../sessions/record.ts";

const BACKLOG_FULL = "BACKLOG_FULL";

/** Thrown, so that the commit takes back what it began: so many handoffs are pending that no more are opened. */
export const isBacklogFull = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === BACKLOG_FULL;

/** Takes a place for one more pending handoff, within its commit; throws where there is none. */
export type TakePlace = (tables: Tables) => void;

export function createBacklog(maxPending: number): TakePlace {
  /** Never too few: work that runs twice counts twice. Counted again only when there seems to be no place left. */
  let pendingAtMost = Number.POSITIVE_INFINITY;
  return (tables) => {
    if (pendingAtMost >= maxPending) pendingAtMost = tables.handoffs.pending(maxPending);
    if (pendingAtMost >= maxPending) {
      throw Object.assign(new Error("too many handoffs are pending"), { code: BACKLOG_FULL });
    }
    pendingAtMost += 1;
  };
}
