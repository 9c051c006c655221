/** Raises an alert for a handoff that should have reached an agent and has not: in the log, in the record, and to its bot. */
import type { Flows } from "../../escalation/flow.ts";
import type { Log } from "../../log.ts";
import { createRepetition, type Job } from "../../scheduler.ts";
import { isStorageFailure } from "../../store/storage-error.ts";
import type { SessionRecord } from "../../store/store.ts";
import type { DispatcherDeps } from "../run/dispatcher.ts";
import { addCallback } from "../save/enqueue-callbacks.ts";

export interface LateDeps {
  record: SessionRecord;
  flows: Flows;
  now: () => number;
  setTimer: DispatcherDeps["setTimer"];
  /** A callback may be due. */
  changed: () => void;
  log: Log;
}

/** An alert comes within a minute of its time with this interval, even if one look fails. */
const LOOK_EVERY_MS = 15_000;
const AT_ONCE = 100;

export function createLateWatch({ record, flows, now, setTimer, changed, log }: LateDeps): Job {
  async function look(): Promise<void> {
    const at = now();
    const late = record.read((tables) => tables.handoffs.late(at, AT_ONCE));
    if (late.length === 0) return;
    const count = await record.commit((tables) => {
      // Handoffs that have an agent by now are not among these any more.
      const handoffs = tables.handoffs.late(at, AT_ONCE).flatMap((id) => tables.handoffs.byId(id) ?? []);
      for (const handoff of handoffs) {
        const { id, bot, account, state } = handoff;
        tables.handoffs.save({ ...handoff, alertedAt: at }, handoff);
        addCallback(tables, flows, "handoff.waiting", handoff, at, { because: "late" });
        // Logged before it is durable: a crash may repeat it, and not lose it.
        log.error(
          { alert: "handoff-late", handoff: id, bot, account, state },
          "handoff late: its customer still has no agent",
        );
      }
      return handoffs.length;
    });
    if (count > 0) changed();
  }

  const looking = createRepetition({
    run: look,
    waitMs: () => LOOK_EVERY_MS,
    setTimer,
    onFailure(err) {
      // `storage-health` logs it, once.
      if (!isStorageFailure(err)) log.error({ err }, "late handoffs could not be looked for; it is tried again");
    },
  });
  const lookNow = (): void => void looking.runNow();

  return {
    name: "alert-overdue",
    dueAt: () => record.read(({ handoffs }) => handoffs.nextLateAt()),
    begin: lookNow,
    run: lookNow,
    stop: looking.stop,
  };
}
