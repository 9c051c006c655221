import { describe, expect, it } from "vitest";
import { fitsPattern } from "../../src/escalation/conditions/pattern.ts";
import { shareOf } from "../../src/escalation/conditions/share.ts";
import { decide, type Subject } from "../../src/escalation/decide.ts";
import { explain } from "../../src/escalation/explain.ts";
import type { FlowInput } from "../../src/escalation/flow.ts";
import { type Facts, noFacts, withHandoff } from "../../src/events/facts.ts";
import { event, flowWith, message, NOW, subject } from "./given.ts";

type RuleInput = FlowInput["rules"][number];
type When = RuleInput["when"];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const request = event({ type: "handoff.requested" });
const saturday = Date.parse("2026-11-28T10:00:00Z");
const hours: FlowInput["hours"] = { timeZone: "UTC", weekly: { mon: [["09:00", "17:00"]] } };

const flowOf = (rule: Partial<RuleInput> & { when: When }, more: Partial<FlowInput> = {}) =>
  flowWith({ message: "I pass you on.", rules: [{ reason: "r", ...rule }], ...more });
const fires = (when: When, facts: Partial<Facts> = {}, more: Partial<Subject> = {}, now = NOW, of = message("hello")) =>
  decide(flowOf({ when }), { ...subject(facts), ...more }, of, now).escalation?.rule === "r";

describe("a condition on attributes", () => {
  it.each<[When, Facts["attributes"], boolean]>([
    [{ attributes: { amount: { atLeast: 1000 } } }, { amount: 1000 }, true],
    [{ attributes: { amount: { atLeast: 1000 } } }, { amount: 999.99 }, false],
    [{ attributes: { amount: { atLeast: 1000 } } }, { amount: " 1200.5 " }, true],
    [{ attributes: { amount: { atLeast: 0 } } }, { amount: "" }, false],
    [{ attributes: { amount: { atLeast: 0 } } }, { amount: "a lot" }, false],
    [{ attributes: { amount: { atLeast: 0 } } }, { amount: true }, false],
    [{ attributes: { amount: { atLeast: -5 } } }, {}, false],
    [{ attributes: { orderId: { given: true } } }, { orderId: 0 }, true],
    [{ attributes: { orderId: { given: true } } }, {}, false],
    [{ attributes: { orderId: { given: false } } }, {}, true],
    [{ attributes: { orderId: { given: false } } }, { orderId: "A" }, false],
    [{ attributes: { toString: { given: true } } }, {}, false],
    [{ attributes: { plan: ["gold", "platinum"] } }, { plan: "Platinum " }, true],
  ])("%j, where it is %j: %s", (when, attributes, holds) => {
    expect(fires(when, { attributes })).toBe(holds);
  });
});

describe("a condition on the customer", () => {
  it.each<[string, string, boolean]>([
    ["C-77", "c-77", true],
    ["C-77", "C-771", false],
    ["C-77*", "C-771", true],
    ["*@bigcorp.com", "Ana@BigCorp.com", true],
    ["*@bigcorp.com", "ana@bigcorp.com.example", false],
    ["*bigcorp*", "ana@bigcorp.com.example", true],
    ["+49*", "+49 171 123 4567", true],
    ["+49*", "0049 171 1234567", true],
    ["+49*", "491711234567", true],
    ["+49*", "+385 91 234 5678", false],
    ["+385 91 234 5678", "00385912345678", true],
    ["Ana", " ana ", true],
  ])("%s fits %s: %s", (pattern, value, fits) => {
    expect(fitsPattern(pattern, value)).toBe(fits);
  });

  it("shows which pattern it was, and never what is personal", () => {
    const flow = flowOf({ when: { customer: { email: ["*@else.example", "*@bigcorp.com"] } } });
    const why = decide(flow, subject({ customer: { email: "ana@bigcorp.com" } }), message("hello"), NOW).escalation
      ?.why;
    expect(why).toMatchObject([{ key: "customer.email", saw: "*@bigcorp.com", held: true }]);
    expect(JSON.stringify(why)).not.toContain("ana");
  });

  it("may ask whether it is known at all", () => {
    expect(fires({ customer: { phone: { given: false } } })).toBe(true);
    expect(fires({ customer: { phone: { given: false } } }, { customer: { phone: "+385" } })).toBe(false);
    expect(
      fires({ customer: { phone: { given: true }, name: "Ana" } }, { customer: { phone: "1", name: "ana" } }),
    ).toBe(true);
  });
});

