/** Puts off a handoff whose turn failed, longer with each failure, and parks it after too many. */
import type { Flows } from "../../escalation/flow.ts";
import type { Log } from "../../log.ts";
import type { Meter } from "../../metrics/meter.ts";
import type { Handoff } from "../../model/handoff.ts";
import { isStorageFailure } from "../../store/storage-error.ts";
import type { SessionRecord, Tables } from "../../store/store.ts";
import type { DueHandoff } from "../../store/tables/handoffs/due-handoffs.ts";
import { countChange, tellState } from "../save/log-state.ts";
import { saveLedger } from "../save/save-ledger.ts";

export interface PutOffDeps {
  record: SessionRecord;
  flows: Flows;
  /** A callback may be due. */
  changed: () => void;
  now: () => number;
  log: Log;
  meter: Meter;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Some nine minutes after the first failure: a person has to look at what fails so often. */
const FAILURES_BEFORE_PARKED = 10;

const BECAUSE = "Baton failed at it again and again: see the error in its log, then retry";

/** Parks a handoff whose customer still waits. Null: it cannot be parked any more. */
function park(tables: Tables, flows: Flows, id: string, at: number): { before: Handoff; after: Handoff } | null {
  const ledger = tables.handoffs.ledger(id);
  if (ledger === null || !["pending", "deferred"].includes(ledger.handoff.state)) return null;
  const before = ledger.handoff;
  const handoff: Handoff = {
    ...before,
    state: "parked",
    parkedBecause: BECAUSE,
    parkedFor: "person",
    dueAt: null,
    updatedAt: at,
  };
  saveLedger(tables, ledger, { ...ledger, handoff }, at, { flows });
  return { before, after: handoff };
}

export function createPutOff({ record, flows, changed, now, log, meter }: PutOffDeps) {
  /** Writes only columns, so an unreadable ledger is put off too. Returns the number of its failures, and its wait. */
  function count({ id }: DueHandoff): Promise<{ failures: number; waitMs: number }> {
    return record.commit(({ handoffs }) => {
      const failures = handoffs.failuresOf(id) + 1;
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 30));
      handoffs.putOff(id, failures, now(), now() + waitMs);
      return { failures, waitMs };
    });
  }

  /** Parks a handoff by its columns alone if its ledger cannot be read: its bot gets no callback then. */
  async function setAside({ id, bot, account }: DueHandoff): Promise<boolean> {
    const parked = await record.commit((tables) => park(tables, flows, id, now())).catch(() => undefined);
    if (parked === null) return false;
    if (parked !== undefined) {
      tellState(log, parked.after);
      countChange(meter, parked.before, parked.after);
      changed();
      return true;
    }
    const isParked = await record.commit(({ handoffs }) => handoffs.setAside(id, BECAUSE, now()));
    if (isParked) {
      const fields = { alert: "handoff-parked", handoff: id, bot, account, state: "parked" } as const;
      log.error(fields, "handoff parked: its ledger cannot be read");
      meter.count("changes", { bot, state: "parked" });
    }
    return isParked;
  }

  /** Rejects if that cannot be written: nothing of the handoff may start before it is. */
  return async (handoff: DueHandoff, err: unknown): Promise<void> => {
    const { failures, waitMs } = await count(handoff);
    const isParked = failures >= FAILURES_BEFORE_PARKED && (await setAside(handoff));
    const fields = { handoff: handoff.id, bot: handoff.bot, account: handoff.account, count: failures, err };
    if (isParked) log.error(fields, "a handoff could not be carried on");
    // `storage-health` has logged it.
    else if (isStorageFailure(err)) log.warn({ ...fields, ms: waitMs }, "a handoff is carried on later");
    else log.error({ ...fields, ms: waitMs }, "a handoff could not be carried on; it is tried again");
  };
}
export type PutOff = ReturnType<typeof createPutOff>;
