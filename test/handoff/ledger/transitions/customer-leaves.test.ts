import { describe, expect, it } from "vitest";
import * as leave from "../../../../src/handoff/ledger/transitions/customer-leaves.ts";
import { NOW, planned, routed, session, withHandoff } from "../given.ts";

describe("a customer who leaves", () => {
  it.each([
    ["pending", planned()],
    ["routed", routed()],
  ])("no longer waits: %s", (_, before) => {
    expect(leave.withCustomerLeft(before, NOW + 5).handoff).toMatchObject({ leftAt: NOW + 5 });
  });

  it("has it done at once", () => {
    const later = withHandoff(routed(), { dueAt: NOW + 50 });
    const never = withHandoff(routed(), { dueAt: null });
    expect([later, never].map((it) => leave.withCustomerLeft(it, NOW + 5).handoff.dueAt)).toEqual([NOW + 5, NOW + 5]);
  });

  it.each([
    ["has an agent", withHandoff(routed(), { state: "assigned" })],
    ["is owed a handoff", withHandoff(planned(), { state: "deferred" })],
    ["was passed on by the chatbot's own element", withHandoff(routed(), { routedBy: "answers" })],
  ])("changes nothing if the customer %s", (_, before) => {
    expect(leave.withCustomerLeft(before, NOW)).toEqual(before);
  });
});

describe("a customer who is back", () => {
  it("is known by another event than an end, after they left", () => {
    const gone = session({ control: "nobody" });
    expect(leave.isBackAgain(gone, "customer.message")).toBe(true);
    expect(leave.isBackAgain(gone, "session.ended")).toBe(false);
    expect(leave.isBackAgain(session(), "customer.message")).toBe(false);
  });

  it("is the bot's if they had a place in the queue, else the handoff goes on", () => {
    const left = { leftAt: NOW };
    expect(leave.withCustomerBack(withHandoff(routed(), left), NOW + 5).handoff).toMatchObject({
      ...{ state: "returned", agentId: null, dueAt: NOW + 5, leftAt: NOW },
    });
    expect(leave.withCustomerBack(withHandoff(planned(), left), NOW + 5).handoff).toMatchObject({
      ...{ state: "pending", leftAt: null },
    });
  });
});
