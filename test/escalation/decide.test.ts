import { describe, expect, it } from "vitest";
import { retailSupport } from "../../flows/retail-support/flow.ts";
import { decide, type Subject, withEvent } from "../../src/escalation/decide.ts";
import type { Event } from "../../src/events/event.ts";
import { noFacts } from "../../src/events/facts.ts";
import { event, flowWith, intent, message, NOW, subject } from "./given.ts";

const fallback = event({ type: "bot.fallback" });
const gold = { attributes: { plan: "gold" } };

describe("the retail-support flow", () => {
  it.each<[string, Event, Partial<Subject["facts"]>, string, string, string]>([
    ["a request", event({ type: "handoff.requested" }), {}, "customer-asked", "customer_asked", "HIGH"],
    ["agent", message("I want an AGENT!"), {}, "customer-asked", "customer_asked", "HIGH"],
    ["human", message("human?"), {}, "customer-asked", "customer_asked", "HIGH"],
    ["operator", message("Opérator please"), {}, "customer-asked", "customer_asked", "HIGH"],
    ["real person", message("a real  person, please"), {}, "customer-asked", "customer_asked", "HIGH"],
    ["speak to someone", message("can I speak to someone"), {}, "customer-asked", "customer_asked", "HIGH"],
    ["a bot's error", event({ type: "bot.error" }), {}, "bot-failed", "bot_failed", "HIGH"],
    ["an unhappy customer", message("no", { sentiment: -0.61 }), {}, "unhappy", "unhappy", "URGENT"],
    ["the third fallback", fallback, { fallbacks: 2 }, "bot-lost", "bot_lost", "NORMAL"],
    ["an unsure vip", message("hm", intent(0.39)), gold, "vip-unsure", "vip", "HIGH"],
    ["a vip by the same event", message("hm", { ...intent(0), ...gold }), {}, "vip-unsure", "vip", "HIGH"],
  ])("hands over: %s", (_, given, facts, reason, tag, priority) => {
    expect(decide(retailSupport, subject(facts), given, NOW).escalation).toMatchObject({
      reason,
      tags: ["bot_handoff", tag],
      priority,
      queue: null,
      message: "I am passing you to a colleague. They can see what we have said so far.",
      leftOut: { tags: [], queue: null, priority: null },
    });
  });

  it.each<[string, Event, Partial<Subject["facts"]>]>([
    ["a word that only begins so", message("agentless backups"), {}],
    ["the bot saying human", event({ type: "bot.message", text: "a human will" }), {}],
    ["sentiment at the edge", message("no", { sentiment: -0.6 }), {}],
    ["the second fallback", fallback, { fallbacks: 1 }],
    ["an unsure other", message("hm", intent(0.39)), { attributes: { plan: "free" } }],
    ["a sure vip", message("hm", intent(0.4)), gold],
    ["a vip without an intent", message("hm"), gold],
    ["the start of a session", event({ type: "session.started" }), gold],
    ["its end", event({ type: "session.ended" }), { ...gold, fallbacks: 3 }],
  ])("does not: %s", (_, given, facts) => {
    expect(decide(retailSupport, subject(facts), given, NOW).escalation).toBeNull();
  });

  it("begins to count anew after a success", () => {
    let facts = noFacts;
    const reasons = [fallback, fallback, message("x", intent(0.5)), fallback, fallback, fallback].map((given) => {
      const decision = decide(retailSupport, subject(facts), given, NOW);
      facts = decision.facts;
      return decision.escalation?.reason ?? null;
    });
    expect(reasons).toEqual([null, null, null, null, null, "bot-lost"]);
  });

  it("lets the first rule that matches win", () => {
    const { escalation } = decide(retailSupport, subject(), message("get me a human", { sentiment: -1 }), NOW);
    expect(escalation?.reason).toBe("customer-asked");
    expect(escalation?.why.map(({ key, saw }) => [key, saw])).toEqual([
      ["event", "customer.message"],
      ["text", "get me … human"],
    ]);
  });
});

