/** Invariant 29: a ledger in memory equals its rows, and no code changes it in place. */
import { isDeepStrictEqual } from "node:util";
import type { Tables } from "../../src/store/store.ts";
import type { Violation } from "./invariants.ts";

/** Every 16th commit compares all ledgers; the others compare those that changed. */
const ALL_EVERY = 16;

/** Freezes a value: code that changes it fails, which the log shows. */
function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const each of Object.values(value)) freeze(each);
}

export function createKeptWatch(violate: (violation: Violation) => void) {
  const compared = new Map<string, unknown>();
  let commits = 0;
  return (tables: Tables, ids: Iterable<string>): void => {
    commits += 1;
    for (const id of ids) {
      const kept = tables.handoffs.ledger(id);
      if (compared.get(id) === kept && commits % ALL_EVERY > 0) continue;
      compared.set(id, kept);
      freeze(kept);
      if (isDeepStrictEqual(kept, tables.handoffs.readLedger(id))) continue;
      violate({ invariant: 29, what: `the ledger of ${id} in memory is not what its rows say` });
    }
  };
}
