import { describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { checkConditions, type Situation } from "../../src/escalation/conditions/check-conditions.ts";
import { covers, impossibleKey } from "../../src/escalation/conditions/covers.ts";
import { type Condition, conditionSchema } from "../../src/escalation/conditions/schema.ts";
import { findIdleParts } from "../../src/escalation/find-idle-parts.ts";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { nothingKnown } from "../../src/escalation/hours.ts";
import { type Event, eventSchema } from "../../src/events/event.ts";
import { noFacts } from "../../src/events/facts.ts";
import { fc } from "../fuzz/fast-check.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const ABOVE = "above it fires wherever it would";
type Rule = FlowInput["rules"][number];

function idleOf(rules: readonly Rule[], more: Partial<FlowInput> = {}): string[] {
  const names = rules.map((rule, index) => ({ name: `r${index}`, ...rule }));
  return findIdleParts(
    defineFlow({ name: "f", bots: ["b"], conversation: { topic: "Chat" }, message: "Wait.", rules: names, ...more }),
    NOW,
  );
}
const rule = (when: Rule["when"], more: Partial<Rule> = {}): Rule => ({ reason: "x", when, ...more });

describe("a rule that can never fire", () => {
  const word = (...contains: string[]) => ({ event: "customer.message" as const, text: { contains } });

  it.each<[string, Rule, Rule]>([
    ["the same", rule(word("refund")), rule(word("refund"))],
    ["fewer phrases", rule(word("refund", "money")), rule(word("Money"))],
    ["fewer events", rule({ event: ["bot.error", "bot.fallback"] }), rule({ event: "bot.error", language: "de" })],
    ["a smaller value", rule({ sentiment: { below: -0.5 } }), rule({ sentiment: { below: -0.9 } })],
    ["a larger count", rule({ fallbacks: { atLeast: 2 } }), rule({ fallbacks: { atLeast: 3 }, event: "bot.fallback" })],
    ["a narrower language", rule({ language: "en" }), rule({ language: ["en-GB", "en_US"] })],
    [
      "a value that is given",
      rule({ attributes: { tier: { given: true } } }),
      rule({ attributes: { tier: ["gold"] } }),
    ],
    ["a larger value", rule({ attributes: { sum: { atLeast: 10 } } }), rule({ attributes: { sum: [10, 20] } })],
    ["alternatives", rule([word("a"), word("b")]), rule([word("b"), { ...word("a"), language: "de" }])],
    [
      "the same exception",
      rule(word("a"), { unless: word("b") }),
      rule(word("a"), { unless: [word("c"), word("b", "d")] }),
    ],
  ])("is one below another that takes all of it: %s", (_, first, second) => {
    expect(idleOf([first, second])).toEqual([expect.stringContaining(`rule 'r1' can never fire: 'r0' ${ABOVE}`)]);
  });

  it.each<[string, Rule, Rule]>([
    ["another phrase", rule(word("refund")), rule(word("refund", "money"))],
    ["any event", rule({ event: "bot.error", language: "de" }), rule({ language: "de" })],
    ["a larger value", rule({ confidence: { below: 0.3 } }), rule({ confidence: { below: 0.4 } })],
    ["a smaller count", rule({ messages: { atLeast: 5 } }), rule({ messages: { atLeast: 3 } })],
    [
      "a missing value",
      rule({ attributes: { tier: { given: true } } }),
      rule({ attributes: { tier: { given: false } } }),
    ],
    ["one alternative more", rule(word("a")), rule([word("a"), word("b")])],
    ["an exception of the first", rule(word("a"), { unless: word("b") }), rule(word("a"))],
    ["a longer time", rule({ sinceHandBack: { belowMinutes: 5 } }), rule({ sinceHandBack: { belowMinutes: 10 } })],
    ["a suggestion first", rule({ language: "de" }, { do: "suggest", message: "Shall I?" }), rule({ language: "de" })],
  ])("is none that takes more: %s", (_, first, second) => {
    expect(idleOf([first, second])).toEqual([]);
  });

  it("is one whose exceptions take all of it, and one that asks for what nothing is", () => {
    expect(idleOf([rule(word("a"), { unless: { event: "customer.message" } })])[0]).toContain(
      "its 'unless' holds wherever",
    );
    expect(idleOf([rule({ sentiment: { below: -1 } })])[0]).toContain("its 'sentiment' holds for no event");
    expect(idleOf([rule({ event: "session.started", fallbacks: { atLeast: 1 } })])[0]).toContain("'fallbacks'");
  });
});

it("names an entry of the queues that is never reached, and hours without an opening", () => {
  const queues = [
    { when: { language: "de" }, queue: "german" },
    { when: { language: "de-AT" }, queue: "austrian" },
    { when: { language: "fr" }, queue: "french" },
  ];
  expect(idleOf([rule({ event: "bot.error" })], { queues })).toEqual([
    expect.stringContaining("queues.1 never chooses 'austrian'"),
  ]);
  const holidays = [{ from: "--01-01", to: "--12-31" }];
  const hours = { timeZone: "UTC", weekly: { mon: [["09:00", "17:00"]] as [string, string][] }, holidays };
  expect(idleOf([rule({ event: "bot.error" })], { hours })).toEqual([expect.stringContaining("hours never open")]);
  expect(idleOf([rule({ event: "bot.error" })], { hours: { ...hours, holidays: [] } })).toEqual([]);
});

it("finds nothing in the flows of the project", () => {
  expect(flows.flatMap((flow) => findIdleParts(flow, NOW))).toEqual([]);
});

describe("a condition that covers another", () => {
  const [least, below] = [
    fc.record({ atLeast: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ below: fc.constantFrom(0.2, 0.5, 0.9) }),
  ];
  const values = fc.oneof(
    fc.record({ given: fc.boolean() }),
    fc.record({ atLeast: fc.integer({ min: 1, max: 3 }) }),
    fc.uniqueArray(fc.constantFrom("a", "B", 1, 2, 3, true), { minLength: 1, maxLength: 3 }),
  );
  const written = fc
    .record(
      {
        event: fc.uniqueArray(fc.constantFrom("customer.message", "bot.fallback", "handoff.requested"), {
          minLength: 1,
        }),
        text: fc.record({ contains: fc.uniqueArray(fc.constantFrom("one", "two", "one two"), { minLength: 1 }) }),
        confidence: below,
        share: below,
        fallbacks: least,
        messages: least,
        language: fc.uniqueArray(fc.constantFrom("en", "en-GB", "de"), { minLength: 1 }),
        attributes: fc.record({ x: values }),
      },
      { requiredKeys: [] },
    )
    .map((input) => conditionSchema.safeParse(input))
    .filter((parsed) => parsed.success)
    .map((parsed): Condition => parsed.data);
  const situations = fc
    .record({
      type: fc.constantFrom("customer.message", "bot.fallback", "handoff.requested"),
      text: fc.constantFrom("one", "two", "one two three", ""),
      confidence: fc.constantFrom(0.1, 0.4, 0.8),
      fallbacks: fc.nat(5),
      messages: fc.nat(5),
      language: fc.constantFrom("en", "en-GB", "de", null),
      x: fc.constantFrom("a", "b", 1, 2, 3, true, undefined),
      session: fc.constantFrom("s1", "s2", "s3", "s4"),
    })
    .map(({ type, text, confidence, fallbacks, messages, language, x, session }): Situation => {
      const own = { id: "e", session, at: "2026-11-23T10:00:00Z", text, type };
      const event: Event = eventSchema.parse({ ...own, reason: "r", intent: { name: "i", confidence } });
      const facts = { ...noFacts, fallbacks, messages, language, attributes: x === undefined ? {} : { x } };
      const [flow] = flows;
      if (flow === undefined) throw new Error("the project has flows");
      return { flow, bot: "b", session, returnedAt: null, facts, event, now: NOW, known: nothingKnown };
    });
  const holds = (condition: Condition, situation: Situation): boolean =>
    [...checkConditions(condition, situation)].every(({ held }) => held);

  it("holds wherever the other does", () => {
    let covered = 0;
    fc.assert(
      fc.property(written, written, situations, (wide, narrow, situation) => {
        if (!covers(wide, narrow)) return;
        covered += 1;
        if (holds(narrow, situation)) expect(holds(wide, situation)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    expect(covered).toBeGreaterThan(10);
  });
});

describe("a condition compared with another", () => {
  const handoffs = (atLeast: number, withinHours: number) => ({ handoffs: { atLeast, withinHours } });
  it.each<[string, object, object, boolean]>([
    ["the same hours", { hours: "inside" }, { hours: "inside" }, true],
    ["other hours", { hours: "inside" }, { hours: "outside" }, false],
    ["more handoffs in less time", handoffs(1, 24), handoffs(2, 12), true],
    ["more handoffs in more time", handoffs(1, 24), handoffs(2, 48), false],
    ["fewer handoffs", handoffs(2, 24), handoffs(1, 24), false],
  ])("covers %s or not", (_, wide, narrow, isCovered) => {
    const [one, other] = [wide, narrow].map((given) => conditionSchema.parse(given));
    expect(one && other && covers(one, other)).toBe(isCovered);
  });

  it.each<[object, string | null]>([
    [{ event: "session.started", errors: { atLeast: 1 } }, "errors"],
    [{ event: "session.started", fallbacks: { atLeast: 1 } }, "fallbacks"],
    [{ event: "session.started" }, null],
    [{ event: "bot.error", errors: { atLeast: 1 } }, null],
  ])("can hold for an event or not: %j", (given, key) => {
    expect(impossibleKey(conditionSchema.parse(given))).toBe(key);
  });
});
