import { describe, expect, it } from "vitest";
import type { Sent } from "../../src/callbacks/sender.ts";
import { classifyTry, planRetry, requestedPauseMs } from "../../src/callbacks/try-outcome.ts";
import { fc } from "../fuzz/fast-check.ts";
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

describe("classifyTry", () => {
  it.each([
    [200, "ok", null, false],
    [204, "ok", null, false],
    [301, "refused", "redirect", true],
    [304, "refused", "redirect", true],
    [400, "refused", "refused", true],
    [401, "refused", "unauthorized", true],
    [403, "refused", "unauthorized", true],
    [404, "refused", "not-found", true],
    [413, "refused", "refused", true],
    [422, "refused", "refused", true],
    [408, "refused", "later", false],
    [409, "refused", "later", false],
    [410, "refused", "gone", true],
    [425, "refused", "later", false],
    [429, "refused", "throttled", false],
    [500, "unknown", "failed", false],
    [503, "unknown", "failed", false],
    [999, "unknown", "failed", false],
  ])("takes %i for %s", (status, outcome, code, isWrong) => {
    expect(classifyTry(answered(status))).toEqual({ outcome, status, code, isWrong });
  });

  it("takes a 401, 403 or 404 for a word on what is sent where the endpoint takes others", () => {
    for (const status of [401, 403, 404])
      expect(classifyTry(answered(status), true)).toMatchObject({ code: "refused" });
    expect(classifyTry(answered(410), true)).toMatchObject({ code: "gone" });
  });

  it("knows what was surely not sent, and what may have arrived", () => {
    expect(classifyTry({ kind: "not-sent", code: "ENOTFOUND" })).toMatchObject({ outcome: "refused", isWrong: false });
    expect(classifyTry({ kind: "not-sent", code: "private-address" })).toMatchObject({
      outcome: "refused",
      isWrong: true,
    });
    expect(classifyTry({ kind: "unanswered", code: "timeout" })).toMatchObject({ outcome: "unknown", code: "timeout" });
  });
});

const next = (sent: Sent, { tries = 1, refusals = 1, random = 1 } = {}) =>
  planRetry(classifyTry(sent), { tries, refusals, askedToWaitMs: requestedPauseMs(sent, NOW), now: NOW, random });

describe("planNextTry", () => {
  it("follows the schedule of Standard Webhooks and then gives up", () => {
    const waits: number[] = [];
    for (let tries = 1; ; tries += 1) {
      const then = next(answered(500), { tries });
      if (then.state !== "ready") {
        expect(then).toEqual({ state: "refused", because: "failed" });
        break;
      }
      waits.push((then.at - NOW) / 1_000);
    }
    expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
  });

  it("jitters the whole wait", () => {
    expect(next(answered(500), { tries: 2, random: 0 })).toEqual({ state: "ready", at: NOW });
    expect(next(answered(500), { tries: 2, random: 0.5 })).toEqual({ state: "ready", at: NOW + 150_000 });
  });

  it("honours Retry-After in seconds and as a date, for at most a day, and never shortens its own wait by it", () => {
    const at = (retryAfter: string, status = 503) => next(answered(status, retryAfter));
    expect(at("120")).toEqual({ state: "ready", at: NOW + 120_000 });
    expect(at("120", 429)).toEqual({ state: "ready", at: NOW + 120_000 });
    expect(at(new Date(NOW + 2 * HOUR).toUTCString())).toEqual({ state: "ready", at: NOW + 2 * HOUR });
    expect(at("999999999")).toEqual({ state: "ready", at: NOW + 24 * HOUR });
    expect(at("1")).toEqual({ state: "ready", at: NOW + 5_000 });
    expect(at("soon")).toEqual({ state: "ready", at: NOW + 5_000 });
  });

  it("sets aside at once only where the endpoint is gone", () => {
    expect(next(answered(410))).toEqual({ state: "refused", because: "gone" });
    for (const status of [400, 401, 403, 404, 405, 422]) expect(next(answered(status)).state).toBe("ready");
  });

  it("sets aside what is refused for its own sake at the fifth refusal, within ten minutes", () => {
    let waited = 0;
    for (let refusals = 1; refusals < 5; refusals += 1) {
      const then = next(answered(400), { tries: 3 + refusals, refusals });
      waited += then.state === "ready" ? then.at - NOW : Number.POSITIVE_INFINITY;
    }
    expect(waited).toBeLessThan(9 * 60_000);
    expect(next(answered(400), { tries: 8, refusals: 5 })).toEqual({ state: "refused", because: "refused" });
  });

  it("keeps to the long schedule where the set-up is wrong: it is put right some time", () => {
    for (const status of [401, 403, 404]) expect(next(answered(status), { tries: 9 }).state).toBe("ready");
  });

  it("ends after ten tries, waits at most a day, and is done exactly by a 2xx, whatever comes back", () => {
    fc.assert(
      fc.property(
        anySent,
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (sent, tries, random) => {
          const then = next(sent, { tries, random });
          const isGood = sent.kind === "answered" && sent.status >= 200 && sent.status < 300;
          expect(then.state === "done").toBe(isGood);
          if (then.state !== "ready") return;
          expect(tries).toBeLessThan(10);
          expect(then.at).toBeGreaterThanOrEqual(NOW);
          expect(then.at).toBeLessThanOrEqual(NOW + 24 * HOUR);
        },
      ),
    );
  });
});
