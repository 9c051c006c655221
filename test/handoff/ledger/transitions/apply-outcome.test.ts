import { describe, expect, it } from "vitest";
import { claimDueSteps } from "../../../../src/handoff/ledger/claim-due-steps.ts";
import type { Run, StepOutcome } from "../../../../src/handoff/ledger/step-attempt.ts";
import { applyOutcome } from "../../../../src/handoff/ledger/transitions/apply-outcome.ts";
import type { Refusal } from "../../../../src/infobip/outcome.ts";
import type { Ledger, Step } from "../../../../src/model/handoff.ts";
import { escalation } from "../../../escalation/given.ts";
import {
  inContext,
  NOW,
  planned,
  routed,
  seen,
  settings,
  statesOf,
  step,
  stepOf,
  withHandoff,
  withSteps,
} from "../given.ts";

const call = { status: 400, requestId: null, ms: 1 };
const vip = { escalation: escalation({ tags: ["vip"], queue: "Returns" }) };
const sent = (more: Partial<Step> = {}): Partial<Step> => ({
  state: "sent",
  sends: 1,
  fence: 1,
  tries: 1,
  triesSince: NOW,
  sentAt: NOW,
  ...more,
});
const runOf = (ledger: Ledger, name: string, more: Partial<Run> = {}): Run => ({
  ...{ step: stepOf(ledger, name), conversationId: "c1", mayHaveHappened: false, isLookupOnly: false, isStale: false },
  ...more,
});
const end = (ledger: Ledger, name: string, outcome: StepOutcome, more: Partial<Run> = {}, at = NOW) =>
  applyOutcome(ledger, runOf(ledger, name, more), outcome, at, 0.5, settings);
const refuse = (ledger: Ledger, name: string, refusal: Refusal, more: Partial<Run> = {}, at = NOW) =>
  end(ledger, name, { kind: "refused", refusal, call }, more, at);
const unknown: StepOutcome = { kind: "unknown", why: "timeout", call: null };
const onItsWay = (name: string, more: Partial<Step> = {}) => withSteps(inContext(vip), { [name]: sent(more) });
const NOW_AND_A_DAY = NOW + settings.giveUpAfterMs;
const long = { tries: settings.giveUpAfterTries };

describe("an attempt that succeeded", () => {
  it("ends its step, and a conversation is the handoff's from then on", () => {
    const { ledger } = claimDueSteps(planned(), NOW, settings);
    const after = end(ledger, "conversation", { kind: "done", result: seen(), call });
    expect(stepOf(after, "conversation")).toMatchObject({ state: "done", result: seen() });
    expect(after.handoff.conversationId).toBe("c1");
  });

  it.each([
    ["its step was reset since", onItsWay("route", { fence: 2 })],
    ["its step is not on its way", inContext(vip)],
    ["it is of another ledger", { ...onItsWay("route"), steps: [] }],
  ])("changes nothing if %s", (_, ledger) => {
    const run = runOf(onItsWay("route"), "route");
    expect(applyOutcome(ledger, run, { kind: "done", result: { kind: "plain" }, call }, NOW, 0, settings)).toBe(ledger);
  });
});

it("shows that a handoff that is over has ended, also by a step that was reset, and not by another conversation's", () => {
  const over = withHandoff(onItsWay("tag:vip", { fence: 2 }), { state: "returned", returnedBecause: "solved" });
  const run = runOf(onItsWay("tag:vip"), "tag:vip");
  const closed: StepOutcome = { kind: "refused", refusal: { reason: "closed" }, call };
  const after = (ledger: Ledger, more: Partial<Run>) =>
    applyOutcome(ledger, { ...run, ...more }, closed, NOW, 0, settings).handoff.returnedBecause;
  expect(after(over, {})).toBe("closed");
  expect(after(over, { conversationId: "c0" })).toBe("solved");
  const waiting = onItsWay("tag:vip", { fence: 2 });
  expect(applyOutcome(waiting, run, closed, NOW, 0, settings)).toBe(waiting);
});

