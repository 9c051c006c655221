/** Finds what somebody has to act on now: in the record, in the state of the accounts, and on the disk. */
import type { AccountHealth } from "../handoff/account/account-health.ts";
import { mostOfBot } from "../handoff/use-cases/backlog.ts";
import type { AlertCode } from "../log.ts";
import type { Alert, Condition } from "../model/alert.ts";
import type { SessionRecord } from "../store/store.ts";

/** The conditions of one code. */
export interface Look {
  code: AlertCode;
  conditions: readonly Condition[];
  /** False: there are more than these. */
  isWhole: boolean;
  /** True: each handoff is an alert of its own, up to a number of them. */
  isListed: boolean;
}

export interface Space {
  freeBytes: number;
  totalBytes: number;
}

export interface ConditionDeps {
  record: Pick<SessionRecord, "read">;
  /** Bots of the flows, with their accounts. */
  bots: readonly { bot: string; account: string }[];
  accounts: () => readonly AccountHealth[];
  maxPending: number;
  isStorageFailing: () => boolean;
  /** Null: it cannot be told. */
  readSpace: () => Space | null;
  now: () => number;
}

/** More handoffs are counted as this many. */
const MOST_LISTED = 1_000;
/** Agents notice a poll in place of pushes by then, and a slow push has come. */
const UNHEARD_MS = 300_000;
/** An account that failed counts as failing until its circuit has not opened for this time. */
const CALM_MS = 120_000;
/** A backlog opens an alert at the first share of its bound, and ends it below the second. */
const BACKLOG_FROM = 0.8;
const BACKLOG_UNTIL = 0.6;
/** Space opens an alert below this or a tenth of a smaller disk, and ends it above `SPACE_AGAIN` times as much. */
const LOW_BYTES = 1e9;
const LOW_SHARE = 0.1;
const SPACE_AGAIN = 1.2;

const NOBODY = { bot: null, account: null, handoffId: null };

export function createFindConditions(deps: ConditionDeps) {
  const { record, bots, accounts, maxPending, isStorageFailing, readSpace, now } = deps;

  /** `open`: finds the open alert of a code and an account or a bot. */
  type FindOpen = (code: AlertCode, subject: string) => Alert | undefined;

  function accountConditions(open: FindOpen): readonly Look[] {
    const found: Condition[] = [];
    for (const { account, state, lastSuccessAt, circuitOpenedAt, lastPushAt, unheardSince } of accounts()) {
      /** An open alert stays until the account shows the contrary: a process that has just begun knows nothing. */
      const stays = (code: AlertCode, shownAt: number | null): boolean => {
        const alert = open(code, account);
        return alert !== undefined && (shownAt === null || shownAt <= alert.since);
      };
      const waiting = record.read(({ alerts }) => alerts.waitingForCredentials(account, MOST_LISTED));
      const add = (code: AlertCode, count = 1): void => void found.push({ ...NOBODY, code, account, count });
      if (state === "refused" || waiting > 0 || stays("account-refused", lastSuccessAt))
        add("account-refused", Math.max(1, waiting));
      // A platform that fails in part has successes in between.
      const isCalm =
        circuitOpenedAt === null ||
        (now() - circuitOpenedAt >= CALM_MS && lastSuccessAt !== null && lastSuccessAt > circuitOpenedAt);
      if (!isCalm || stays("account-failing", lastSuccessAt)) add("account-failing");
      const isUnheard = unheardSince !== null && now() - unheardSince >= UNHEARD_MS;
      if (isUnheard || stays("pushes-silent", lastPushAt)) add("pushes-silent");
    }
    return (["account-refused", "account-failing", "pushes-silent"] as const).map((code) => ({
      code,
      conditions: found.filter((it) => it.code === code),
      isWhole: true,
      isListed: false,
    }));
  }

  function backlogConditions(open: FindOpen): Look {
    const conditions: Condition[] = [];
    const note = (bot: string | null, most: number, count: number): void => {
      const share = open("backlog", bot ?? "") === undefined ? BACKLOG_FROM : BACKLOG_UNTIL;
      if (count >= Math.max(1, most * share)) conditions.push({ ...NOBODY, code: "backlog", bot, count });
    };
    record.read(({ handoffs }) => {
      const count = handoffs.pending(maxPending);
      note(null, maxPending, count);
      const most = mostOfBot(maxPending);
      // No bot has more than all of them.
      if (count >= most * BACKLOG_UNTIL)
        for (const { bot, account } of bots) note(bot, most, handoffs.pendingOf(account, bot, most));
    });
    return { code: "backlog", conditions, isWhole: true, isListed: false };
  }

  function diskConditions(open: FindOpen): readonly Look[] {
    const one = (code: AlertCode, is: boolean): Look => ({
      code,
      conditions: is ? [{ ...NOBODY, code, count: 1 }] : [],
      isWhole: true,
      isListed: false,
    });
    const space = readSpace();
    const isLow = (): boolean => {
      if (space === null) return open("disk-low", "") !== undefined;
      const low = Math.min(LOW_BYTES, space.totalBytes * LOW_SHARE);
      return space.freeBytes < (open("disk-low", "") === undefined ? low : low * SPACE_AGAIN);
    };
    return [one("disk-low", isLow()), one("storage-failing", isStorageFailing())];
  }

  function handoffConditions(): readonly Look[] {
    return record.read(({ alerts }) =>
      [alerts.parked, alerts.late, alerts.givenUp].map((list, index): Look => {
        const conditions = list(MOST_LISTED);
        const isWhole = conditions.reduce((sum, { count }) => sum + count, 0) < MOST_LISTED;
        const code = (["handoff-parked", "handoff-late", "callback-given-up"] as const)[index] ?? "handoff-parked";
        return { code, conditions, isWhole, isListed: true };
      }),
    );
  }

  return (open: FindOpen): Look[] => [
    ...handoffConditions(),
    ...accountConditions(open),
    backlogConditions(open),
    ...diskConditions(open),
  ];
}
