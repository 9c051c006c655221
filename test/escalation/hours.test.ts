import { describe, expect, it } from "vitest";
import { hoursSchema, isOpen, nextOpening, type Schedule } from "../../src/escalation/hours.ts";
import { scheduleOf } from "./given.ts";

const open = (given: Schedule, at: string): boolean => isOpen(given, Date.parse(at));

describe("isOpen", () => {
  const zagreb = scheduleOf(
    "Europe/Zagreb",
    {
      sun: [["01:00", "04:00"]],
      mon: [
        ["09:00", "12:00"],
        ["13:00", "17:00"],
      ],
      fri: [["20:00", "24:00"]],
    },
    ["2026-12-28"],
  );
  it.each([
    ["2026-11-23T07:59:59Z", false],
    ["2026-11-23T08:00:00Z", true],
    ["2026-11-23T11:00:00Z", false],
    ["2026-11-23T12:00:00Z", true],
    ["2026-11-23T15:59:59Z", true],
    ["2026-11-23T16:00:00Z", false],
    ["2026-07-20T07:00:00Z", true],
    ["2026-11-24T10:00:00Z", false],
    ["2026-11-27T22:59:59Z", true],
    ["2026-11-27T23:00:00Z", false],
    // The holiday begins and ends with the local day.
    ["2026-12-28T10:00:00Z", false],
    ["2026-12-27T00:30:00Z", true],
    // 29 March: 02:00 becomes 03:00, so 04:00 is 02:00Z.
    ["2026-03-29T00:00:00Z", true],
    ["2026-03-29T01:59:59Z", true],
    ["2026-03-29T02:00:00Z", false],
    // 25 October: 03:00 becomes 02:00, so 01:00 is 23:00Z the day before and 04:00 is 03:00Z.
    ["2026-10-24T22:59:59Z", false],
    ["2026-10-24T23:00:00Z", true],
    ["2026-10-25T02:59:59Z", true],
    ["2026-10-25T03:00:00Z", false],
  ])("in Zagreb at %s: %s", (at, expected) => {
    expect(open(zagreb, at)).toBe(expected);
  });

  it.each([
    // 8 March: 02:00 becomes 03:00. 1 November: 02:00 becomes 01:00, so 01:30 comes twice.
    ["2026-03-08T06:29:59Z", false],
    ["2026-03-08T06:30:00Z", true],
    ["2026-03-08T07:00:00Z", false],
    ["2026-11-01T05:30:00Z", true],
    ["2026-11-01T06:00:00Z", false],
    ["2026-11-01T06:30:00Z", true],
    ["2026-11-01T07:00:00Z", false],
  ])("in New York at %s: %s", (at, expected) => {
    expect(open(scheduleOf("America/New_York", { sun: [["01:30", "02:00"]] }), at)).toBe(expected);
  });

  it("knows half-hour zones", () => {
    const kolkata = scheduleOf("Asia/Kolkata", { mon: [["09:00", "17:00"]] });
    expect(open(kolkata, "2026-11-23T03:29:59Z")).toBe(false);
    expect(open(kolkata, "2026-11-23T03:30:00Z")).toBe(true);
    expect(open(kolkata, "2026-11-23T11:30:00Z")).toBe(false);
  });
});

