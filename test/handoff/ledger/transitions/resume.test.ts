import { expect, it } from "vitest";
import { resume } from "../../../../src/handoff/ledger/transitions/resume.ts";
import { escalation } from "../../../escalation/given.ts";
import { NOW, planned, stepOf, withHandoff, withSteps } from "../given.ts";

const tried = { tries: 5, triesSince: NOW - 9, nextAt: NOW + 99 };
const parked = withHandoff(planned({ escalation: escalation({ tags: ["vip"] }) }), {
  ...{ state: "parked", parkedBecause: "x", parkedFor: "person", replacements: 3, failures: 2 },
});

it("goes on from the first unfinished step, with a new schedule", () => {
  const after = resume(
    withSteps(parked, {
      conversation: { state: "done" },
      "tag:vip": { state: "refused", ...tried },
      note: { state: "sent", ...tried },
      metadata: { state: "unknown", ...tried },
      route: { state: "refused", ...tried },
      sweep: { nextAt: NOW + 90 },
    }),
    NOW,
  );
  expect(after.handoff).toMatchObject({
    ...{ state: "pending", parkedBecause: null, parkedFor: null, replacements: 0, failures: 0, dueAt: NOW },
  });
  const fresh = { tries: 0, triesSince: null, nextAt: NOW };
  expect(stepOf(after, "route")).toMatchObject({ state: "ready", ...fresh });
  expect(stepOf(after, "metadata")).toMatchObject({ state: "unknown", ...fresh });
  expect(stepOf(after, "note")).toMatchObject({ state: "sent", tries: 5 });
  expect(stepOf(after, "tag:vip")).toMatchObject({ state: "refused", tries: 5 });
  expect(stepOf(after, "sweep").nextAt).toBe(NOW + 90);
});

it("leaves steps that are skipped", () => {
  expect(stepOf(resume(withSteps(parked, { note: { state: "skipped" } }), NOW), "note").state).toBe("skipped");
});
