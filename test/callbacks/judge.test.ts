import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge, nextOf } from "../../src/callbacks/judge.ts";
import type { Sent } from "../../src/callbacks/sender.ts";
import { answered } from "./stage.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const HOUR = 3_600_000;

const anySent: fc.Arbitrary<Sent> = fc.oneof(
  fc.record({
    kind: fc.constant("answered" as const),
    status: fc.integer({ min: 100, max: 999 }),
    retryAfter: fc.option(fc.oneof(fc.string(), fc.nat().map(String)), { nil: null }),
  }),
  fc.record({ kind: fc.constantFrom("not-sent" as const, "unanswered" as const), code: fc.string() }),
);

describe("judge", () => {
  it.each([
    [200, "ok", null, false],
    [204, "ok", null, false],
    [301, "refused", "redirect", true],
    [304, "refused", "redirect", true],
    [400, "refused", "refused", true],
    [404, "refused", "refused", true],
    [408, "refused", "later", false],
    [409, "refused", "later", false],
    [410, "refused", "gone", true],
    [425, "refused", "later", false],
    [429, "refused", "throttled", false],
    [500, "unknown", "failed", false],
    [503, "unknown", "failed", false],
    [999, "unknown", "failed", false],
  ])("takes %i for %s", (status, outcome, code, isWrong) => {
    expect(judge(answered(status))).toEqual({ outcome, status, code, isWrong });
  });

  it("knows what was surely not sent, and what may have arrived", () => {
    expect(judge({ kind: "not-sent", code: "ENOTFOUND" })).toMatchObject({ outcome: "refused", isWrong: false });
    expect(judge({ kind: "not-sent", code: "private-address" })).toMatchObject({ outcome: "refused", isWrong: true });
    expect(judge({ kind: "unanswered", code: "timeout" })).toMatchObject({ outcome: "unknown", code: "timeout" });
  });
});

describe("nextOf", () => {
  it("follows the schedule of Standard Webhooks and then gives up", () => {
    const waits: number[] = [];
    for (let tries = 1; ; tries += 1) {
      const next = nextOf(answered(500), tries, NOW, 1);
      if (next.state !== "ready") {
        expect(next).toEqual({ state: "refused" });
        break;
      }
      waits.push((next.at - NOW) / 1_000);
    }
    expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
  });

  it("jitters the whole wait", () => {
    expect(nextOf(answered(500), 2, NOW, 0)).toEqual({ state: "ready", at: NOW });
    expect(nextOf(answered(500), 2, NOW, 0.5)).toEqual({ state: "ready", at: NOW + 150_000 });
  });

  it("honours Retry-After in seconds and as a date, for at most a day, and never shortens its own wait by it", () => {
    const at = (retryAfter: string, status = 503) => nextOf(answered(status, retryAfter), 1, NOW, 1);
    expect(at("120")).toEqual({ state: "ready", at: NOW + 120_000 });
    expect(at("120", 429)).toEqual({ state: "ready", at: NOW + 120_000 });
    expect(at(new Date(NOW + 2 * HOUR).toUTCString())).toEqual({ state: "ready", at: NOW + 2 * HOUR });
    expect(at("999999999")).toEqual({ state: "ready", at: NOW + 24 * HOUR });
    expect(at("1")).toEqual({ state: "ready", at: NOW + 5_000 });
    expect(at("soon")).toEqual({ state: "ready", at: NOW + 5_000 });
  });

  it("gives up at once only where the endpoint is gone", () => {
    expect(nextOf(answered(410), 1, NOW, 1)).toEqual({ state: "refused" });
    for (const status of [400, 401, 403, 404, 405, 422])
      expect(nextOf(answered(status), 1, NOW, 1).state).toBe("ready");
  });

  it("ends after ten tries, waits at most a day, and is done exactly by a 2xx, whatever comes back", () => {
    fc.assert(
      fc.property(
        anySent,
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (sent, tries, random) => {
          const next = nextOf(sent, tries, NOW, random);
          const isGood = sent.kind === "answered" && sent.status >= 200 && sent.status < 300;
          expect(next.state === "done").toBe(isGood);
          if (next.state !== "ready") return;
          expect(tries).toBeLessThan(10);
          expect(next.at).toBeGreaterThanOrEqual(NOW);
          expect(next.at).toBeLessThanOrEqual(NOW + 24 * HOUR);
        },
      ),
    );
  });
});
