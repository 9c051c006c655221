/** Finds what somebody has to act on now: in the record, in the state of the accounts, and on the disk. */
import type { AccountHealth } from "../handoff/account/account-health.ts";
import { mostOfBot } from "../handoff/use-cases/backlog.ts";
import type { AlertCode } from "../log.ts";
import type { Condition } from "../model/alert.ts";
import type { SessionRecord } from "../store/store.ts";
import { accountConditions } from "./account-conditions.ts";
import type { FindOpen, Look } from "./look.ts";
import type { ReachedLimits } from "./reached-limits.ts";

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
  limits: Pick<ReachedLimits, "read" | "isSure">;
  isStorageFailing: () => boolean;
  /** Null: it cannot be told. */
  readSpace: () => Space | null;
  now: () => number;
}

/** More handoffs are counted as this many. */
const MOST_LISTED = 1_000;
/** A backlog opens an alert at the first share of its bound, and ends it below the second. */
const BACKLOG_FROM = 0.8;
const BACKLOG_UNTIL = 0.6;
/** Space opens an alert below this or a tenth of a smaller disk, and ends it above `SPACE_AGAIN` times as much. */
const LOW_BYTES = 1e9;
const LOW_SHARE = 0.1;
const SPACE_AGAIN = 1.2;

const NOBODY = { bot: null, account: null, handoffId: null };

export function createFindConditions(deps: ConditionDeps) {
  const { record, bots, accounts, maxPending, limits, isStorageFailing, readSpace, now } = deps;

  const waiting = (account: string): number =>
    record.read(({ alerts }) => alerts.waitingForCredentials(account, MOST_LISTED));

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

  function limitConditions(open: FindOpen): Look {
    const found = new Map(limits.read().map(({ bot, count }) => [bot, count]));
    const conditions = bots.flatMap(({ bot }): Condition[] => {
      const known = open("too-many-handoffs", bot);
      // An open alert stays while a process that has just begun cannot know.
      const count = found.get(bot) ?? (limits.isSure() ? undefined : known?.count);
      return count === undefined
        ? []
        : [{ ...NOBODY, code: "too-many-handoffs", bot, count: Math.max(count, known?.count ?? 0) }];
    });
    return { code: "too-many-handoffs", conditions, isWhole: true, isListed: false };
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
    ...accountConditions({ accounts: accounts(), waiting, now: now() }, open),
    limitConditions(open),
    backlogConditions(open),
    ...diskConditions(open),
  ];
}
