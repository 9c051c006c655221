import { ok, type Result } from "../../../result.ts";
import { type Refusal, refuse } from "../../state/errors.ts";
import { isInside } from "../../state/hours.ts";
import type { WorkingHours } from "../../state/state.ts";
import type { Handlers } from "../handler.ts";
import { pageOf } from "../page.ts";
import type { Platform } from "../platform.ts";
import { admits, admitsPart, timeWindow } from "../query.ts";

const ORDERS = ["id", "name", "timezone", "enabled", "isDefault", "createdAt", "updatedAt"] as const;

/** Leaves out the dates: the documented object has none, though the list can be filtered by them. */
export function toWorkingHours({ createdAt: _created, updatedAt: _updated, ...shown }: WorkingHours) {
  const holidays = shown.holidays.map((holiday) => ({ ...holiday, workingHoursId: shown.id }));
  return { ...shown, holidays, closeConversations: false };
}

/** Operations on working hours; they only read. */
export function workingHoursHandlers({ store, settings }: Platform) {
  const { state, now } = store;

  function find(id: string): Result<WorkingHours, Refusal> {
    const hours = state.workingHours.get(id);
    return hours === undefined ? refuse({ reason: "not-found", id }) : ok(hours);
  }

  return {
    listWorkingHours({ query }) {
      const isInTime = timeWindow(query, ["created", "updated"]);
      if (!isInTime.ok) return isInTime;
      const items = [...state.workingHours.values()].filter(
        (hours) =>
          admitsPart(query, "name", hours.name) &&
          admits(query, "enabled", hours.enabled) &&
          admits(query, "isDefault", hours.isDefault) &&
          isInTime.value(hours),
      );
      return pageOf(query, { key: "workingHours", items, orders: ORDERS, show: toWorkingHours }, settings);
    },
    getWorkingHours({ param }) {
      const found = find(param("id"));
      return found.ok ? ok(toWorkingHours(found.value)) : found;
    },
    getWorkingHoursStatus({ param }) {
      const found = find(param("id"));
      if (!found.ok) return found;
      return ok({ status: isInside(found.value, now()) ? "INSIDE_OF_WORKING_HOURS" : "OUTSIDE_OF_WORKING_HOURS" });
    },
  } satisfies Partial<Handlers>;
}
