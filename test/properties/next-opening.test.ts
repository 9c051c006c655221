import { describe, expect, it } from "vitest";
import { isOpen, nextOpening, type Schedule } from "../../src/escalation/hours.ts";
import { scheduleOf } from "../escalation/given.ts";
import { fc } from "../fuzz/fast-check.ts";

describe("nextOpening", () => {
  const byMinutes = (schedule: Schedule, now: number, most: number): number | null => {
    if (isOpen(schedule, now)) return now;
    const next = Math.floor(now / 60_000) * 60_000 + 60_000;
    for (let at = next; at <= now + most; at += 60_000) if (isOpen(schedule, at)) return at;
    return null;
  };
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 45))
    .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
  const day = fc
    .tuple(time, time)
    .filter(([a, b]) => a !== b)
    .map(([a, b]): [string, string][] => [a < b ? [a, b] : [b, a]]);
  const weekly = fc.record(
    { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day },
    { requiredKeys: [] },
  );
  // Moments around changes of the clock: Europe, New York, a change of half an hour, a zone that skipped a day.
  const moment = fc.oneof(
    fc.integer({ min: Date.parse("2026-03-05T00:00:00Z"), max: Date.parse("2026-04-07T00:00:00Z") }),
    fc.integer({ min: Date.parse("2026-10-01T00:00:00Z"), max: Date.parse("2026-11-03T00:00:00Z") }),
    fc.integer({ min: Date.parse("2011-12-26T00:00:00Z"), max: Date.parse("2012-01-02T00:00:00Z") }),
  );
  const zone = fc.constantFrom(
    "Europe/Zagreb",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
  );

  it("is the first moment at which it is open, whatever the clock does", () => {
    fc.assert(
      fc.property(zone, weekly, moment, (timeZone, week, now) => {
        const schedule = scheduleOf(timeZone, week);
        const found = nextOpening(schedule, now);
        const within = 4 * 86_400_000;
        const expected = byMinutes(schedule, now, within);
        if (expected === null) expect(found === null || found > now + within).toBe(true);
        else expect(new Date(found ?? 0).toISOString()).toBe(new Date(expected).toISOString());
      }),
      { numRuns: 150 },
    );
  });
});
