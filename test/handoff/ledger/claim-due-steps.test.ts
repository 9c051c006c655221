import { describe, expect, it } from "vitest";
import { claimDueSteps, isInContext, stateOf } from "../../../src/handoff/ledger/claim-due-steps.ts";
import type { Ledger, Step } from "../../../src/model/handoff.ts";
import { escalation, flowWith, subject } from "../../escalation/given.ts";
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
} from "./given.ts";

const next = (ledger: Ledger, at = NOW, atMost?: number) => {
  const { ledger: after, run } = claimDueSteps(ledger, at, settings, atMost);
  return { after, run, names: run.map(({ step: { name } }) => name) };
};
const vip = { escalation: escalation({ tags: ["vip"] }) };
const known = withHandoff(
  withSteps(planned(vip), { conversation: { state: "done", sends: 1, fence: 1, result: seen() } }),
  { conversationId: "c1" },
);

describe("the next steps", () => {
  it("begin with the conversation, whose intent is counted before it leaves", () => {
    const { after, run, names } = next(planned());
    expect(names).toEqual(["conversation"]);
    expect(run[0]?.step).toMatchObject({ state: "sent", sends: 1, tries: 1, fence: 1, firstSentAt: NOW, sentAt: NOW });
    expect(stepOf(after, "sweep").nextAt).toBe(NOW + settings.lateMs);
    expect(after.handoff.dueAt).toBeNull();
  });

  it("are the context at once, as many as may be on their way", () => {
    expect(next(known).names).toEqual(["tag:vip", "note", "metadata"]);
    expect(next(known, NOW, 2).names).toEqual(["tag:vip", "note"]);
    expect(next(known, NOW, 0).after.handoff.dueAt).toBe(NOW);
  });

  it("are the route once all of the context is there, unless it erred", () => {
    expect(next(inContext(vip)).names).toEqual(["route"]);
    const erred = { state: "ready", nextAt: NOW + 9, result: { kind: "error-answer", times: 1, isTagMissing: false } };
    const { names, after } = next(withSteps(inContext(vip), { "tag:vip": erred as Partial<Step> }));
    expect(names).toEqual(["route"]);
    expect(after.handoff.dueAt).toBe(NOW + 9);
  });

  it("ask for an agent once all of the context is there", () => {
    const flow = flowWith({ noAgent: { do: "queue" } });
    const [agents, ready] = [planned({ flow }), inContext({ flow })];
    const waiting = withSteps(withHandoff(agents, { conversationId: "c1" }), {
      conversation: stepOf(ready, "conversation"),
      note: { state: "sent" },
    });
    expect([next(waiting).names, next(ready).names]).toEqual([["metadata"], ["agents"]]);
  });

  it("read a conversation that was read too long ago, or whose assignee was not read, before the route", () => {
    const isStale = (ledger: Ledger, at: number) => next(ledger, at).run[0]?.isStale;
    expect(isStale(inContext(), NOW + settings.freshMs)).toBe(false);
    expect(isStale(inContext(), NOW + settings.freshMs + 1)).toBe(true);
    expect(isStale(inContext({}, { isAssigneeUnread: true }), NOW)).toBe(true);
  });

  it("read the conversation before the route if the answer to a raised priority was lost", () => {
    const isStale = (state: Step["state"], sends: number) => {
      const raised = step(20, "priority:raised-1", { kind: "priority", priority: "HIGH" }, { state, sends });
      const { handoff, steps } = inContext();
      // It is tried again later.
      const { run } = next({ handoff, steps: [...steps, { ...raised, nextAt: NOW + 1 }] }, NOW);
      return run.find((it) => it.step.name === "route")?.isStale;
    };
    expect([isStale("unknown", 1), isStale("sent", 2)]).toEqual([true, true]);
    expect([isStale("sent", 1), isStale("ready", 1), isStale("done", 1)]).toEqual([false, false, false]);
  });

  it("leave the route out if a person has the conversation", () => {
    const { after, names } = next(inContext({}, { assignee: "human", agentId: "a1" }));
    expect(names).toEqual([]);
    expect(stepOf(after, "route").state).toBe("skipped");
    expect(after.handoff).toMatchObject({ state: "assigned", agentId: "a1" });
  });

  it("look for an effect that may have happened, and count that as no send", () => {
    const doubted = withSteps(planned(), {
      conversation: { state: "unknown", sends: 1, tries: 1, sentAt: NOW - 1_000 },
    });
    expect(next(doubted).run[0]).toMatchObject({
      mayHaveHappened: true,
      isLookupOnly: true,
      step: { sends: 1, tries: 1 },
    });
    const quiet = next(doubted, NOW + settings.quietMs).run[0];
    expect(quiet).toMatchObject({ mayHaveHappened: true, isLookupOnly: false, step: { sends: 2 } });
    const uncounted = withSteps(doubted, { conversation: { state: "unknown", sentAt: null } });
    expect(next(uncounted).run[0]).toMatchObject({ mayHaveHappened: true, isLookupOnly: false });
  });

  it("sweep only after several creates", () => {
    expect(statesOf(next(inContext()).after)).toMatchObject({ sweep: "skipped" });
    const twice = withSteps(inContext(), { conversation: { sends: 2 }, sweep: { nextAt: NOW + 90 } });
    expect(next(twice).after.handoff.dueAt).toBe(NOW + 90);
    expect(next(twice, NOW + 90).names).toContain("sweep");
  });

  it.each(["deferred", "parked", "cancelled"] as const)("are none while the handoff is %s", (state) => {
    expect(next(withHandoff(planned(), { state })).names).toEqual([]);
  });

  it("of a handoff that was given back are those at the hand-back, unless the conversation is closed", () => {
    const untag = step(20, "untag:vip", { kind: "untag", tag: "vip" });
    const back = (returnedBecause: "solved" | "closed" | "deleted") =>
      withHandoff({ ...routed(vip), steps: [...routed(vip).steps, untag] }, { state: "returned", returnedBecause });
    expect((["solved", "closed", "deleted"] as const).map((because) => next(back(because)).names)).toEqual([
      ...[["untag:vip"], [], []],
    ]);
  });

  it("take a tag off once it is known that this handoff put it on", () => {
    const untag = step(20, "untag:vip", { kind: "untag", tag: "vip" });
    const back = withHandoff({ ...routed(vip), steps: [...routed(vip).steps, untag] }, { state: "returned" });
    const names = (["sent", "unknown", "done"] as const).map(
      (state) => next(withSteps(back, { "tag:vip": { state } })).names,
    );
    expect(names).toEqual([[], [], ["untag:vip"]]);
  });

  it("let a release wait for what can still be written, though not for ever", () => {
    const release = step(20, "release", { kind: "release", because: "waited" });
    const further = (tries: number) => step(19, "tag:late", { kind: "tag", tag: "late" }, { tries, nextAt: NOW + 9 });
    const names = (tries: number) => next({ ...routed(), steps: [...routed().steps, further(tries), release] }).names;
    expect([names(2), names(3)]).toEqual([[], ["release"]]);
  });
});

