import { describe, expect, it } from "vitest";
import { expectedOf } from "../../src/replay/expected-outcome.ts";
import type { SampleOutcome } from "../../src/replay/run-in-memory.ts";

const handoff = {
  ...{ id: "handoff-1", session: "s1", flow: "f", state: "routed", rule: "asked", reason: "asked" },
  ...{ conversationId: "c1", agentId: null, replaces: [], leftOut: { tags: [], queue: null } },
  steps: { conversation: "done", text: "refused", sweep: "skipped" },
};
const answer = { outcome: "accepted", handoffId: "handoff-1", reason: "asked", conversationId: "c1", message: null };
const { outcome: _, message: __, ...told } = answer;
const note = {
  call: "POST /ccaas/1/conversations/c1/notes",
  status: 200,
  body: { content: "One\nTwo", type: "INTERNAL" },
};
const outcome: SampleOutcome = {
  answers: [
    { status: 200, body: answer },
    { status: 422, body: { type: "x", errors: [] } },
    { sessions: { s1: { control: "queue", handoff: "handoff-1", state: "routed" } } },
    { sessions: { s1: { control: "bot", handoff: null, state: null } }, refused: "closed" },
  ],
  calls: [
    note,
    { call: "POST /ccaas/1/conversations/c1/tags", status: 200, body: { tagName: "vip" } },
    { call: "PATCH /ccaas/1/conversations/c1", status: 500, body: { a: 1, content: { text: "x" }, list: ["y"] } },
    { call: "POST /ccaas/1/conversations/c1/route", status: null, body: null },
  ],
  pushes: [],
  callbacks: [
    { type: "handoff.routed", data: { ...told, bot: "b", session: "s1", state: "routed", control: "queue" } },
  ],
  events: [
    { source: "baton", type: "customer.message", outcome: "accepted", rule: "asked", body: {} },
    { source: "baton", type: "bot.message", outcome: "accepted", rule: null, body: {} },
  ],
  sessions: [{ session: "s1" }],
  handoffs: [handoff],
};
const expected = expectedOf(outcome, false);

describe("the expected outcome of a sample", () => {
  it("has answers without nulls, and without what their handoff says", () => {
    expect(expected.answers).toEqual([
      { outcome: "accepted", handoffId: "handoff-1" },
      { status: 422, type: "x" },
      { s1: "queue, handoff-1 routed" },
      { s1: "bot", refused: "closed" },
    ]);
    expect(expected.callbacks).toEqual([
      { type: "handoff.routed", handoffId: "handoff-1", state: "routed", control: "queue" },
    ]);
  });

  it("has a line for each call, and each note as its lines", () => {
    expect(expected.calls).toEqual([
      "POST /conversations/c1/notes",
      "POST /conversations/c1/tags  tagName: vip",
      'PATCH /conversations/c1 -> 500  a: 1, content.text: x, list: ["y"]',
      "POST /conversations/c1/route -> no answer",
    ]);
    expect(expected.notes).toEqual([["One", "Two"]]);
  });

  it("has the decisions, and of a handoff what is not as always", () => {
    expect(expected.decisions).toEqual(["customer.message: asked"]);
    expect(expected.handoffs).toEqual([
      {
        id: "handoff-1",
        session: "s1",
        state: "routed",
        rule: "asked",
        conversationId: "c1",
        steps: { text: "refused" },
      },
    ]);
    expect(expected).not.toHaveProperty("pushes");
  });

  it("is whole if the sample says so", () => {
    expect(expectedOf(outcome, true)).toEqual(outcome);
  });

  it("has what a running service shows", () => {
    expect(expectedOf({ answers: [{ status: 200, body: [] }], handoffs: [] }, false)).toEqual({ answers: [{}] });
  });
});