describe("withEvent", () => {
  it("resets the counters when an intent is understood, and only then", () => {
    const lost = { ...noFacts, fallbacks: 2, errors: 1 };
    const flow = flowWith({ confidentFrom: 0.7 });
    expect(withEvent(flow, lost, message("x", intent(0.7)), 0)).toMatchObject({ fallbacks: 0, errors: 0 });
    expect(withEvent(flow, lost, message("x", intent(0.69)), 0)).toMatchObject({ fallbacks: 2, errors: 1 });
    expect(withEvent(flowWith({ confidentFrom: 0 }), lost, message("x"), 0)).toMatchObject({ fallbacks: 2, errors: 1 });
    expect(withEvent(flow, lost, event({ type: "session.started" }), 0)).toMatchObject({ fallbacks: 0, errors: 0 });
    expect(withEvent(flow, lost, fallback, 0)).toMatchObject({ fallbacks: 3, errors: 1 });
    expect(withEvent(flow, lost, event({ type: "bot.error" }), 0)).toMatchObject({ fallbacks: 2, errors: 2 });
  });

  it("keeps what earlier events said until it is overwritten, key by key", () => {
    const said = { attributes: { a: 1, b: 2 }, customer: { name: "Ana" }, channel: "SMS", language: "hr" };
    const first = withEvent(retailSupport, noFacts, message("x", said), 0);
    const more = { attributes: { b: 3 }, customer: { phone: "1" }, language: "en" };
    expect(withEvent(retailSupport, first, message("x", more), 0)).toMatchObject({
      attributes: { a: 1, b: 3 },
      customer: { name: "Ana", phone: "1" },
      channel: "SMS",
      language: "en",
    });
    const unsaid: Event = { ...fallback, customer: { name: undefined } };
    expect(withEvent(retailSupport, first, unsaid, 0)).toMatchObject({ customer: { name: "Ana" } });
    expect(withEvent(retailSupport, first, fallback, 0).attributes).toBe(first.attributes);
  });

  it("forgets the oldest of too many attributes, and counts an overwritten one as new", () => {
    const facts = { ...noFacts, attributes: { old: 1, renewed: 1 } };
    const many = Object.fromEntries(Array.from({ length: 199 }, (_, index) => [`n${index}`, index]));
    const { attributes } = withEvent(retailSupport, facts, message("x", { attributes: { renewed: 2, ...many } }), 0);
    expect(Object.keys(attributes)).toHaveLength(200);
    expect(attributes.renewed).toBe(2);
    expect(Object.hasOwn(attributes, "old")).toBe(false);
  });

  it("is not led astray by names that objects have of their own", () => {
    const attributes = JSON.parse('{"__proto__": "x", "constructor": "y"}');
    const facts = withEvent(retailSupport, noFacts, { ...fallback, attributes }, 0);
    expect(Object.getPrototypeOf(facts.attributes)).toBe(Object.prototype);
    expect(Object.keys(facts.attributes)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe("a request", () => {
  const strict = flowWith({
    conversation: { topic: "t", queue: "General" },
    tags: ["always"],
    rules: [{ reason: "r", when: { event: "bot.error" } }],
    accept: { tags: ["billing"], queues: ["VIP"], priorities: ["HIGH"] },
  });
  const request = (more: object = {}): Event => event({ type: "handoff.requested", ...more });

  it("escalates even where no rule covers it", () => {
    expect(decide(strict, subject(), request(), NOW).escalation).toMatchObject({
      rule: "requested",
      reason: "requested",
      tags: ["always"],
      queue: "General",
      priority: "NORMAL",
      message: null,
      why: [{ key: "event", saw: "handoff.requested" }],
    });
  });

  it("brings what the flow accepts, and the rest is left out and said so", () => {
    const asked = { tags: ["other", "billing", "other", "always"], queue: "VIP", priority: "URGENT" };
    expect(decide(strict, subject(), request(asked), NOW).escalation).toMatchObject({
      tags: ["always", "billing"],
      queue: "VIP",
      priority: "NORMAL",
      leftOut: { tags: ["other"], queue: null, priority: "URGENT" },
    });
    expect(decide(strict, subject(), request({ queue: "Any", priority: "HIGH" }), NOW).escalation).toMatchObject({
      queue: "General",
      priority: "HIGH",
      leftOut: { tags: [], queue: "Any", priority: null },
    });
  });

  it("brings anything where the flow restricts nothing, over what its rule says", () => {
    const open = flowWith({
      conversation: { topic: "t", queue: "General", priority: "LOW" },
      rules: [
        {
          reason: "r",
          when: { event: ["handoff.requested", "bot.error"] },
          queue: "Rule",
          priority: "HIGH",
          tags: ["t"],
        },
      ],
    });
    const asked = { tags: ["x", "t"], queue: "Any", priority: "URGENT" };
    expect(decide(open, subject(), request(asked), NOW).escalation).toMatchObject({
      tags: ["t", "x"],
      queue: "Any",
      priority: "URGENT",
    });
    expect(decide(open, subject(), event({ type: "bot.error" }), NOW).escalation).toMatchObject({
      tags: ["t"],
      queue: "Rule",
      priority: "HIGH",
    });
  });
});

describe("the message", () => {
  const flow = flowWith({
    message: "A colleague takes over.",
    rules: [{ reason: "r", when: { event: "bot.error" }, message: "Dear {{customer.name}}, one moment." }],
  });
  const failed = event({ type: "bot.error" });

  it("is the rule's, said with what the event itself brought", () => {
    const named = event({ type: "bot.error", customer: { name: "Ana" } });
    expect(decide(flow, subject(), named, NOW).escalation?.message).toBe("Dear Ana, one moment.");
  });

  it("is the flow's where the rule's would have gaps", () => {
    expect(decide(flow, subject(), failed, NOW).escalation?.message).toBe("A colleague takes over.");
  });
});
