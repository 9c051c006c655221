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
export const hoursSchema = z.strictObject({
  timeZone: z.string().refine(isTimeZone, "must be an IANA time zone such as Europe/Zagreb"),
  weekly: z.partialRecord(z.enum(DAYS), daySchema),
  holidays: z.array(z.iso.date()).default([]),
});
export type Hours = z.infer<typeof hoursSchema>;

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

/** Whether it is open at `now`, in milliseconds since the epoch; the zone's own clock decides, so daylight saving holds. */
export function isOpen(hours: Hours, now: number): boolean {
  const parts = new Map(
    formatOf(hours.timeZone)
      .formatToParts(now)
      .map((part) => [part.type, part.value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  if (hours.holidays.includes(`${part("year")}-${part("month")}-${part("day")}`)) return false;
  const day = DAYS.find((name) => name === part("weekday").toLowerCase());
  const time = `${part("hour")}:${part("minute")}`;
  return day !== undefined && (hours.weekly[day] ?? []).some(([from, to]) => from <= time && time < to);
}