describe("a condition on how the chat goes", () => {
  it("counts the customer's messages of this round, this one too", () => {
    const flow = flowOf({ when: { messages: { atLeast: 3 } } });
    let facts = noFacts;
    const held = [message("1"), event({ type: "bot.message", text: "x" }), message("2"), message("3")].map((one) => {
      const decision = decide(flow, subject(facts), one, NOW);
      facts = decision.facts;
      return decision.escalation !== null;
    });
    expect(held).toEqual([false, false, false, true]);
  });

  it("measures the round from its first event", () => {
    const { facts } = decide(flowOf({ when: { event: "bot.error" } }), subject(), message("1"), NOW);
    expect(fires({ minutes: { atLeast: 15 } }, facts, {}, NOW + 15 * MINUTE - 1)).toBe(false);
    expect(fires({ minutes: { atLeast: 15 } }, facts, {}, NOW + 15 * MINUTE)).toBe(true);
  });

  it("counts the handoffs of a time", () => {
    const when = { handoffs: { atLeast: 2, withinHours: 24 } };
    const opened = (...hoursAgo: number[]) => ({ handoffs: hoursAgo.map((ago) => NOW - ago * HOUR) });
    expect(fires(when, opened(25, 23))).toBe(false);
    expect(fires(when, opened(23, 1))).toBe(true);
  });

  it("remembers the handoffs of a month, and no more than fifty", () => {
    let facts = noFacts;
    for (let day = 0; day < 40; day += 1) facts = withHandoff(facts, NOW + day * 24 * HOUR);
    expect(facts.handoffs).toHaveLength(31);
    for (let n = 0; n < 60; n += 1) facts = withHandoff(facts, NOW + 40 * 24 * HOUR + n);
    expect(facts.handoffs).toHaveLength(50);
  });

  it("knows how long ago the bot had its customer back", () => {
    const when = { sinceHandBack: { belowMinutes: 10 } };
    expect(fires(when)).toBe(false);
    expect(fires(when, {}, { returnedAt: NOW - 9 * MINUTE })).toBe(true);
    expect(fires(when, {}, { returnedAt: NOW - 10 * MINUTE })).toBe(false);
    expect(fires(when, {}, { returnedAt: NOW + HOUR })).toBe(true);
  });

  it("takes the same part of all sessions each time", () => {
    const places = Array.from({ length: 10_000 }, (_, n) => shareOf("b", `session-${n}`));
    expect(places.filter((place) => place < 0.1).length / places.length).toBeCloseTo(0.1, 1);
    expect(places.filter((place) => place >= 0.9).length / places.length).toBeCloseTo(0.1, 1);
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBeLessThan(1);
    expect(shareOf("b", "session-1")).toBe(places[1]);
    const share = { share: { below: 0.1 } };
    expect(
      places.slice(0, 50).map((place, n) => fires(share, {}, { session: `session-${n}` }) === place < 0.1),
    ).not.toContain(false);
    expect(fires({ share: { below: 0 } })).toBe(false);
    expect(fires({ share: { below: 1 } })).toBe(true);
  });
});

describe("`unless`", () => {
  const flow = flowOf({
    when: { text: { contains: ["agent"] } },
    unless: [{ text: { contains: ["travel agent"] } }, { sinceHandBack: { belowMinutes: 10 } }],
  });

  it("keeps a rule from firing while any of its conditions holds", () => {
    const decided = (text: string, more: Partial<Subject> = {}) =>
      decide(flow, { ...subject(), ...more }, message(text), NOW).escalation?.rule ?? null;
    expect(decided("an agent, please")).toBe("r");
    expect(decided("my travel agent booked it")).toBeNull();
    expect(decided("an agent, please", { returnedAt: NOW - MINUTE })).toBeNull();
  });

  it("lets later rules have their turn, and is shown", () => {
    const two = flowWith({
      rules: [
        { reason: "asked", when: { text: { contains: ["agent"] } }, unless: { text: { contains: ["no agent"] } } },
        { reason: "talked", when: { event: "customer.message" } },
      ],
    });
    const { rules, escalation } = explain(two, subject(), message("no agent"), NOW);
    expect(escalation?.rule).toBe("talked");
    expect(rules[0]).toMatchObject({
      held: false,
      when: [[{ held: true }]],
      unless: [[{ saw: "no agent", held: true }]],
    });
    expect(rules[1]).toMatchObject({ held: true, fired: true, unless: [] });
  });
});