describe("hoursSchema", () => {
  const week = { mon: [["09:00", "17:00"]] };
  it.each([
    ["an unknown time zone", { timeZone: "Europe/Zagrebb", weekly: week }],
    ["a time that is none", { timeZone: "UTC", weekly: { mon: [["9:00", "17:00"]] } }],
    ["an hour after 24:00", { timeZone: "UTC", weekly: { mon: [["09:00", "24:30"]] } }],
    ["a beginning at 24:00", { timeZone: "UTC", weekly: { mon: [["24:00", "24:00"]] } }],
    ["an end before its beginning", { timeZone: "UTC", weekly: { mon: [["22:00", "06:00"]] } }],
    [
      "ranges that overlap",
      {
        timeZone: "UTC",
        weekly: {
          mon: [
            ["09:00", "13:00"],
            ["12:00", "17:00"],
          ],
        },
      },
    ],
    [
      "ranges out of order",
      {
        timeZone: "UTC",
        weekly: {
          mon: [
            ["13:00", "17:00"],
            ["09:00", "12:00"],
          ],
        },
      },
    ],
    ["a day that is none", { timeZone: "UTC", weekly: { monday: [["09:00", "17:00"]] } }],
    ["a holiday that is no date", { timeZone: "UTC", weekly: week, holidays: ["2026-02-30"] }],
    ["an unknown key", { timeZone: "UTC", weekly: week, holiday: [] }],
  ])("refuses %s", (_, given) => {
    expect(hoursSchema.safeParse(given).success).toBe(false);
  });

  it("takes ranges that touch", () => {
    const touching = {
      mon: [
        ["09:00", "12:00"],
        ["12:00", "24:00"],
      ],
    };
    expect(hoursSchema.safeParse({ timeZone: "UTC", weekly: touching }).success).toBe(true);
  });
});

describe("nextOpening", () => {
  it("finds the first moment after a day that a zone leapt over", () => {
    const schedule = scheduleOf("Pacific/Apia", { sat: [["04:00", "05:00"]], sun: [["00:00", "04:00"]] });
    expect(nextOpening(schedule, 1_325_257_200_000)).toBe(Date.parse("2011-12-31T10:00:00Z"));
  });

  it("passes over holidays", () => {
    const schedule = scheduleOf("Europe/Zagreb", { mon: [["09:00", "17:00"]] }, ["2026-11-30"]);
    expect(nextOpening(schedule, Date.parse("2026-11-28T10:00:00Z"))).toBe(Date.parse("2026-12-07T08:00:00Z"));
  });

  it("is never where it never opens", () => {
    expect(nextOpening(scheduleOf("Europe/Zagreb", {}), 0)).toBeNull();
  });
});

describe("holidays", () => {
  const daily = Object.fromEntries(
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, [["09:00", "17:00"]]]),
  );
  const given = scheduleOf("Europe/Zagreb", daily, [
    { date: "2026-12-24", open: [["09:00", "12:00"]] },
    "--12-25",
    { from: "--12-27", to: "--01-02" },
    { from: "2027-07-12", to: "2027-07-13" },
    { date: "--02-29", open: [["20:00", "22:00"]] },
  ]);

  it.each([
    ["a half day, before noon", "2026-12-24T10:59:00Z", true],
    ["a half day, after noon", "2026-12-24T11:00:00Z", false],
    ["that day of another year", "2027-12-24T11:00:00Z", true],
    ["a day of every year", "2026-12-25T10:00:00Z", false],
    ["the same in ten years", "2036-12-25T10:00:00Z", false],
    ["the day between two", "2026-12-26T10:00:00Z", true],
    ["the first of a span over the year's end", "2026-12-27T10:00:00Z", false],
    ["its last", "2027-01-02T10:00:00Z", false],
    ["the day after it", "2027-01-03T10:00:00Z", true],
    ["a span of one year", "2027-07-13T10:00:00Z", false],
    ["the same span a year later", "2028-07-13T10:00:00Z", true],
    ["a leap day with hours of its own", "2028-02-29T19:30:00Z", true],
    ["the same day's usual hours", "2028-02-29T10:00:00Z", false],
  ])("%s", (_, at, isIt) => {
    expect(open(given, at)).toBe(isIt);
  });

  it("put off the next opening", () => {
    const next = (at: string) => new Date(nextOpening(given, Date.parse(at)) ?? 0).toISOString();
    expect(next("2026-12-24T11:30:00Z")).toBe("2026-12-26T08:00:00.000Z");
    expect(next("2026-12-26T18:00:00Z")).toBe("2027-01-03T08:00:00.000Z");
    expect(next("2028-02-28T18:00:00Z")).toBe("2028-02-29T19:00:00.000Z");
  });
});
