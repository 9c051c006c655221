/**
 * The alerts that are open, or whose end is still to be told, in memory: opens and ends them by what a look found, in the log and at
 * the operator's webhook. Its owner keeps them over a restart, so that nobody is told twice.
 */
import type { AlertCode, Log } from "../log.ts";
import { ALERT_SAYS, type Alert, type Condition, subjectOf } from "../model/alert.ts";
import { sha256 } from "../sha256.ts";
import type { FindOpen, Look } from "./look.ts";
import { noticeOf, toNotice } from "./notice.ts";
import { createPoster, type Webhook } from "./poster.ts";
import { reconcile } from "./reconcile.ts";

export interface AlertBookDeps {
  /** Null: alerts are lines in the log alone. */
  webhook: Webhook | null;
  /** Address of this service as people reach it, without a slash at the end; null: alerts link to no page. */
  publicUrl: string | null;
  now: () => number;
  steady: () => number;
  log: Log;
}

export interface AlertBook {
  /** Takes over what was kept. */
  load(kept: readonly Alert[]): void;
  /** Open alerts, the oldest first. */
  open(): Alert[];
  findOpen: FindOpen;
  apply(looks: readonly Look[]): void;
  /** Posts until nothing is to be told, or the webhook fails. */
  post(): Promise<void>;
  /** Posts nothing further. */
  stop(): void;
  /** All that have to be kept. */
  all(): Alert[];
  /** Ids of those that changed since their owner kept them; null: that one is gone. */
  unsaved(): Map<string, Alert | null>;
  noteSaved(saved: ReadonlyMap<string, Alert | null>): void;
}

/** An all-clear that nobody took by then is of no use any more. */
const TELL_OVER_MS = 24 * 3_600_000;
/** Their event is a line of the log already, with the same code. */
const LOGGED_AT_THEIR_EVENT = new Set<AlertCode>([
  "handoff-parked",
  "handoff-late",
  "account-refused",
  "account-failing",
  "callback-given-up",
  "too-many-handoffs",
  "storage-failing",
]);

export function createAlertBook({ webhook, publicUrl, now, steady, log }: AlertBookDeps): AlertBook {
  const poster = webhook === null ? null : createPoster({ webhook, now, steady, log });
  const alerts = new Map<string, Alert>();
  const unsaved = new Set<string>();
  let isStopped = false;

  const openAlerts = (): Alert[] => [...alerts.values()].filter(({ overAt }) => overAt === null);
  const findOpen: FindOpen = (code, subject) =>
    openAlerts().find((alert) => alert.code === code && subjectOf(alert) === subject);
  /** The same condition at another time is another alert. */
  const idOf = (condition: Condition): string =>
    `alert-${sha256(JSON.stringify([condition.code, subjectOf(condition), now()]))
      .toString("hex")
      .slice(0, 24)}`;

  function keep(alert: Alert): void {
    alerts.set(alert.id, alert);
    unsaved.add(alert.id);
  }
  function drop({ id }: Alert): void {
    alerts.delete(id);
    unsaved.add(id);
  }

  function tell({ code, bot, account, handoffId, count, since, overAt }: Alert): void {
    const fields = {
      alert: code,
      ...(bot !== null && { bot }),
      ...(account !== null && { account }),
      ...(handoffId !== null && { handoff: handoffId }),
      count,
    };
    if (overAt !== null) log.info({ ...fields, state: "over", ms: overAt - since }, "an alert is over");
    else log.error({ ...fields, state: "open" }, ALERT_SAYS[code]);
  }

  function apply(looks: readonly Look[]): void {
    for (const look of looks) {
      const { opened, over, counted } = reconcile(openAlerts(), look, now(), idOf);
      for (const alert of counted) keep(alert);
      for (const alert of opened) {
        keep(alert);
        const isOfOthers = look.isListed && subjectOf(alert) === "";
        if (isOfOthers || !LOGGED_AT_THEIR_EVENT.has(alert.code)) tell(alert);
      }
      for (const alert of over) {
        tell(alert);
        // Nobody was told that it began.
        if (poster === null || (alert.told === null && alert.tries === 0)) drop(alert);
        else keep({ ...alert, tries: 0 });
      }
    }
  }

  /** The next notice: one that failed comes after all others. */
  const nextToTell = (): Alert | undefined =>
    [...alerts.values()]
      .filter((alert) => noticeOf(alert) !== null)
      .sort((one, other) => one.tries - other.tries || one.since - other.since)[0];

  async function post(): Promise<void> {
    for (;;) {
      const alert = nextToTell();
      const notice = alert === undefined ? null : noticeOf(alert);
      if (poster === null || alert === undefined || notice === null || isStopped || poster.isHeld()) return;
      // It may have arrived although the answer is lost, so its end has to be told.
      keep({ ...alert, tries: alert.tries + 1 });
      const isTaken = await poster.post(toNotice(alert, notice, publicUrl));
      // It may have ended, or grown, meanwhile.
      const current = alerts.get(alert.id);
      if (current === undefined) continue;
      const isTooLate = current.overAt !== null && now() - current.overAt >= TELL_OVER_MS;
      if (notice === "over" && (isTaken || isTooLate)) drop(current);
      else if (isTaken) keep({ ...current, told: notice, toldCount: alert.count, tries: 0 });
    }
  }

  return {
    load(kept) {
      for (const alert of kept) alerts.set(alert.id, alert);
      // A webhook that is gone has nothing to be told.
      if (poster === null) for (const alert of alerts.values()) if (alert.overAt !== null) drop(alert);
    },
    open: () => openAlerts().sort((one, other) => one.since - other.since),
    findOpen,
    apply,
    post,
    stop() {
      isStopped = true;
    },
    all: () => [...alerts.values()],
    unsaved: () => new Map([...unsaved].map((id) => [id, alerts.get(id) ?? null])),
    noteSaved(saved) {
      // One that changed meanwhile is another object.
      for (const [id, alert] of saved) if ((alerts.get(id) ?? null) === alert) unsaved.delete(id);
    },
  };
}
