/** Raises an alert for a handoff that should have reached an agent and has not: in the log, in the record, and to its bot. */
import type { Flows } from "../../escalation/flow.ts";
import type { Log } from "../../log.ts";
import type { Schedule } from "../../schedule/scheduler.ts";
import type { SessionRecord } from "../../store/store.ts";
import { addCallback } from "../save/enqueue-callbacks.ts";

export interface LateDeps {
  record: SessionRecord;
  flows: Flows;
  now: () => number;
  schedule: Schedule;
  /** A callback may be due. */
  changed: () => void;
  log: Log;
}

const AT_ONCE = 100;

export function scheduleLateWatch({ record, flows, now, schedule, changed, log }: LateDeps): void {
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

  schedule({
    name: "alert-overdue",
    dueAt: () => record.read(({ handoffs }) => handoffs.nextLateAt()),
    begin: look,
    run: look,
  });
}
