import type { SessionRecord, Tables } from "../../store/store.ts";
import type { HandoffSettings } from "../settings.ts";

/** Time at which handoffs that wait for credentials are looked at again. */
function credentialsAt({ handoffs }: Tables, accounts: Iterable<string>, at: number, settings: HandoffSettings) {
  const isWaiting = [...accounts].some((account) => handoffs.parkedForCredentials(account, 1).length > 0);
  return isWaiting ? [at + settings.askEveryMs] : [];
}

interface NextDueDeps {
  record: Pick<SessionRecord, "read">;
  accounts: Iterable<string>;
  now: () => number;
  settings: HandoffSettings;
  /** True while something is on its way: that has no time of its own. */
  isInWork: () => boolean;
}

/** Longer than any request takes: the next look finds requests that a process left on their way. */
const IN_WORK_MS = 30_000;

/**
 * Time at which the record has something to do without an event; null: never. For a runtime that keeps no timers and wakes a
 * record up at its time.
 */
export const nextDue = ({ record, accounts, now, settings, isInWork }: NextDueDeps): number | null =>
  record.read((tables) => {
    const { handoffs, callbacks } = tables;
    const late = handoffs.nextLateAt();
    const times = [
      ...handoffs.queues().map(({ dueAt }) => dueAt),
      ...callbacks.queues().map(({ dueAt }) => dueAt),
      ...(late === null ? [] : [late]),
      ...credentialsAt(tables, accounts, now(), settings),
      ...(isInWork() ? [now() + IN_WORK_MS] : []),
    ];
    return times.length === 0 ? null : Math.min(...times);
  });
