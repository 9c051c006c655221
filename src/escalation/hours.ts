import { z } from "zod";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const rangeSchema = z
  .tuple([
    z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 09:00"),
    z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "must be a time such as 17:00, at most 24:00"),
  ])
  .refine(([from, to]) => from < to, "must end after it begins; a night is two ranges, up to 24:00 and from 00:00");
const daySchema = z
  .array(rangeSchema)
  .refine(
    (ranges) => ranges.every(([from], index) => index === 0 || (ranges[index - 1]?.[1] ?? "") <= from),
    "must be in order and not overlap",
  );

const isTimeZone = (timeZone: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }) !== null;
  } catch {
    return false;
  }
};

/** When people are there: local times of one time zone, [from, to). A holiday is closed all day. */
const scheduleSchema = z.strictObject({
  timeZone: z.string().refine(isTimeZone, "must be an IANA time zone such as Europe/Zagreb"),
  weekly: z.partialRecord(z.enum(DAYS), daySchema),
  holidays: z.array(z.iso.date()).default([]),
});
export type Schedule = z.infer<typeof scheduleSchema>;

/** A schedule of the flow's own, or working hours that the account has at Infobip. */
export const hoursSchema = z.union([scheduleSchema, z.strictObject({ workingHoursId: z.string().min(1).max(255) })]);
export type Hours = z.infer<typeof hoursSchema>;

export const isSchedule = (hours: Hours): hours is Schedule => "weekly" in hours;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const cached = formats.get(timeZone);
  if (cached !== undefined) return cached;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}

/** A moment on the clock of a time zone. */
interface Local {
  /** `2026-11-23` */
  date: string;
  weekday: (typeof DAYS)[number] | undefined;
  /** `09:30` */
  time: string;
}

function localOf(timeZone: string, at: number): Local {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  return {
    date: `${part("year")}-${part("month")}-${part("day")}`,
    weekday: DAYS.find((name) => name === part("weekday").toLowerCase()),
    time: `${part("hour")}:${part("minute")}`,
  };
}

/** Tells whether it is open at `now`, in milliseconds since the epoch; the zone's own clock decides, so daylight saving holds. */
export function isOpen({ timeZone, weekly, holidays }: Schedule, now: number): boolean {
  const { date, weekday, time } = localOf(timeZone, now);
  if (weekday === undefined || holidays.includes(date)) return false;
  return (weekly[weekday] ?? []).some(([from, to]) => from <= time && time < to);
}

/** Looks up the status of an account's working hours at Infobip, by id; null: nothing that is new enough. */
export type KnownHours = (workingHoursId: string) => boolean | null;
export const nothingKnown: KnownHours = () => null;

/** Tells whether the office is open. If that is not known, Baton assumes it is: somebody in trouble must not wait for a status. */
export function isWorking(hours: Hours | undefined, now: number, known: KnownHours): boolean {
  if (hours === undefined) return true;
  return isSchedule(hours) ? isOpen(hours, now) : (known(hours.workingHoursId) ?? true);
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A schedule that does not open within this never does: holidays are dates, not rules. */
const LOOK_AHEAD_DAYS = 400;
/** No zone was ever further from UTC, nor has one ever changed its clock by more in a day. */
const FURTHEST_MS = 26 * 3_600_000;
/** Clocks have changed by up to three hours at once. */
const LARGEST_CHANGE_MINUTES = 180;

/** Milliseconds by which the zone's clock is ahead of UTC. */
function offsetOf(timeZone: string, at: number): number {
  const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  const { date, time } = localOf(timeZone, minute);
  return Date.parse(`${date}T${time}:00Z`) - minute;
}

/**
 * When it opens next, or `now` where it is open; null: not within 400 days. A day whose clock changes may have an opening
 * twice or not at all: the first moment counts at which `isOpen` says so.
 */
export function nextOpening(schedule: Schedule, now: number): number | null {
  if (isOpen(schedule, now)) return now;
  const { timeZone, weekly, holidays } = schedule;
  for (let day = -1; day <= LOOK_AHEAD_DAYS; day += 1) {
    const midnight = Math.floor(now / DAY_MS) * DAY_MS + day * DAY_MS;
    const date = new Date(midnight).toISOString().slice(0, 10);
    // Days of the week begin with Sunday here.
    const weekday = DAYS[(new Date(midnight).getUTCDay() + 6) % 7];
    if (weekday === undefined || holidays.includes(date)) continue;
    const openings = (weekly[weekday] ?? []).flatMap(([from]) => {
      const asUtc = Date.parse(`${date}T${from}:00Z`);
      const offsets = [offsetOf(timeZone, asUtc - FURTHEST_MS), offsetOf(timeZone, asUtc + FURTHEST_MS)];
      return offsets.map((offset) => earliest(schedule, asUtc - offset, now));
    });
    // With the offset of another day it may be a moment of that day, which has its own turn.
    const found = openings.filter((at) => at > now && isOpen(schedule, at) && localOf(timeZone, at).date === date);
    if (found.length > 0) return Math.min(...found);
  }
  return null;
}

/** If the clock leaps over the opening, it was open before `at`, from the leap on. */
function earliest(schedule: Schedule, at: number, now: number): number {
  let first = at;
  for (let minute = 1; minute <= LARGEST_CHANGE_MINUTES; minute += 1) {
    const before = at - minute * MINUTE_MS;
    if (before <= now || !isOpen(schedule, before)) break;
    first = before;
  }
  return first;
}
