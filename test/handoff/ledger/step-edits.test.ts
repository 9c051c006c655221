import { expect, it } from "vitest";
import { freshStep, newStep, nextPosition, withDone, withStep } from "../../../src/handoff/ledger/step-edits.ts";
import { NOW, planned, step, stepOf } from "./given.ts";

it("creates a step that is not begun", () => {
  expect(newStep(3, "route", { kind: "route" }, NOW)).toEqual(step(3, "route", { kind: "route" }));
});

it("returns a step as if nothing had been sent, and keeps its fence", () => {
  const sent = { state: "unknown", sends: 2, fence: 4, firstSentAt: 1, tries: 2, triesSince: 1, sentAt: 2 } as const;
  const before = step(3, "route", { kind: "route" }, { ...sent, result: { kind: "plain" } });
  expect(freshStep(before, NOW + 1)).toEqual(step(3, "route", { kind: "route" }, { fence: 4, nextAt: NOW + 1 }));
});

it("counts positions on, from none", () => {
  expect(nextPosition([])).toBe(0);
  expect(nextPosition([step(7, "route", { kind: "route" }), step(2, "sweep", { kind: "sweep" })])).toBe(8);
});

it("replaces the step at the same position only", () => {
  const ledger = planned();
  const after = withStep(ledger, { ...stepOf(ledger, "route"), state: "skipped" });
  expect(after.steps.filter((it, index) => it !== ledger.steps[index]).map(({ name }) => name)).toEqual(["route"]);
  expect(stepOf(withDone(ledger, stepOf(ledger, "route"), { kind: "plain" }), "route")).toMatchObject({
    state: "done",
    result: { kind: "plain" },
  });
});
