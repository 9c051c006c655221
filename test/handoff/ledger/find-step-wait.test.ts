import { describe, expect, it } from "vitest";
import { findStepWait } from "../../../src/handoff/ledger/find-step-wait.ts";
import type { Ledger } from "../../../src/model/handoff.ts";
import { escalation } from "../../escalation/given.ts";
import { inContext, NOW, planned, routed, seen, step, stepOf, withHandoff, withSteps } from "./given.ts";

const waitOf = (ledger: Ledger, name: string) => {
  const wait = findStepWait(ledger, stepOf(ledger, name));
  return wait.kind === "steps" ? wait.steps.map((it) => it.name) : wait;
};
const vip = { escalation: escalation({ tags: ["vip"] }) };

describe("a step that is not sent yet", () => {
  it("waits for its time once nothing else is in its way", () => {
    expect(waitOf(planned(), "conversation")).toEqual({ kind: "time", at: NOW });
    const later = withSteps(inContext(), { route: { nextAt: NOW + 9_000 } });
    expect(waitOf(later, "route")).toEqual({ kind: "time", at: NOW + 9_000 });
  });

  it("waits for the conversation as long as there is none", () => {
    const ledger = planned(vip);
    for (const name of ["tag:vip", "note", "metadata", "route"]) expect(waitOf(ledger, name)).toEqual(["conversation"]);
  });

  it("waits for each step of the context that is missing, and for no other", () => {
    const opened = withHandoff(withSteps(planned(vip), { conversation: { state: "done", sends: 1, result: seen() } }), {
      conversationId: "c1",
    });
    expect(waitOf(opened, "tag:vip")).toEqual({ kind: "time", at: NOW });
    expect(waitOf(opened, "route")).toEqual(["tag:vip", "note", "metadata"]);
    expect(waitOf(withSteps(inContext(vip), { note: { state: "unknown" } }), "route")).toEqual(["note"]);
  });

  it("waits for the queue, or for the hand-back, if it is for later", () => {
    const { handoff, steps } = inContext();
    const returned = step(20, "text:returned", { kind: "text", text: "I am here again.", moment: "returned" });
    const waiting = step(21, "text", { kind: "text", text: "You are in the queue.", moment: "routed" });
    const untag = step(22, "untag:vip", { kind: "untag", tag: "vip" });
    const ledger = { handoff, steps: [...steps, returned, waiting, untag] };
    expect(waitOf(ledger, "text")).toEqual({ kind: "route" });
    for (const name of ["text:returned", "untag:vip"]) expect(waitOf(ledger, name)).toEqual({ kind: "return" });
  });

  it("waits for the one step that it is about, and for no other", () => {
    const untag = step(22, "untag:vip", { kind: "untag", tag: "vip" });
    const unsettled = withSteps(routed(vip), { "tag:vip": { state: "unknown" }, note: { state: "unknown" } });
    const back = withHandoff({ ...unsettled, steps: [...unsettled.steps, untag] }, { state: "returned" });
    expect(waitOf(back, "untag:vip")).toEqual(["tag:vip"]);
    const after = step(23, "queue:after", { kind: "queue", queue: "VIP", moment: "after-route", instead: false });
    const pending = { ...inContext(vip), steps: [...inContext(vip).steps, after] };
    expect(waitOf(withSteps(pending, { note: { state: "unknown" } }), "queue:after")).toEqual(["route"]);
  });

  it("is needed only after a lost answer, or goes on with its handoff", () => {
    expect(waitOf(routed(), "sweep")).toEqual({ kind: "lost-answer" });
    const twice = withSteps(routed(), { conversation: { sends: 2 }, sweep: { nextAt: NOW + 1 } });
    expect(waitOf(twice, "sweep")).toEqual({ kind: "time", at: NOW + 1 });
    for (const state of ["parked", "deferred"] as const)
      expect(waitOf(withHandoff(inContext(), { state }), "route")).toEqual({ kind: "handoff" });
  });
});