describe("a refusal that passes", () => {
  it("is tried again after a wait that grows", () => {
    const after = refuse(onItsWay("route"), "route", { reason: "not-sent", code: "ECONNREFUSED" });
    expect(stepOf(after, "route")).toMatchObject({ state: "ready", nextAt: NOW + settings.firstRetryMs / 2 });
  });

  it("waits for as long as the platform asks", () => {
    const after = refuse(onItsWay("route"), "route", { reason: "throttled", retryAfterMs: 9_000 });
    expect(stepOf(after, "route").nextAt).toBe(NOW + 9_000);
    const unsaid = refuse(
      onItsWay("route"),
      "route",
      { reason: "throttled", retryAfterMs: null },
      { mayHaveHappened: true },
    );
    expect(stepOf(unsaid, "route").state).toBe("unknown");
  });

  it("parks the handoff after a day, and leaves the step out once the customer is in the queue", () => {
    const refusal: Refusal = { reason: "throttled", retryAfterMs: null };
    expect(refuse(onItsWay("route", long), "route", refusal, {}, NOW_AND_A_DAY).handoff).toMatchObject({
      ...{ state: "parked", parkedBecause: expect.stringContaining("429") },
    });
    const late = withSteps(routed(vip), { metadata: sent(long) });
    const after = refuse(late, "metadata", refusal, {}, NOW_AND_A_DAY);
    expect([after.handoff.state, stepOf(after, "metadata").state]).toEqual(["routed", "refused"]);
  });

  it("drops only a page of words after a day", () => {
    const words = step(20, "note:further", { kind: "words", pages: ["x"], batch: 1, after: 0, lost: 0 }, sent(long));
    const ledger = { ...inContext(), steps: [...inContext().steps, words] };
    const after = refuse(ledger, "note:further", { reason: "throttled", retryAfterMs: null }, {}, NOW_AND_A_DAY);
    expect(after.handoff.state).toBe("pending");
    expect(stepOf(after, "note:further")).toMatchObject({ state: "refused", arguments: { lost: 1 } });
  });
});

describe("a refusal of our credentials", () => {
  const refusal: Refusal = { reason: "unauthorized", status: 401 };

  it("parks a pending handoff until they are accepted", () => {
    const after = refuse(onItsWay("route"), "route", refusal);
    expect(after.handoff).toMatchObject({ state: "parked", parkedFor: "credentials" });
    expect(stepOf(after, "route").state).toBe("ready");
    expect(stepOf(refuse(onItsWay("route"), "route", refusal, { mayHaveHappened: true }), "route").state).toBe(
      "unknown",
    );
  });

  it("is tried again for a customer who is in the queue", () => {
    const after = refuse(withSteps(routed(vip), { metadata: sent() }), "metadata", refusal);
    expect([after.handoff.state, stepOf(after, "metadata").state]).toEqual(["routed", "ready"]);
  });
});

describe("a conversation that is closed or gone", () => {
  it.each<Refusal>([{ reason: "closed" }, { reason: "unknown-id", id: "c1" }, { reason: "unknown-id", id: null }])(
    "is replaced before the route: %o",
    (refusal) => {
      expect(refuse(onItsWay("metadata"), "metadata", refusal).handoff).toMatchObject({
        replaces: ["c1"],
        replacements: 1,
      });
    },
  );

  it("is replaced for a parked handoff too", () => {
    const parked = withHandoff(onItsWay("metadata"), { state: "parked" });
    expect(refuse(parked, "metadata", { reason: "closed" }).handoff.replaces).toEqual(["c1"]);
  });

  it.each([
    ["the route may have been done", onItsWay("route"), "route", { mayHaveHappened: true }],
    ["the route is on its way", withSteps(onItsWay("metadata"), { route: { state: "sent" } }), "metadata", {}],
    [
      "the chatbot's own element routes it",
      withHandoff(
        { ...onItsWay("metadata"), steps: onItsWay("metadata").steps.filter(({ name }) => name !== "route") },
        { state: "routed" },
      ),
      "metadata",
      {},
    ],
    ["it is routed", withSteps(routed(vip), { metadata: sent() }), "metadata", {}],
  ])("ends the handoff if %s", (_, ledger, name, more) => {
    const after = refuse(ledger, name, { reason: "closed" }, more);
    expect(after.handoff).toMatchObject({ state: "returned", returnedBecause: "closed", replaces: [] });
  });

  it("is none of a sweep's business", () => {
    const after = refuse(onItsWay("sweep"), "sweep", { reason: "closed" });
    expect([after.handoff.state, stepOf(after, "sweep").state]).toEqual(["pending", "refused"]);
  });
});

