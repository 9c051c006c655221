import { describe, expect, it } from "vitest";
import { escalation, flowWith, subject } from "../../escalation/given.ts";
import { NOW, planned, statesOf, stepOf } from "./given.ts";

const namesOf = (more: Parameters<typeof planned>[0]) => planned(more).steps.map(({ name }) => name);
const adopted = { ...subject(), id: 1, epoch: 1, conversationId: "c1" };
const queued = escalation({ queue: "Returns", tags: ["vip"] });

describe("the steps of a handoff", () => {
  it("come in the order of their dependencies", () => {
    expect(namesOf({ escalation: queued })).toEqual([
      ...["conversation", "tag:vip", "note", "metadata", "route", "queue:after", "sweep"],
    ]);
  });

  it("set the queue of a conversation that is there before the route", () => {
    expect(namesOf({ escalation: queued, subject: adopted })).toContain("queue");
  });

  it("write no note if the flow wants none, and leave the route to the chatbot's own element", () => {
    const flow = flowWith({ note: { enabled: false }, routedBy: "answers" } as never);
    expect(namesOf({ flow, escalation: queued })).toEqual(["conversation", "tag:vip", "metadata", "sweep"]);
  });

  it("ask for an agent first if the flow says what happens without one", () => {
    const flow = flowWith({ noAgent: { do: "other-queue", queue: "Night", orWaiting: 5 } } as never);
    const ledger = planned({ flow, escalation: queued });
    expect(stepOf(ledger, "agents").arguments).toEqual({ kind: "agents", queue: "Returns", orWaiting: 5 });
    expect(statesOf(ledger)).toMatchObject({ "queue:other": "skipped", "queue:other:after": "skipped" });
    const declining = flowWith({ noAgent: { do: "decline", message: "Tomorrow." } } as never);
    expect(stepOf(planned({ flow: declining }), "agents").arguments).toEqual({ kind: "agents", queue: null });
  });

  it("create a conversation that names the one before", () => {
    const { arguments: args } = stepOf(planned({ continues: "c0" }), "conversation");
    expect(args).toMatchObject({ adopt: null, summary: expect.stringMatching(/continues c0 \[ho-h1\]$/) });
  });
});

describe("the handoff", () => {
  it("is pending, and due at once", () => {
    expect(planned().handoff).toMatchObject({ state: "pending", token: "ho-h1", dueAt: NOW, deferredUntil: null });
  });

  it("waits for the opening if it is deferred, unless that is now", () => {
    const later = escalation({ course: "defer" });
    expect(planned({ escalation: later, opensAt: NOW + 9 }).handoff).toMatchObject({
      ...{ state: "deferred", deferredUntil: NOW + 9, dueAt: NOW + 9, decision: { opensAt: NOW + 9 } },
    });
    expect(planned({ escalation: later }).handoff.state).toBe("pending");
  });

  it("keeps the flow's policy of the day, with its texts rendered", () => {
    const flow = flowWith({
      noAgent: { do: "queue", message: "Nobody for {{session}}." },
      waiting: [
        { afterSeconds: 60, message: "Still waiting.", priority: "HIGH" },
        { afterSeconds: 90, giveBack: true },
      ],
      handBack: { message: "Welcome back.", removeTags: ["vip"] },
      tags: ["vip"],
    } as never);
    expect(planned({ flow }).handoff.decision).toMatchObject({
      noAgent: { do: "queue", queue: null, message: "Nobody for s1." },
      waiting: [
        { afterMs: 60_000, message: "Still waiting.", priority: "HIGH", giveBack: false },
        { afterMs: 90_000, message: null, priority: null, giveBack: true },
      ],
      handBack: { message: "Welcome back.", removeTags: ["vip"] },
    });
  });

  it("does not say twice that the flow is closed", () => {
    const flow = flowWith({
      hours: { timeZone: "UTC", weekly: { sun: [["09:00", "10:00"]] } },
      outsideHours: { do: "queue", message: "We open on Sunday." },
      noAgent: { do: "queue", message: "Nobody." },
    } as never);
    expect(planned({ flow, opensAt: NOW + 9 }).handoff.decision.noAgent?.message).toBeNull();
    expect(planned({ flow }).handoff.decision.noAgent?.message).toBe("Nobody.");
  });

  it("names what was left out, and carries the trace of its request", () => {
    const { decision } = planned({ leftOut: "c9", traceparent: "00-a-b-01" }).handoff;
    expect(decision).toMatchObject({ leftOut: { conversationId: "c9" }, traceparent: "00-a-b-01" });
    expect(planned().handoff.decision).not.toHaveProperty("traceparent");
  });
});
