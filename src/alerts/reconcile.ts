/** Compares the open alerts with what a look found. Pure. */
import { type Alert, type Condition, subjectOf } from "../model/alert.ts";
import type { Look } from "./look.ts";

/** Further handoffs of a code share one alert with a count, so that a bad hour is no flood. */
export const MOST_EACH = 20;

export interface Changes {
  opened: Alert[];
  over: Alert[];
  /** Their count is another one. */
  counted: Alert[];
}

const newAlert = (condition: Condition, now: number, idOf: (condition: Condition) => string): Alert => ({
  ...condition,
  id: idOf(condition),
  since: now,
  overAt: null,
  told: null,
  toldCount: 0,
  tries: 0,
});

/** `idOf` makes an id of a condition that begins now. */
export function reconcile(
  open: readonly Alert[],
  { code, conditions, isWhole, isListed }: Look,
  now: number,
  idOf: (condition: Condition) => string,
): Changes {
  const changes: Changes = { opened: [], over: [], counted: [] };
  const found = new Map(conditions.map((condition) => [subjectOf(condition), condition]));
  const isOfOthers = (alert: Alert): boolean => isListed && subjectOf(alert) === "";
  const recount = (alert: Alert, count: number): void => {
    if (count !== alert.count) changes.counted.push({ ...alert, count });
  };

  let kept = 0;
  let others: Alert | undefined;
  for (const alert of open.filter((it) => it.code === code)) {
    if (isOfOthers(alert)) {
      others = alert;
      continue;
    }
    const condition = found.get(subjectOf(alert));
    found.delete(subjectOf(alert));
    if (condition !== undefined) recount(alert, condition.count);
    if (condition !== undefined || !isWhole) kept += 1;
    else changes.over.push({ ...alert, overAt: now });
  }

  const fresh = [...found.values()];
  if (others !== undefined) {
    if (fresh.length > 0 || !isWhole) recount(others, Math.max(1, fresh.length));
    else changes.over.push({ ...others, overAt: now });
    return changes;
  }
  const places = isListed && kept + fresh.length > MOST_EACH ? Math.max(0, MOST_EACH - kept) : fresh.length;
  const each = fresh.slice(0, places);
  const rest = fresh.length - each.length;
  for (const condition of each) changes.opened.push(newAlert(condition, now, idOf));
  if (rest > 0) {
    const condition = { code, bot: null, account: null, handoffId: null, count: rest };
    changes.opened.push(newAlert(condition, now, idOf));
  }
  return changes;
}
