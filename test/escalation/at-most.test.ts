import { describe, expect, it } from "vitest";
import { decide } from "../../src/escalation/decide.ts";
import { event, flowWith, NOW, subject } from "./given.ts";

describe("atMost", () => {
  const asked = {
    rules: [{ reason: "asked", when: { event: "handoff.requested" as const } }],
    message: "I pass you on.",
  };
  const request = event({ type: "handoff.requested" });
  const HOUR = 3_600_000;
  const facts = { handoffs: [NOW - 3 * HOUR, NOW - HOUR, NOW - 1] };

  it.each([
    [3, 4, "limit"],
    [3, 3, "now"],
    [4, 24, "now"],
    [1, 1, "limit"],
  ])("%i within %i h: %s", (handoffs, withinHours, course) => {
    const flow = flowWith({ ...asked, atMost: { handoffs, withinHours, message: "Not now." } });
    expect(decide(flow, subject(facts), request, NOW).escalation?.course).toBe(course);
    expect(decide(flow, { ...subject(facts), isOpen: true }, request, NOW).escalation?.course).toBe("now");
  });

  it("says its own text, names itself as the rule, and shows what it saw", () => {
    const flow = flowWith({
      ...asked,
      atMost: { handoffs: 3, withinHours: 24, message: { en: "Not now.", de: "Jetzt nicht." } },
      language: "en",
    });
    const { escalation } = decide(flow, subject({ ...facts, language: "de-AT" }), request, NOW);
    expect(escalation).toMatchObject({
      rule: "too-many-handoffs",
      reason: "too-many-handoffs",
      message: "Jetzt nicht.",
    });
    expect(escalation?.why.map(({ key, saw }) => [key, saw])).toEqual([
      ["event", "handoff.requested"],
      ["atMost", 3],
    ]);
  });

  it("is generous, and never silent, in a flow that does not set it", () => {
    const flow = flowWith(asked);
    const handed = (count: number) => ({ handoffs: Array.from({ length: count }, (_, at) => NOW - at) });
    expect(decide(flow, subject(handed(19)), request, NOW).escalation?.course).toBe("now");
    expect(decide(flow, subject(handed(20)), request, NOW).escalation).toMatchObject({
      course: "limit",
      message: expect.stringContaining("try again later"),
    });
  });
});
