/**
 * Opens an alert when somebody has to act, and ends it when that is over: in the log, and at the operator's webhook. Open alerts
 * are in the record, so that a restart tells none twice; while the record takes no writes they are in memory.
 */
import type { AlertCode, Log } from "../log.ts";
import { ALERT_SAYS, type Alert, type Condition, subjectOf } from "../model/alert.ts";
import { createRepetition } from "../schedule/repetition.ts";
import type { Schedule } from "../schedule/scheduler.ts";
import { sha256 } from "../sha256.ts";
import { isStorageFailure } from "../store/storage-error.ts";
import type { SessionRecord } from "../store/store.ts";
import { type ConditionDeps, createFindConditions } from "./find-conditions.ts";
import { noticeOf, toNotice } from "./notice.ts";
import { createPoster, type Webhook } from "./poster.ts";
import { reconcile } from "./reconcile.ts";

/** Settings of a runtime. */
export interface AlertSettings {
  /** Null: alerts are lines in the log alone. */
  webhook: Webhook | null;
  /** Address of this service as people reach it, without a slash at the end; null: alerts link to no page. */
  publicUrl: string | null;
  readSpace: ConditionDeps["readSpace"];
}

interface AlertDeps extends Omit<ConditionDeps, "record">, AlertSettings {
  record: SessionRecord;
  /** Tries a write after a failed one. */
  isWritable: () => Promise<boolean>;
  steady: () => number;
  schedule: Schedule;
  log: Log;
}

export interface AlertWatch {
  /** Open alerts, the oldest first. */
  open(): readonly Alert[];
  /** Resolves once nothing more can be posted now. */
  idle(): Promise<void>;
}

const LOOK_EVERY_MS = 10_000;
/** An all-clear that nobody took by then is of no use any more. */
const TELL_OVER_MS = 24 * 3_600_000;
/** Their event is a line of the log already, with the same code. */
const LOGGED_AT_THEIR_EVENT = new Set<AlertCode>([
  "handoff-parked",
  "handoff-late",
  "account-refused",
  "account-failing",
  "callback-given-up",
  "storage-failing",
]);

export function createAlertWatch(deps: AlertDeps): AlertWatch {
  const { record, now, log, webhook } = deps;
  const findConditions = createFindConditions(deps);
  const poster = webhook === null ? null : createPoster({ ...deps, webhook });
  /** By id: the open ones, and those whose end has to be told. */
  const alerts = new Map<string, Alert>();
  /** Ids of those that the record does not have as they are. */
  const unsaved = new Set<string>();
  let posting: Promise<void> | null = null;
  let isStopped = false;

  const openAlerts = (): Alert[] => [...alerts.values()].filter(({ overAt }) => overAt === null);
  const findOpen = (code: AlertCode, subject: string): Alert | undefined =>
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

  function apply(): void {
    for (const look of findConditions(findOpen)) {
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

  async function save(): Promise<void> {
    if (unsaved.size === 0) return;
    const saved = [...unsaved];
    await record.commit((tables) => {
      for (const id of saved) {
        const alert = alerts.get(id);
        if (alert === undefined) tables.alerts.remove(id);
        else tables.alerts.save(alert);
      }
    });
    for (const id of saved) unsaved.delete(id);
  }

  /** The next notice: one that failed comes after all others. */
  const nextToTell = (): Alert | undefined =>
    [...alerts.values()]
      .filter((alert) => noticeOf(alert) !== null)
      .sort((one, other) => one.tries - other.tries || one.since - other.since)[0];

  async function postAll(): Promise<void> {
    for (;;) {
      const alert = nextToTell();
      const notice = alert === undefined ? null : noticeOf(alert);
      if (poster === null || alert === undefined || notice === null || isStopped || poster.isHeld()) return;
      // It may have arrived although the answer is lost, so its end has to be told.
      keep({ ...alert, tries: alert.tries + 1 });
      const isTaken = await poster.post(toNotice(alert, notice, deps.publicUrl));
      // It may have ended, or grown, meanwhile.
      const current = alerts.get(alert.id);
      if (current === undefined) continue;
      const isTooLate = current.overAt !== null && now() - current.overAt >= TELL_OVER_MS;
      if (notice === "over" && (isTaken || isTooLate)) drop(current);
      else if (isTaken) keep({ ...current, told: notice, toldCount: alert.count, tries: 0 });
    }
  }

  async function saveSafely(): Promise<void> {
    try {
      await save();
    } catch (err) {
      // `storage-health` logs it, once. The next look saves again.
      if (!isStorageFailure(err)) throw err;
    }
  }

  function startPosting(): void {
    posting ??= postAll()
      .then(saveSafely)
      .catch((err: unknown) => log.error({ err }, "alerts could not be posted; Baton tries again"))
      .finally(() => {
        posting = null;
      });
  }

  async function look(): Promise<void> {
    if (deps.isStorageFailing()) await deps.isWritable();
    apply();
    startPosting();
    await saveSafely();
  }

  const looking = createRepetition({
    name: "alerts",
    run: look,
    waitMs: () => LOOK_EVERY_MS,
    now,
    steady: deps.steady,
  });
  deps.schedule({
    ...looking,
    async begin() {
      for (const alert of record.read((tables) => tables.alerts.all())) alerts.set(alert.id, alert);
      // A webhook that is gone has nothing to be told.
      if (poster === null) for (const alert of alerts.values()) if (alert.overAt !== null) drop(alert);
      await looking.run();
    },
    async stop() {
      isStopped = true;
      await posting;
    },
  });

  return {
    open: () => openAlerts().sort((one, other) => one.since - other.since),
    async idle() {
      await posting;
    },
  };
}
