import { describe, expect, it } from "vitest";
import * as queries from "../../../src/handoff/ledger/queries.ts";
import { subject } from "../../escalation/given.ts";
import { handoff, inContext, planned, seen, step, stepOf, withSteps } from "./given.ts";

describe("a step", () => {
  it.each([
    ["done", true],
    ["skipped", true],
    ["refused", true],
    ["ready", false],
    ["sent", false],
    ["unknown", false],
  ] as const)("that is %s is settled: %s", (state, isSettled) => {
    expect(queries.isSettled(step(0, "route", { kind: "route" }, { state }))).toBe(isSettled);
  });

  it.each([
    ["of no result", null, false],
    ["the platform refused as unknown", { kind: "tag-missing" }, true],
    ["erred with, as unknown", { kind: "error-answer", times: 1, isTagMissing: true }, true],
    ["erred with", { kind: "error-answer", times: 1, isTagMissing: false }, false],
  ] as const)("whose tag is %s: missing is %s", (_, result, isMissing) => {
    expect(queries.isTagMissing(step(0, "tag:vip", { kind: "tag", tag: "vip" }, { result }))).toBe(isMissing);
  });
});

it("knows the states of a handoff", () => {
  expect(queries.isPending(planned())).toBe(true);
  expect(queries.isPending({ handoff: handoff({ state: "routed" }), steps: [] })).toBe(false);
  expect((["returned", "cancelled", "parked", "routed"] as const).map((state) => queries.isOver({ state }))).toEqual([
    ...[true, true, false, false],
  ]);
});

describe("the conversation of a ledger", () => {
  it("is known once its step has a result", () => {
    expect(queries.conversationOf(planned().steps)).toBeNull();
    expect(queries.conversationOf([])).toBeNull();
    expect(queries.conversationOf(inContext().steps)).toEqual(seen());
  });

  it("is Baton's own unless it was adopted, and only then its creates count", () => {
    const sent = { conversation: { sends: 2 } };
    const own = withSteps(planned(), sent).steps;
    const adopted = withSteps(planned({ subject: { ...subject(), id: 1, epoch: 1, conversationId: "c9" } }), sent);
    expect([queries.isOwnConversation(own), queries.createsOf(own)]).toEqual([true, 2]);
    expect([queries.isOwnConversation(adopted.steps), queries.createsOf(adopted.steps)]).toEqual([false, 0]);
    expect(queries.createsOf([])).toBe(0);
  });
});

it("finds the route, if there is one", () => {
  const ledger = planned();
  expect(queries.routeOf(ledger.steps)).toBe(stepOf(ledger, "route"));
  expect(queries.routeOf([])).toBeUndefined();
});
