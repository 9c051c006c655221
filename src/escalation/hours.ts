import { z } from "zod";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const rangeSchema = z
  .tuple(
    [
      z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "must be a time such as 09:00", abort: true }),
      z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, {
        error: "must be a time such as 17:00, at most 24:00",
        abort: true,
      }),
    ],
    { error: 'must be a pair of times: a day is a list of them, [["09:00", "12:00"], ["13:00", "17:00"]]' },
  )
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

export const timeZoneSchema = z.string().refine(isTimeZone, "must be an IANA time zone such as Europe/Zagreb");

/** Zones that are no place have no summer time, and `Etc/GMT+1` is one hour behind UTC. */
export const isZoneOfPlace = (timeZone: string): boolean =>
  /^(UTC|GMT)$/i.test(timeZone) || /^(?!etc\/)\p{L}[^/]*\/./iu.test(timeZone);

/** A day of every year, as ISO 8601 once wrote it. */
const YEARLY = /^--(\d{2}-\d{2})$/;
/** 2024 is a leap year, so the 29th of February counts as a day. */
const isDay = (day: string): boolean => z.iso.date().safeParse(day.replace(YEARLY, "2024-$1")).success;
const holidayDaySchema = z.string().refine(isDay, "must be a day such as 2026-12-25, or --12-25 for every year");

const spanSchema = z
  .strictObject({ from: holidayDaySchema, to: holidayDaySchema })
  .refine(({ from, to }) => YEARLY.test(from) === YEARLY.test(to), "must have two dates, or two days of every year")
  .refine(({ from, to }) => YEARLY.test(from) || from <= to, "must not end before it begins");
/** Closed that day, or open at these times instead of the week's. */
const dayOffSchema = z.strictObject({ date: holidayDaySchema, open: daySchema.default([]) });
const holidaySchema = z.union([holidayDaySchema, spanSchema, dayOffSchema], {
  error: 'must be a day such as "2026-12-25" or "--12-25", { from, to }, or { date, open: [["09:00", "12:00"]] }',
});
type Holiday = z.infer<typeof holidaySchema>;

/** Opening hours: local times of one time zone, [from, to). */
const scheduleSchema = z.strictObject({
  timeZone: timeZoneSchema,
  weekly: z.partialRecord(z.enum(DAYS), daySchema),
  /** The first entry that covers a day counts. */
  holidays: z.array(holidaySchema).default([]),
});
export type Schedule = z.infer<typeof scheduleSchema>;

/** A schedule of the flow's own, or working hours that the account has at Infobip. */
const accountHoursSchema = z.strictObject({ workingHoursId: z.string().min(1).max(255) });
export type Hours = Schedule | z.infer<typeof accountHoursSchema>;
const hasId = (value: unknown): boolean => typeof value === "object" && value !== null && "workingHoursId" in value;
export const writtenHoursSchema = z.union([scheduleSchema, accountHoursSchema]);
/** Chooses the shape by the keys that are given, so that an error names the mistake and not two shapes that do not fit. */
export const hoursSchema = z
  .unknown()
  .transform((value, context): z.input<typeof scheduleSchema> | z.input<typeof accountHoursSchema> => {
    const parsed = (hasId(value) ? accountHoursSchema : scheduleSchema).safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.addIssue({ ...issue, input: value } as never);
    return z.NEVER;
  })
  .pipe(writtenHoursSchema) as unknown as z.ZodType<
  Hours,
  z.input<typeof scheduleSchema> | z.input<typeof accountHoursSchema>
>;

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

/** A moment in the local time of a zone. */
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

/** Renders a moment as `2026-11-23 10:00`, by the zone's clock. */
export function localTime(at: number, timeZone: string): string {
  const { date, time } = localOf(timeZone, at);
  return `${date} ${time}`;
}

/** Tells whether a date is a day, of one year or of each. */
const isOn = (day: string, date: string): boolean => day === date || day === `-${date.slice(4)}`;

