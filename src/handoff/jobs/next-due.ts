import type { SessionRecord, Tables } from "../../store/store.ts";
import type { HandoffSettings } from "../settings.ts";

/** Until when what waits for credentials may be left: asked again from then. */
function credentialsAt({ handoffs }: Tables, accounts: Iterable<string>, at: number, settings: HandoffSettings) {
  const isWaiting = [...accounts].some((account) => handoffs.parkedForCredentials(account, 1).length > 0);
  return isWaiting ? [at + settings.askEveryMs] : [];
}

interface NextDueDeps {
  record: Pick<SessionRecord, "read">;
  accounts: Iterable<string>;
  now: () => number;
  settings: HandoffSettings;
  /** What is on its way has no time of its own. */
  isInWork: () => boolean;
}

/** Longer than any request takes: whoever looks then finds what a process left on its way when it went. */
const IN_WORK_MS = 30_000;

/**
 * When something in the record has to be done that no event brings about; null: nothing. For a runtime that keeps no timers
 * and wakes a record up at its time.
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