describe("a queue that is gone", () => {
  it("is asked for again by an essential step, and left out by any other", () => {
    const refusal: Refusal = { reason: "unknown-id", id: "q1" };
    expect(stepOf(refuse(onItsWay("route"), "route", refusal), "route").state).toBe("ready");
    expect(stepOf(refuse(onItsWay("queue:after"), "queue:after", refusal), "queue:after").state).toBe("refused");
  });

  it("takes every step that names it out", () => {
    const after = end(onItsWay("queue:after"), "queue:after", { kind: "no-queue", queue: "Returns", call });
    expect(stepOf(after, "queue:after").state).toBe("refused");
  });
});

describe("a tag that is unknown", () => {
  const refusal: Refusal = { reason: "unknown-tag" };

  it("is created with the next attempt, and left out if that does not help", () => {
    const once = refuse(onItsWay("tag:vip"), "tag:vip", refusal, {}, NOW + 5);
    expect(stepOf(once, "tag:vip")).toMatchObject({ state: "ready", nextAt: NOW + 5, result: { kind: "tag-missing" } });
    const again = withSteps(once, { "tag:vip": sent({ result: { kind: "tag-missing" } }) });
    expect(stepOf(refuse(again, "tag:vip", refusal), "tag:vip").state).toBe("refused");
  });

  it("still holds up nothing if the step has erred before", () => {
    const erred = onItsWay("tag:vip", { result: { kind: "error-answer", times: 1, isTagMissing: false } });
    expect(stepOf(refuse(erred, "tag:vip", refusal), "tag:vip").result).toMatchObject({ times: 1, isTagMissing: true });
  });

  it("needs no removal", () => {
    const untag = step(20, "untag:vip", { kind: "untag", tag: "vip" }, sent());
    const ledger = { ...inContext(vip), steps: [...inContext(vip).steps, untag] };
    expect(stepOf(refuse(ledger, "untag:vip", refusal), "untag:vip").state).toBe("refused");
  });
});

describe("an ERROR answer", () => {
  const refusal: Refusal = { reason: "error-answer", text: "no" };

  it("parks the handoff where nothing goes on without the step", () => {
    expect(refuse(onItsWay("route"), "route", refusal).handoff).toMatchObject({ state: "parked", parkedFor: "person" });
  });

  it("is tried twice more for any other step", () => {
    const once = stepOf(refuse(onItsWay("tag:vip"), "tag:vip", refusal), "tag:vip");
    expect(once).toMatchObject({ state: "ready", result: { kind: "error-answer", times: 1, isTagMissing: false } });
    const twice = onItsWay("tag:vip", { result: { kind: "error-answer", times: 2, isTagMissing: false } });
    expect(stepOf(refuse(twice, "tag:vip", refusal), "tag:vip").state).toBe("refused");
  });
});

describe("a request that the platform does not take", () => {
  it.each<Refusal>([
    { reason: "invalid", status: 400, messageId: "BAD", text: "x" },
    { reason: "too-large" },
    { reason: "tag-exists" },
  ])("parks the handoff only if nothing goes on without the step: %o", (refusal) => {
    expect(refuse(onItsWay("route"), "route", refusal).handoff.state).toBe("parked");
    const after = refuse(onItsWay("metadata"), "metadata", refusal);
    expect([after.handoff.state, stepOf(after, "metadata").state]).toEqual(["pending", "refused"]);
  });
});

