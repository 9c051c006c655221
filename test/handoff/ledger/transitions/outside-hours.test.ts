import { describe, expect, it } from "vitest";
import {
  deferUntil,
  openDeferred,
  resumeDeferred,
  withOpening,
} from "../../../../src/handoff/ledger/transitions/outside-hours.ts";
import { escalation } from "../../../escalation/given.ts";
import { NOW, planned, routed, withHandoff } from "../given.ts";

const LATER = NOW + 3_600_000;
const deferred = planned({ escalation: escalation({ course: "defer" }), opensAt: LATER });

describe("a handoff outside opening hours", () => {
  it("is deferred until they begin", () => {
    expect(deferUntil(LATER, escalation({ course: "defer" }), NOW)).toEqual({
      ...{ state: "deferred", deferredUntil: LATER, dueAt: LATER },
    });
  });

  it("is pending if they have begun since, or if its rule hands over at any time", () => {
    const pending = { state: "pending", deferredUntil: null, dueAt: NOW };
    expect(deferUntil(NOW, escalation({ course: "defer" }), NOW)).toEqual(pending);
    expect(deferUntil(LATER, escalation({ course: "now" }), NOW)).toEqual(pending);
  });

  it("is resumed at the opening", () => {
    const { handoff, steps } = resumeDeferred(deferred, () => LATER, LATER);
    expect(handoff).toMatchObject({ state: "pending", deferredUntil: LATER });
    expect(steps).toBe(deferred.steps);
  });

  it("waits for another opening if the hours have changed since", () => {
    expect(resumeDeferred(deferred, () => LATER + 9, LATER).handoff).toMatchObject({
      ...{ state: "deferred", deferredUntil: LATER + 9 },
    });
  });

  it("is opened before that with the text for the customer", () => {
    expect(openDeferred(deferred, "Soon.", NOW + 1).handoff).toMatchObject({
      ...{ state: "pending", deferredUntil: null, dueAt: NOW + 1, message: "Soon.", decision: { opensAt: null } },
    });
  });
});

describe("a handoff that is not deferred", () => {
  const never = (): number => {
    throw new Error("its opening hours are not asked");
  };

  it("is left as it is", () => {
    expect(resumeDeferred(planned(), never, NOW)).toEqual(planned());
  });
});

describe("waiting", () => {
  const waiting = withHandoff(routed(), { decision: { ...routed().handoff.decision, opensAt: LATER } });

  it("counts from an opening that comes earlier than expected", () => {
    expect(withOpening(waiting, () => LATER - 9, NOW).handoff.decision.opensAt).toBe(LATER - 9);
  });

  it.each([
    ["comes no earlier", waiting, NOW],
    ["is past", waiting, LATER],
    ["was never expected", routed(), NOW],
    ["concerns nobody, since the handoff is over", withHandoff(waiting, { state: "returned" }), NOW],
  ])("counts as before if the opening %s", (_what, ledger, at) => {
    expect(withOpening(ledger, () => LATER, at)).toBe(ledger);
  });
});
