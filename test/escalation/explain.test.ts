import { describe, expect, it } from "vitest";
import { retailSupport } from "../../flows/retail-support/flow.ts";
import { decide } from "../../src/escalation/decide.ts";
import { explain } from "../../src/escalation/explain.ts";
import { eventTypes } from "../../src/events/event.ts";
import { fc } from "../fuzz/fast-check.ts";
import { event, flowWith, intent, message, NOW, subject } from "./given.ts";

describe("explain", () => {
  it("shows every rule in order, what each condition saw, and which fired", () => {
    const { rules, escalation } = explain(retailSupport, subject(), message("an operator", intent(0.9)), NOW);
    expect(rules.map(({ rule, fired }) => [rule, fired])).toEqual([
      ["asked-for-a-person", false],
      ["customer-asked", true],
      ["bot-failed", false],
      ["unhappy", false],
      ["bot-lost", false],
      ["vip-unsure", false],
      ["requested", false],
    ]);
    expect(rules[1]?.when).toMatchObject([
      [{ key: "event", held: false }],
      [{ key: "text", saw: "operator*", held: true }],
    ]);
    expect(escalation?.rule).toBe("customer-asked");
  });

  it("shows a request that no rule covers as the last rule", () => {
    const { rules, escalation } = explain(flowWith({}), subject(), event({ type: "handoff.requested" }), NOW);
    expect(rules.at(-1)).toMatchObject({ rule: "requested", held: true, fired: true });
    expect(escalation?.rule).toBe("requested");
  });

  it("shows that a later rule would have held too, though only the first fires", () => {
    const { rules } = explain(retailSupport, subject(), message("a human", { sentiment: -1 }), NOW);
    expect(rules.filter(({ held }) => held).map(({ rule, fired }) => [rule, fired])).toEqual([
      ["customer-asked", true],
      ["unhappy", false],
    ]);
  });

  it("never shows the customer's text", () => {
    expect(JSON.stringify(explain(retailSupport, subject(), message("agent, my xylophone"), NOW))).not.toContain(
      "xylophone",
    );
  });

  it("never disagrees with the decision", () => {
    const given = fc.record({
      type: fc.constantFrom(...eventTypes),
      text: fc.constantFrom("", "agentless", "an Agent", "a real person"),
      sentiment: fc.double({ min: -1, max: 1, noNaN: true }),
      intent: fc.record({ name: fc.constant("order"), confidence: fc.double({ min: 0, max: 1, noNaN: true }) }),
      attributes: fc.constantFrom({}, { plan: "gold" }, { plan: "free" }),
    });
    const counts = fc.record({ fallbacks: fc.nat(4), errors: fc.nat(4) });
    fc.assert(
      fc.property(given, counts, (more, facts) => {
        const arguments_ = [retailSupport, subject(facts), event(more), NOW] as const;
        const { rules, escalation } = explain(...arguments_);
        const decision = decide(...arguments_);
        expect(escalation).toEqual(decision.escalation);
        expect(rules.find(({ fired }) => fired)?.rule ?? null).toBe(decision.escalation?.rule ?? null);
        expect(rules.find(({ held }) => held)?.fired ?? true).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
