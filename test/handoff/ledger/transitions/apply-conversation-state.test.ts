import { describe, expect, it } from "vitest";
import { applyConversationState } from "../../../../src/handoff/ledger/transitions/apply-conversation-state.ts";
import { type KnownConversation, unknownState } from "../../../../src/model/conversation-state.ts";
import type { Handoff, Ledger, Step } from "../../../../src/model/handoff.ts";
import { inContext, NOW, planned, routed, step, withHandoff, withSteps } from "../given.ts";

const LATER = NOW + 10;
const known = (more: Partial<KnownConversation>): KnownConversation => ({
  ...unknownState("default", "c1"),
  heardAt: LATER,
  ...more,
});
const human = known({ assignee: "human", agentId: "a1", assigneeAt: LATER });
const bot = known({ assignee: "bot", agentId: "b1", assigneeAt: LATER });
const nobody = known({ assignee: "none", assigneeAt: LATER });
const closed = known({ status: "closed", statusAt: LATER });
const solved = known({ status: "solved", statusAt: LATER });
const assigned = withHandoff(routed(), { state: "assigned", agentId: "a1" });
const returned = (returnedBecause: Handoff["returnedBecause"], more: Partial<Handoff> = {}) =>
  withHandoff(routed(), { state: "returned", returnedBecause, ...more });
const closing = (ledger: Ledger) =>
  withHandoff(ledger, {
    decision: { ...ledger.handoff.decision, handBack: { when: "closed", removeTags: [], message: null } },
  });
const release = (state: Step["state"]) =>
  step(20, "release", { kind: "release", because: "waited" }, { state, sends: 1 });

describe("the state of a conversation", () => {
  it.each<[string, Ledger, KnownConversation, Partial<Handoff>]>([
    ["a person took it", routed(), human, { state: "assigned", agentId: "a1" }],
    ["a person took it before the route", inContext(), human, { state: "assigned", agentId: "a1" }],
    ["a bot has it", routed(), bot, { state: "returned", returnedBecause: "given-to-bot", agentId: null }],
    ["it is closed", routed(), closed, { state: "returned", returnedBecause: "closed" }],
    ["it is gone", assigned, known({ status: "deleted" }), { state: "returned", returnedBecause: "deleted" }],
    ["it is solved", routed(), solved, { state: "returned", returnedBecause: "solved" }],
    ["its agent gave it back to the queue", assigned, nobody, { state: "routed", waitingSince: LATER, waited: 0 }],
    ["a person has it again", returned("solved"), human, { state: "assigned", returnedBecause: null }],
  ])("moves the handoff: %s", (_, before, given, moved) => {
    expect(applyConversationState(before, given, true).handoff).toMatchObject(moved);
  });

  it.each<[string, Ledger, KnownConversation]>([
    ["it is not opened", planned(), human],
    ["it is deferred", withHandoff(routed(), { state: "deferred" }), human],
    ["it is cancelled", withHandoff(routed(), { state: "cancelled" }), human],
    ["nothing is new", routed(), nobody],
    ["a look of Baton's own is newer", routed(), known({ ...human, assigneeAt: NOW - 1 })],
    ["the flow waits for the close", closing(routed()), solved],
    ["it is solved before the look", routed(), known({ ...solved, statusAt: NOW })],
    ["a bot has it before the route", inContext(), bot],
    ["it was closed, and an earlier person comes late", returned("closed"), human],
    ["Baton closed it", { ...returned("waited"), steps: [...routed().steps, release("done")] }, human],
    ["Baton gave it back, and it waits for nobody", returned("waited"), nobody],
    ["the customer left it, and it waits for nobody", returned(null), nobody],
    ["Baton gave it back to a bot", returned("nobody-there"), bot],
    ["an operator ended it for this agent", returned("ended", { agentId: "a1", endedAt: LATER }), human],
  ])("leaves the handoff as it is: %s", (_, before, given) => {
    expect(applyConversationState(before, given, true)).toBe(before);
  });

  it("keeps the agent who has a conversation that is closed", () => {
    expect(applyConversationState(routed(), { ...human, status: "closed" }, true).handoff).toMatchObject({
      ...{ state: "returned", returnedBecause: "closed", agentId: "a1" },
    });
  });

  it("moves no returned handoff once a later round has begun", () => {
    const before = returned("solved");
    expect(applyConversationState(before, human, false)).toBe(before);
  });

  it("counts a person at the same moment as our look, and the agent that the look showed", () => {
    expect(applyConversationState(routed(), { ...human, assigneeAt: NOW }, true).handoff.state).toBe("assigned");
    const read = withSteps(routed(), {});
    const seenThere = { ...read, steps: inContext({}, { assignee: "human", agentId: "a2" }).steps };
    expect(applyConversationState(seenThere, known({}), true).handoff).toMatchObject({
      state: "assigned",
      agentId: "a2",
    });
    const platform = { ...read, steps: inContext({}, { platformAt: LATER + 1 }).steps };
    expect(applyConversationState(platform, human, true)).toBe(platform);
  });

  it("gives a customer whom an operator took back to another agent, or to one who writes again", () => {
    const ended = returned("ended", { agentId: "a1", endedAt: NOW });
    expect(applyConversationState(ended, { ...human, agentWroteAt: LATER }, true).handoff).toMatchObject({
      state: "assigned",
      endedAt: null,
    });
    expect(applyConversationState(ended, { ...human, agentId: "a2" }, true).handoff.state).toBe("assigned");
    expect(
      applyConversationState(returned("ended", { agentId: "a1" }), { ...human, agentWroteAt: 1 }, true).handoff.state,
    ).toBe("assigned");
  });

  it("is the close that Baton sent, and words on their way have no reader", () => {
    const words = step(19, "note:further", { kind: "words", pages: ["x"], batch: 1, after: 0, lost: 0 });
    const before = { ...routed(), steps: [...routed().steps, words, release("sent")] };
    const after = applyConversationState(before, closed, true);
    expect(after.handoff).toMatchObject({ state: "returned", returnedBecause: "waited" });
    expect(after.steps.find(({ name }) => name === "note:further")?.state).toBe("skipped");
  });
});

it.each(["ready", "sent", "unknown"] as const)(
  "carries no give-back and no text of an earlier wait into one that begins anew: %s",
  (state) => {
    const text = step(21, "text:waiting-1", { kind: "text", text: "Soon.", moment: "waiting" }, { state, sends: 1 });
    const back = step(22, "text:returned", { kind: "text", text: "Back.", moment: "returned" }, { state, sends: 1 });
    const before = { ...assigned, steps: [...assigned.steps, release(state), text, back] };
    const after = applyConversationState(before, nobody, true);
    expect(after.handoff).toMatchObject({ state: "routed", waited: 0 });
    expect(after.steps.slice(-3).map((it) => it.state)).toEqual(["skipped", "skipped", state]);
    // A later close is a person's.
    const ended = applyConversationState(after, closed, true);
    expect(ended.handoff).toMatchObject({ state: "returned", returnedBecause: "closed" });
  },
);

it("begins the wait of a handoff that was assigned before it was routed", () => {
  const early = withHandoff(assigned, { routedAt: null, updatedAt: NOW + 5, waited: 2, alertedAt: NOW });
  expect(applyConversationState(early, nobody, true).handoff).toMatchObject({
    routedAt: NOW + 5,
    waited: 0,
    alertedAt: null,
  });
});