function isWithin(from: string, to: string, date: string): boolean {
  if (!YEARLY.test(from)) return from <= date && date <= to;
  const day = `-${date.slice(4)}`;
  // A span may end in the next year.
  return from <= to ? from <= day && day <= to : from <= day || day <= to;
}

/** The opening times of a holiday; null: the day is none. */
function holidayTimes(holidays: readonly Holiday[], date: string): [string, string][] | null {
  for (const holiday of holidays) {
    if (typeof holiday === "string") {
      if (isOn(holiday, date)) return [];
    } else if ("date" in holiday) {
      if (isOn(holiday.date, date)) return holiday.open;
    } else if (isWithin(holiday.from, holiday.to, date)) return [];
  }
  return null;
}

/** The opening times of a day. */
const timesOf = ({ weekly, holidays }: Schedule, date: string, weekday: Local["weekday"]): [string, string][] =>
  holidayTimes(holidays, date) ?? (weekday === undefined ? [] : (weekly[weekday] ?? []));

/**
 * Tells whether it is open at `now`, in milliseconds since the epoch; the zone's own clock decides, so daylight saving is right.
 */
export function isOpen(schedule: Schedule, now: number): boolean {
  const { date, weekday, time } = localOf(schedule.timeZone, now);
  return timesOf(schedule, date, weekday).some(([from, to]) => from <= time && time < to);
}

/** Looks up the status of an account's working hours at Infobip, by id; null: none that is new enough. */
export type KnownHours = (workingHoursId: string) => boolean | null;
export const nothingKnown: KnownHours = () => null;

/** Tells whether the office is open. Baton assumes so if it is not known: a customer in trouble must not wait for a status. */
export function isWorking(hours: Hours | undefined, now: number, known: KnownHours): boolean {
  if (hours === undefined) return true;
  return isSchedule(hours) ? isOpen(hours, now) : (known(hours.workingHoursId) ?? true);
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A schedule that does not open within this never does. */
const LOOK_AHEAD_DAYS = 400;
/** No zone was ever further from UTC, nor has one changed its clock by more in a day. */
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
 * Next opening, or `now` if it is open; null: none within 400 days. A day with a clock change may have an opening twice or not at
 * all: the first moment counts at which `isOpen` is true.
 */
export function nextOpening(schedule: Schedule, now: number): number | null {
  if (isOpen(schedule, now)) return now;
  const { timeZone } = schedule;
  for (let day = -1; day <= LOOK_AHEAD_DAYS; day += 1) {
    const midnight = Math.floor(now / DAY_MS) * DAY_MS + day * DAY_MS;
    const date = new Date(midnight).toISOString().slice(0, 10);
    // Days of the week begin with Sunday here.
    const weekday = DAYS[(new Date(midnight).getUTCDay() + 6) % 7];
    const openings = timesOf(schedule, date, weekday).flatMap(([from]) => {
      const asUtc = Date.parse(`${date}T${from}:00Z`);
      const offsets = [offsetOf(timeZone, asUtc - FURTHEST_MS), offsetOf(timeZone, asUtc + FURTHEST_MS)];
      return offsets.map((offset) => earliest(schedule, asUtc - offset, now));
    });
    // The offset of another day may give a moment of that day, which has its own turn.
    const found = openings.filter((at) => at > now && isOpen(schedule, at) && localOf(timeZone, at).date === date);
    if (found.length > 0) return Math.min(...found);
  }
  return null;
}

/** A clock that leaps over the opening opens at the leap, before `at`. */
function earliest(schedule: Schedule, at: number, now: number): number {
  let first = at;
  for (let minute = 1; minute <= LARGEST_CHANGE_MINUTES; minute += 1) {
    const before = at - minute * MINUTE_MS;
    if (before <= now || !isOpen(schedule, before)) break;
    first = before;
  }
  return first;
}
