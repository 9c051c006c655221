/** Figures over all sessions, and how each account is. */
import type { Alert } from "../model/alert.ts";
import type { HandoffState } from "../model/handoff.ts";
import type { SessionRecord } from "../store/store.ts";
import type { FailingStep, ParkedGroup, RecentHandoff, SetAsideGroup } from "../store/tables/overview.ts";
import type { AccountHealth } from "./account/account-health.ts";

export interface Overview {
  /** Counts by state, without those that returned. */
  states: ReadonlyMap<HandoffState, number>;
  late: number;
  longestWaitSince: number | null;
  parked: readonly ParkedGroup[];
  /** Handoffs that were opened since then, the newest first. */
  recent: { since: number; handoffs: readonly RecentHandoff[]; isWhole: boolean };
  /** Null: it is not known here. Each session has its own. */
  failing: readonly FailingStep[] | null;
  setAside: readonly SetAsideGroup[] | null;
  /** Those that could be asked. */
  accounts: readonly AccountHealth[];
  alerts: readonly Alert[] | null;
}

export const RECENT_MS = 3_600_000;
/** Several consoles share one look. */
const KEPT_MS = 1_000;

interface OverviewDeps {
  record: SessionRecord;
  accounts: () => AccountHealth[];
  alerts: () => readonly Alert[] | null;
  now: () => number;
}

export function createOverview({ record, accounts, alerts, now }: OverviewDeps): () => Overview {
  let kept: { at: number; overview: Overview } | null = null;
  return () => {
    const at = now();
    if (kept !== null && at >= kept.at && at - kept.at < KEPT_MS) return kept.overview;
    const since = at - RECENT_MS;
    const overview = record.read(({ overview: table }) => ({
      states: table.countStates(),
      late: table.countLate(),
      longestWaitSince: table.longestWaitSince(),
      parked: table.parkedGroups(),
      recent: { since, ...table.recent(since) },
      failing: table.failingSteps(),
      setAside: table.setAsideGroups(),
      accounts: accounts(),
      alerts: alerts(),
    }));
    kept = { at, overview };
    return overview;
  };
}
