import { describe, expect, it } from "vitest";
import type { EventType } from "../../../src/events/event.ts";
import { noFacts } from "../../../src/events/facts.ts";
import { withRound } from "../../../src/handoff/ledger/round.ts";
import { NOW, session } from "./given.ts";

const found = (type: EventType, more: object = {}) => ({
  ...{ type, hasOpenHandoff: false, newRoundAfterMs: 10_000, now: NOW },
  ...more,
});
const facts = { ...noFacts, customer: { name: "Ana" }, attributes: { plan: "gold" }, fallbacks: 2, language: "de" };

describe("a round", () => {
  it("goes on with the next event", () => {
    const before = session();
    expect(withRound(before, found("customer.message"))).toBe(before);
  });

  it.each([
    ["session.started", found("session.started")],
    ["a long silence", found("customer.message", { now: NOW + 10_000 })],
  ])("ends with %s: only the customer and the channel stay", (_, next) => {
    const after = withRound(session({ facts, conversationId: "c1" }), next);
    expect(after).toMatchObject({ epoch: 2, conversationId: "c1", facts: { ...noFacts, customer: { name: "Ana" } } });
  });

  it("goes on while a handoff is open, and before anything has happened in it", () => {
    for (const [before, more] of [
      [session(), { hasOpenHandoff: true }],
      [session({ version: 0 }), {}],
      [session({ returnedAt: NOW - 1_000 }), {}],
    ] as const) {
      expect(withRound(before, found("session.started", more))).toBe(before);
    }
  });

  it("begins after the end of a session, with a conversation to be found anew", () => {
    const over = session({ control: "nobody", conversationId: "c1", facts });
    expect(withRound(over, found("customer.message"))).toMatchObject({
      ...{ epoch: 2, control: "bot", conversationId: null, previousConversationId: "c1" },
    });
    expect(withRound(over, found("session.ended"))).toBe(over);
    const twice = { ...over, conversationId: null, previousConversationId: "c0" };
    expect(withRound(twice, found("bot.message")).previousConversationId).toBe("c0");
  });
});
