import { describe, expect, it } from "vitest";
import { eventSchema } from "../../../src/events/event.ts";
import { toRfc3339 } from "../../../src/events/reading/timestamp.ts";
import { fc } from "../../fuzz/fast-check.ts";
import { anyJson, now, nowText } from "../support/payloads.ts";

/** Texts of times, some of which there are not. */
const written = fc
  .tuple(
    fc.tuple(fc.integer({ max: 13, min: 0 }), fc.integer({ max: 32, min: 0 }), fc.integer({ max: 24, min: 0 })),
    fc.tuple(fc.integer({ max: 60, min: 0 }), fc.integer({ max: 59, min: 0 })),
    fc.constantFrom("", ".1", ".12", ".999", ".7376543", ".99999999999"),
  )
  .map(([day, time, fraction]) => {
    const [month, date, hour, minute, second] = [...day, ...time].map((it) => String(it).padStart(2, "0"));
    return `2026-${month}-${date}T${hour}:${minute}:${second}${fraction}Z`;
  });

describe("toRfc3339", () => {
  it("reads any time in UTC as the runtime does", () => {
    fc.assert(
      fc.property(written, (text) => {
        const ms = Date.parse(text);
        expect(toRfc3339(text, now)).toBe(Number.isNaN(ms) ? nowText : new Date(ms).toISOString());
      }),
    );
  });

  it.each([
    ["2021-05-18T15:15:25.737+00:00", "2021-05-18T15:15:25.737Z"],
    ["2021-05-18T15:15:25.737+0000", "2021-05-18T15:15:25.737Z"],
    ["2021-05-18T15:15:25Z", "2021-05-18T15:15:25.000Z"],
    ["2021-05-18t15:15:25z", "2021-05-18T15:15:25.000Z"],
    ["2021-05-18 17:15:25+02:00", "2021-05-18T15:15:25.000Z"],
    ["2021-05-18T10:45:25.7376543-0430", "2021-05-18T15:15:25.737Z"],
    [" 2021-05-18T15:15:25Z ", "2021-05-18T15:15:25.000Z"],
    ["2021-05-18T15:15:25", "2021-05-18T15:15:25.000Z"],
    ["2021-05-18T15:15", "2021-05-18T15:15:00.000Z"],
    ["2021-05-18T15:14:60Z", "2021-05-18T15:15:00.000Z"],
    [1_621_350_925.7, "2021-05-18T15:15:25.700Z"],
    [1_621_350_925, "2021-05-18T15:15:25.000Z"],
    [1_621_350_925_737, "2021-05-18T15:15:25.737Z"],
    ["1621350925", "2021-05-18T15:15:25.000Z"],
    ["1621350925737", "2021-05-18T15:15:25.737Z"],
  ])("reads %j", (value, expected) => {
    expect(toRfc3339(value, now)).toBe(expected);
  });

  it.each([
    undefined,
    null,
    "",
    "yesterday",
    "2021-05-18",
    "2021-13-18T15:15:25Z",
    "2021-05-18T25:15:25Z",
    "0000-01-01T00:00:00+10:00",
    "9999999999999999",
    1.5,
    -1,
    true,
    {},
    ["2021-05-18T15:15:25Z"],
  ])("takes the present for %j", (value) => {
    expect(toRfc3339(value, now)).toBe(nowText);
  });

  it("gives what an event may carry, whatever it reads", () => {
    const any = fc.oneof(
      anyJson,
      fc.double(),
      fc.maxSafeInteger(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    fc.assert(
      fc.property(any, (value) => {
        const event = { type: "session.ended", id: "e", session: "s", at: toRfc3339(value, now) };
        return eventSchema.safeParse(event).success;
      }),
    );
  });
});
