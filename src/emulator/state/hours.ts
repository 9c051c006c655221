import { WEEKDAYS, type WorkingHours } from "./state.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    weekday: "long",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}

/** Tells whether `now` is inside, by the clock of the zone. Hours that are switched off never close; that is a guess. */
export function isInside({ enabled, timezone, workWeek, holidays }: WorkingHours, now: number): boolean {
  if (!enabled) return true;
  const parts = new Map(
    formatOf(timezone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  const date = `${part("year")}-${part("month")}-${part("day")}`;
  if (holidays.some((holiday) => holiday.enabled && holiday.startDate <= date && date <= holiday.endDate)) return false;
  const weekday = WEEKDAYS.find((name) => name === part("weekday").toUpperCase());
  if (weekday === undefined) return false;
  const day = workWeek[weekday];
  const minute = Number(part("hour")) * 60 + Number(part("minute"));
  return day.enabled && day.startTime <= minute && minute < day.endTime;
}