describe("the due time", () => {
  it("is the opening of a deferred handoff", () => {
    expect(next(withHandoff(planned(), { state: "deferred", deferredUntil: NOW + 7 })).after.handoff.dueAt).toBe(
      NOW + 7,
    );
  });

  it("is the next threshold of one that waits", () => {
    const { decision } = routed().handoff;
    const waiting = [{ afterMs: 60_000, message: null, priority: null, tags: [], giveBack: false }];
    expect(next(withHandoff(routed(), { decision: { ...decision, waiting } })).after.handoff.dueAt).toBe(NOW + 60_000);
  });

  it("is none once nothing is left, and only a parked handoff keeps its reason", () => {
    const parking = { parkedBecause: "x", parkedFor: "person" } as const;
    expect(next(withHandoff(routed(), parking)).after.handoff).toMatchObject({ dueAt: null, parkedBecause: null });
    const parked = next(withHandoff(planned(), { ...parking, state: "parked" })).after.handoff;
    expect(parked).toMatchObject(parking);
  });
});

describe("the state", () => {
  const done = { route: { state: "done" } } as const;

  it("is routed once the route is done and the context is there", () => {
    const after = stateOf(withSteps(inContext(), done), NOW + 1);
    expect(after).toMatchObject({ state: "routed", routedAt: NOW + 1, waitingSince: NOW + 1 });
    expect(stateOf(withSteps(known, done), NOW).state).toBe("pending");
  });

  it("is routed by another handoff's route too", () => {
    const skipped = { route: { state: "skipped", result: { kind: "route", queueId: null } } } as const;
    expect(stateOf(withSteps(inContext(), skipped), NOW).state).toBe("routed");
  });

  it("is routed without a route if the chatbot's own element does that", () => {
    const answers = withHandoff(inContext(), { routedBy: "answers" });
    expect(stateOf({ ...answers, steps: answers.steps.filter(({ name }) => name !== "route") }, NOW).state).toBe(
      "routed",
    );
  });

  it("stays, and records a route that an agent was faster than", () => {
    const assigned = withHandoff(withSteps(inContext(), done), { state: "assigned" });
    expect(stateOf(assigned, NOW + 3)).toMatchObject({ state: "assigned", routedAt: NOW + 3 });
    const before = withHandoff(inContext(), { state: "assigned" });
    expect(stateOf(before, NOW)).toBe(before.handoff);
    expect(stateOf(planned(), NOW)).toEqual(planned().handoff);
  });

  it("has its context once the conversation is known and nothing of it is awaited", () => {
    expect([planned(vip), known, inContext(vip)].map(({ steps }) => isInContext(steps))).toEqual([false, false, true]);
    expect(isInContext(planned({ subject: { ...subject(), id: 1, epoch: 1, conversationId: "c1" } }).steps)).toBe(
      false,
    );
  });
});