describe("a suggestion", () => {
  const rule = {
    do: "suggest",
    when: [{ sentiment: { below: 0 } }, { event: "handoff.requested" }],
    message: "Shall I?",
  } as const;

  it("asks, and hands nobody over", () => {
    const { escalation } = decide(
      flowOf({ ...rule, when: [...rule.when] }),
      subject(),
      message("bad", { sentiment: -1 }),
      NOW,
    );
    expect(escalation).toMatchObject({ course: "suggest", reason: "r", message: "Shall I?" });
  });

  it("is not made to somebody who asks", () => {
    const flow = flowOf({ ...rule, when: [...rule.when] });
    expect(decide(flow, subject(), request, NOW).escalation).toMatchObject({ rule: "requested", course: "now" });
    expect(explain(flow, subject(), request, NOW).rules[0]).toMatchObject({ held: false, fired: false });
  });

  it("does not promise a person who is declined now", () => {
    const declining = flowOf(
      { ...rule, when: [...rule.when] },
      { hours, outsideHours: { do: "decline", message: "Nobody is there." } },
    );
    const { escalation } = decide(declining, subject(), message("bad", { sentiment: -1 }), saturday);
    expect(escalation).toMatchObject({ course: "decline", message: "Nobody is there." });
  });
});

describe("texts by language", () => {
  const flow = flowOf(
    { when: { event: "bot.error" } },
    {
      language: "en",
      message: { en: "One moment.", de: ["Moment, {{customer.name}}.", "Moment."], "pt-BR": "Um momento." },
    },
  );
  const said = (language: string | null, customer: Facts["customer"] = {}) =>
    decide(flow, subject({ language, customer }), event({ type: "bot.error" }), NOW).escalation?.message;

  it.each([
    ["de", "Moment."],
    ["de-AT", "Moment."],
    ["DE_ch", "Moment."],
    ["pt", "Um momento."],
    ["pt-PT", "Um momento."],
    ["hr", "One moment."],
    [null, "One moment."],
  ])("speak the customer's: %s", (language, text) => {
    expect(said(language)).toBe(text);
  });

  it("take the first of a language that is whole", () => {
    expect(said("de", { name: "Ana" })).toBe("Moment, Ana.");
  });
});

describe("where and when", () => {
  const queues: FlowInput["queues"] = [
    { when: { language: "de" }, queue: "Support DE" },
    { when: { customer: { email: "*@bigcorp.com" } }, queue: "Key accounts" },
  ];
  const more = {
    queues,
    conversation: { topic: "t", queue: "Support" },
    hours,
    outsideHours: { do: "decline", message: "Monday at nine." },
  } as const;
  const decided = (rule: Partial<RuleInput>, facts: Partial<Facts>, now = NOW, of = message("x")) =>
    decide(
      flowOf({ when: { event: ["customer.message", "handoff.requested"] }, ...rule }, more),
      subject(facts),
      of,
      now,
    ).escalation;

  it("a queue comes from the request, the rule, the first of `queues` that holds, or the flow", () => {
    expect(decided({}, {})?.queue).toBe("Support");
    expect(decided({}, { language: "de-CH", customer: { email: "a@bigcorp.com" } })?.queue).toBe("Support DE");
    expect(decided({}, { customer: { email: "a@bigcorp.com" } })?.queue).toBe("Key accounts");
    expect(decided({ queue: "VIP" }, { language: "de" })?.queue).toBe("VIP");
    const asked = event({ type: "handoff.requested", queue: "Mine" });
    expect(decided({ queue: "VIP" }, { language: "de" }, NOW, asked)?.queue).toBe("Mine");
  });

  it("a rule that cannot wait has a course of its own when nobody is there", () => {
    expect(decided({}, {}, saturday)).toMatchObject({ course: "decline", message: "Monday at nine." });
    const own = { outsideHours: { do: "queue", message: "The night shift looks at it." } } as const;
    expect(decided(own, {}, saturday)).toMatchObject({ course: "now", message: "The night shift looks at it." });
  });
});
