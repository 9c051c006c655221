import { describe, expect, it } from "vitest";
import { raiseHandoff } from "../../../../src/handoff/ledger/transitions/raise.ts";
import type { Ledger } from "../../../../src/model/handoff.ts";
import { escalation, event, message } from "../../../escalation/given.ts";
import { inContext, NOW, planned, routed, stepOf, withHandoff } from "../given.ts";

const asked = (more: object = {}) => event({ type: "handoff.requested", ...more });
const raise = (before: Ledger, by: Partial<Parameters<typeof escalation>[0]>, given = asked()) =>
  raiseHandoff(before, escalation(by), given, NOW + 1);

describe("a higher priority", () => {
  it("is the conversation's from the start if that is still to be opened", () => {
    const { ledger } = raise(planned(), { priority: "URGENT" });
    expect(stepOf(ledger, "conversation").arguments).toMatchObject({ priority: "URGENT" });
    expect(ledger.handoff).toMatchObject({ decision: { priority: "URGENT" }, dueAt: NOW + 1 });
  });

  it("is a step of its own afterwards, each time", () => {
    const once = raise(routed(), { priority: "HIGH" }).ledger;
    const twice = raise(once, { priority: "URGENT" }).ledger;
    expect(twice.steps.slice(-2).map(({ name }) => name)).toEqual(["priority:raised-1", "priority:raised-2"]);
  });

  it.each([
    ["is not higher", routed(), "LOW"],
    ["comes when an agent has the customer", withHandoff(routed(), { state: "assigned" }), "URGENT"],
  ] as const)("changes nothing and is left out if it %s", (_, before, priority) => {
    const raised = raise(before, { priority }, asked({ priority }));
    expect(raised.ledger).toBe(before);
    expect(raised.leftOut).toEqual(["priority"]);
  });
});

it("adds tags that the ledger does not have, and names those that the flow does not accept", () => {
  const before = routed({ escalation: escalation({ tags: ["vip"] }) });
  const leftOut = { tags: ["secret"], queue: null, priority: null };
  const raised = raise(before, { tags: ["vip", "late"], leftOut });
  expect(raised.ledger.steps.slice(before.steps.length).map(({ name }) => name)).toEqual(["tag:late"]);
  expect(raised.ledger.handoff.decision.tags).toEqual(["vip", "late"]);
  expect(raised.leftOut).toEqual(["tags.secret"]);
});

describe("another queue", () => {
  it("is used before anything was sent", () => {
    const { ledger, leftOut } = raise(planned(), { queue: "Returns" }, asked({ queue: "Returns" }));
    expect(leftOut).toEqual([]);
    expect(stepOf(ledger, "conversation").arguments).toMatchObject({ queue: "Returns" });
    expect(stepOf(ledger, "queue:after").arguments).toMatchObject({ queue: "Returns", moment: "after-route" });
    expect(ledger.handoff.decision.queue).toBe("Returns");
    const again = raise(ledger, { queue: "Night" }, asked({ queue: "Night" })).ledger;
    expect(again.steps.length).toBe(ledger.steps.length);
    expect(stepOf(again, "queue:after").arguments).toMatchObject({ queue: "Night" });
  });

  it.each([
    ["comes too late", inContext(), "Returns"],
    ["is not accepted", planned(), null],
  ])("is left out if it %s", (_, before, queue) => {
    expect(raise(before, { queue }, asked({ queue: "Returns" })).leftOut).toEqual(["queue"]);
  });
});

describe("a deferred handoff", () => {
  const deferred = withHandoff(planned(), { state: "deferred", deferredUntil: NOW + 99, dueAt: NOW + 99 });

  it("starts now if the event may", () => {
    expect(raise(deferred, { message: "Soon." }, message("agent")).ledger.handoff).toMatchObject({
      ...{ state: "pending", deferredUntil: null, dueAt: NOW + 1, message: "Soon.", decision: { opensAt: null } },
    });
  });

  it("waits on, with what was raised", () => {
    expect(raise(deferred, { course: "defer", priority: "URGENT" }).ledger.handoff).toMatchObject({
      ...{ state: "deferred", dueAt: NOW + 99, decision: { priority: "URGENT" } },
    });
  });
});