describe("an unknown outcome", () => {
  it("may have had its effect until now", () => {
    const after = end(onItsWay("route"), "route", unknown, {}, NOW + 50);
    expect(stepOf(after, "route")).toMatchObject({ state: "unknown", sentAt: NOW + 50 });
    expect(stepOf(end(onItsWay("route"), "route", unknown, { isLookupOnly: true }, NOW + 50), "route").sentAt).toBe(
      NOW,
    );
  });

  it("is looked for again once the effect must show, and not before the platform asks", () => {
    const unseen: StepOutcome = { kind: "unknown", why: "not-seen-yet", call };
    expect(stepOf(end(onItsWay("route"), "route", unseen, { isLookupOnly: true }), "route").nextAt).toBe(
      NOW + settings.quietMs,
    );
    const asked: StepOutcome = { ...unknown, retryAfterMs: 60_000 };
    expect(stepOf(end(onItsWay("route"), "route", asked), "route").nextAt).toBe(NOW + 60_000);
  });

  it("begins its schedule with the first failure, though its sending was not counted", () => {
    const uncounted = onItsWay("route", { triesSince: null, sentAt: null });
    const unseen: StepOutcome = { kind: "unknown", why: "not-seen-yet", call };
    expect(stepOf(end(uncounted, "route", unseen, { isLookupOnly: true }), "route").nextAt).toBe(
      NOW + settings.firstRetryMs / 2,
    );
  });

  it("remembers that somebody has the conversation who may be a person", () => {
    const after = end(onItsWay("route"), "route", { kind: "unknown", why: "assignee-unread", call });
    expect(stepOf(after, "conversation").result).toMatchObject({ isAssigneeUnread: true });
  });

  it("parks the handoff after a day", () => {
    expect(end(onItsWay("route", long), "route", unknown, {}, NOW_AND_A_DAY).handoff).toMatchObject({
      parkedBecause: expect.stringContaining("stayed unclear for a day"),
    });
  });
});

it("gives the customer to the person who has the conversation", () => {
  const who = seen({ assignee: "human", agentId: "a1" });
  const after = end(onItsWay("route"), "route", { kind: "human", seen: who, call });
  expect(after.handoff).toMatchObject({ state: "assigned", agentId: "a1" });
  expect(stepOf(after, "conversation").result).toEqual(who);
  const release = step(20, "release", { kind: "release", because: "waited" }, sent());
  const returned = withHandoff(routed(), { state: "returned", returnedBecause: "solved" });
  const kept = end({ ...returned, steps: [...returned.steps, release] }, "release", { kind: "human", seen: who, call });
  expect([kept.handoff.state, stepOf(kept, "release").state]).toEqual(["returned", "skipped"]);
});

it("ends a handoff whose conversation is closed when its route is repeated", () => {
  const after = end(onItsWay("route"), "route", { kind: "over", call }, { mayHaveHappened: true });
  expect(after.handoff).toMatchObject({ state: "returned", returnedBecause: "closed" });
  expect(statesOf(after)).toMatchObject({ route: "done" });
  const early = end(onItsWay("metadata"), "metadata", { kind: "over", call });
  expect([early.handoff.state, stepOf(early, "metadata").state]).toEqual(["returned", "skipped"]);
});

describe("an outcome that nothing waits for", () => {
  const cancelled = (name: string) => withHandoff(onItsWay(name), { state: "cancelled", conversationId: null });

  it.each<[StepOutcome, string]>([
    [{ kind: "done", result: { kind: "plain" }, call }, "done"],
    [{ kind: "refused", refusal: { reason: "throttled", retryAfterMs: null }, call }, "refused"],
    [{ kind: "refused", refusal: { reason: "closed" }, call }, "refused"],
    [{ kind: "no-queue", queue: "Returns", call }, "refused"],
    [unknown, "unknown"],
    [{ kind: "human", seen: seen(), call }, "skipped"],
    [{ kind: "over", call }, "skipped"],
  ])("changes only its step: %o", (outcome, state) => {
    const after = end(cancelled("route"), "route", outcome);
    expect(after.handoff).toEqual(cancelled("route").handoff);
    expect(stepOf(after, "route").state).toBe(state);
  });

  it("still tells which conversation was made", () => {
    const after = end(cancelled("conversation"), "conversation", { kind: "done", result: seen(), call });
    expect(after.handoff).toMatchObject({ state: "cancelled", conversationId: "c1" });
  });

  it("keeps the latest time of a possible effect, which a look has not", () => {
    expect(stepOf(end(cancelled("route"), "route", unknown, {}, NOW + 9), "route").sentAt).toBe(NOW + 9);
    expect(stepOf(end(cancelled("route"), "route", unknown, { isLookupOnly: true }, NOW + 9), "route").sentAt).toBe(
      NOW,
    );
  });

  it("may close a returned handoff", () => {
    const returned = withHandoff(onItsWay("metadata"), { state: "returned", returnedBecause: "solved" });
    expect(refuse(returned, "metadata", { reason: "closed" }).handoff.returnedBecause).toBe("closed");
  });
});
