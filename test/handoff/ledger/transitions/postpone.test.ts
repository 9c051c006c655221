import { describe, expect, it } from "vitest";
import { postpone } from "../../../../src/handoff/ledger/transitions/postpone.ts";
import { inContext, NOW, planned, routed, settings, stepOf, withSteps } from "../given.ts";

const until = NOW + 5_000;

describe("postponed", () => {
  it("lets every due step wait, and counts that as no attempt", () => {
    const after = postpone(planned(), until, NOW, settings);
    expect(after.steps.map(({ nextAt, tries }) => [nextAt, tries])).toEqual(planned().steps.map(() => [until, 0]));
    expect(after.steps.map(({ triesSince }) => triesSince)).toEqual([NOW, null, null, null, null]);
  });

  it("leaves a ledger of which nothing is due", () => {
    const before = withSteps(routed(), { sweep: { nextAt: NOW + 1 } });
    expect(postpone(before, until, NOW, settings)).toBe(before);
  });

  it("leaves steps that are not due", () => {
    const before = withSteps(inContext(), { sweep: { nextAt: NOW + 9 } });
    expect(stepOf(postpone(before, until, NOW, settings), "sweep").nextAt).toBe(NOW + 9);
  });

  it("parks a handoff that has waited for as long as retries go on", () => {
    const before = withSteps(planned(), { conversation: { triesSince: NOW - settings.giveUpAfterMs } });
    expect(postpone(before, until, NOW, settings).handoff).toMatchObject({
      ...{ state: "parked", parkedFor: "person", parkedBecause: expect.stringContaining("failed for so long") },
    });
  });
});
