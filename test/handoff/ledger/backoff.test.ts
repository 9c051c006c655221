import { describe, expect, it } from "vitest";
import { backoffMs } from "../../../src/handoff/ledger/backoff.ts";
import { handoffSettingsSchema } from "../../../src/handoff/settings.ts";

const settings = handoffSettingsSchema.parse({});
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe("the wait before the next attempt", () => {
  it("doubles from half a second to a minute, with full jitter", () => {
    expect([1, 2, 5, 8, 40].map((sends) => backoffMs(sends, 0, 1, settings))).toEqual([
      500, 1_000, 8_000, 60_000, 60_000,
    ]);
    expect(backoffMs(8, 0, 0.5, settings)).toBe(30_000);
  });

  it("is a quarter of an hour after half an hour", () => {
    expect(backoffMs(40, 30 * MINUTE, 0, settings)).toBe(15 * MINUTE);
  });

  it("ends after a day of attempts", () => {
    expect(backoffMs(120, DAY, 1, settings)).toBeNull();
  });

  it("goes on after a day in which nothing could be attempted", () => {
    expect([1, 2, 9].map((sends) => backoffMs(sends, 3 * DAY, 1, settings))).toEqual([500, 1_000, MINUTE]);
    expect(backoffMs(10, 3 * DAY, 1, settings)).toBeNull();
  });
});
