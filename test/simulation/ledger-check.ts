/**
 * Invariant 29: a ledger in memory equals its rows, and no code changes it in place. A session whose changed columns alone are
 * written has the row that they changed from.
 */
import { isDeepStrictEqual } from "node:util";
import type { Tables } from "../../src/store/store.ts";
import type { Violation } from "./invariants.ts";

/** Every 24th commit compares the ledgers that changed since the last comparison. A wrong entry stays wrong for longer. */
const CHANGED_EVERY = 24;
/** Every 96th compares all. */
const ALL_EVERY = 96;

/** Freezes a value: code that changes it fails, which the log shows. */
function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const each of Object.values(value)) freeze(each);
}

export const checkSessionSaves = (
  { sessions }: Tables,
  violate: (violation: Violation) => void,
): Tables["sessions"] => ({
  ...sessions,
  save(session, now, before = null) {
    if (before !== null && !isDeepStrictEqual(sessions.byId(session.id), before))
      violate({ invariant: 29, what: `session ${session.id} is written over another row than the one that was read` });
    sessions.save(session, now, before);
  },
});

export function createLedgerCheck(violate: (violation: Violation) => void) {
  const seen = new Map<string, unknown>();
  const changed = new Set<string>();
  let commits = 0;
  return (tables: Tables, ids: Iterable<string>): void => {
    commits += 1;
    for (const id of ids) {
      const kept = tables.handoffs.ledger(id);
      if (seen.get(id) === kept && commits % ALL_EVERY > 0) continue;
      seen.set(id, kept);
      freeze(kept);
      changed.add(id);
    }
    if (commits % CHANGED_EVERY > 0) return;
    for (const id of changed) {
      if (isDeepStrictEqual(tables.handoffs.ledger(id), tables.handoffs.readLedger(id))) continue;
      violate({ invariant: 29, what: `the ledger of ${id} in memory is not what its rows say` });
    }
    changed.clear();
  };
}
