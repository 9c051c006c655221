import { describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { retailSupport as flow } from "../../flows/retail-support/flow.ts";
import { decide, type Subject, withEvent } from "../../src/escalation/decide.ts";
import { explain } from "../../src/escalation/explain.ts";
import { defineFlow, flowsByBot } from "../../src/escalation/flow.ts";
import { type Event, eventSchema } from "../../src/events/event.ts";
import { noFacts } from "../../src/events/facts.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const event = (given: object): Event =>
  eventSchema.parse({ id: "e1", session: "s1", at: "2026-11-23T10:00:00Z", ...given });
const message = (text: string, more: object = {}): Event => event({ type: "customer.message", text, ...more });
const subject = (facts: Partial<Subject["facts"]> = {}): Subject => ({
  bot: "shop-assistant",
  session: "s1",
  conversationId: null,
  facts: { ...noFacts, ...facts },
});
const intent = (confidence: number) => ({ intent: { name: "order", confidence } });

describe("the retail-support flow", () => {
  it.each<[string, Event, Partial<Subject["facts"]>, string | null, string[], string]>([
    ["a request", event({ type: "handoff.requested" }), {}, "customer-asked", ["customer_asked"], "HIGH"],
    ["asking for an agent", message("I want an AGENT!"), {}, "customer-asked", ["customer_asked"], "HIGH"],
    ["asking in two words", message("a real  person, please"), {}, "customer-asked", ["customer_asked"], "HIGH"],
    ["a word that only begins so", message("agentless backups"), {}, null, [], ""],
    ["the bot saying human", event({ type: "bot.message", text: "a human will" }), {}, null, [], ""],
    ["a bot's error", event({ type: "bot.error" }), {}, "bot-failed", ["bot_failed"], "HIGH"],
    ["an unhappy customer", message("no", { sentiment: -0.61 }), {}, "unhappy", ["unhappy"], "URGENT"],
    ["sentiment at the edge", message("no", { sentiment: -0.6 }), {}, null, [], ""],
    ["the third fallback", event({ type: "bot.fallback" }), { fallbacks: 2 }, "bot-lost", ["bot_lost"], "NORMAL"],
    ["the second fallback", event({ type: "bot.fallback" }), { fallbacks: 1 }, null, [], ""],
    ["an unsure vip", message("hm", intent(0.39)), { attributes: { plan: "gold" } }, "vip-unsure", ["vip"], "HIGH"],
    ["an unsure other", message("hm", intent(0.39)), { attributes: { plan: "free" } }, null, [], ""],
    ["a sure vip", message("hm", intent(0.4)), { attributes: { plan: "gold" } }, null, [], ""],
  ])("%s", (_, given, facts, reason, tags, priority) => {
    const { escalation } = decide(flow, subject(facts), given, NOW);
    expect(escalation?.reason ?? null).toBe(reason);
    if (reason === null) return;
    expect(escalation).toMatchObject({
      tags: ["bot_handoff", ...tags],
      priority,
      queue: null,
      message: "I am passing you to a colleague. They can see what we have said so far.",
    });
  });

  it("lets the first rule that matches win", () => {
    const { escalation } = decide(flow, subject(), message("get me a human", { sentiment: -1 }), NOW);
    expect(escalation?.reason).toBe("customer-asked");
  });
});

describe("withEvent", () => {
  it("resets the counters when an intent is understood, and only then", () => {
    const lost = { ...noFacts, fallbacks: 2, errors: 1 };
    expect(withEvent(flow, lost, message("x", intent(0.5)))).toMatchObject({ fallbacks: 0, errors: 0 });
    expect(withEvent(flow, lost, message("x", intent(0.49)))).toMatchObject({ fallbacks: 2, errors: 1 });
    expect(withEvent(flow, lost, message("x"))).toMatchObject({ fallbacks: 2, errors: 1 });
  });

  it("keeps attributes and customer until they are overwritten, and forgets the oldest of too many", () => {
    const first = withEvent(flow, noFacts, message("x", { attributes: { a: 1, b: 2 }, customer: { name: "Ana" } }));
    const second = withEvent(flow, first, message("x", { attributes: { b: 3 }, customer: { phone: "1" } }));
    expect(second).toMatchObject({ attributes: { a: 1, b: 3 }, customer: { name: "Ana", phone: "1" } });
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`n${index}`, index]));
    expect(Object.keys(withEvent(flow, second, message("x", { attributes: many })).attributes)).toHaveLength(200);
  });
});

describe("a request", () => {
  const strict = defineFlow({
    name: "strict",
    bots: ["b"],
    conversation: { topic: "t", queue: "General" },
    rules: [{ reason: "never", when: { event: "bot.error" } }],
    accept: { tags: ["billing"], queues: ["VIP"], priorities: ["HIGH"] },
  });

  it("escalates even where no rule covers it", () => {
    expect(decide(strict, subject(), event({ type: "handoff.requested" }), NOW).escalation).toMatchObject({
      rule: "requested",
      queue: "General",
      priority: "NORMAL",
    });
  });

  it("brings what the flow accepts, and the rest is left out and said so", () => {
    const asked = { type: "handoff.requested", tags: ["billing", "other"], queue: "VIP", priority: "URGENT" };
    expect(decide(strict, subject(), event(asked), NOW).escalation).toMatchObject({
      tags: ["billing"],
      queue: "VIP",
      priority: "NORMAL",
      leftOut: { tags: ["other"], queue: null, priority: "URGENT" },
    });
  });
});

describe("explain", () => {
  it("shows every rule, what each condition saw, and which fired; never the customer's text", () => {
    const { rules, escalation } = explain(flow, subject(), message("an operator, my card is 4111", intent(0.9)), NOW);
    expect(rules.map(({ rule, fired }) => [rule, fired])).toEqual([
      ["customer-asked", true],
      ["bot-failed", false],
      ["unhappy", false],
      ["bot-lost", false],
      ["vip-unsure", false],
      ["requested", false],
    ]);
    expect(rules[0]?.when[1]?.[1]).toMatchObject({ key: "text", saw: "operator", held: true });
    expect(escalation?.rule).toBe("customer-asked");
    expect(JSON.stringify(rules)).not.toContain("4111");
  });
});

describe("defineFlow", () => {
  const valid = {
    name: "f",
    bots: ["b"],
    conversation: { topic: "t" },
    rules: [{ reason: "r", when: { event: "bot.error" as const } }],
  };

  it("names everything that is wrong", () => {
    const wrong = { ...valid, conversation: { topic: "{{custmer.name}}" }, typo: 1 };
    expect(() => defineFlow(wrong)).toThrow(/conversation.topic.0: .*custmer.name[\s\S]*typo/);
  });

  it("refuses a rule that asks for hours the flow lacks, and two rules of one name", () => {
    expect(() => defineFlow({ ...valid, rules: [{ reason: "r", when: { hours: "outside" } }] })).toThrow(/hours/);
    expect(() => defineFlow({ ...valid, rules: [...valid.rules, ...valid.rules] })).toThrow(/second time/);
  });

  it("refuses a bot in two flows", () => {
    const a = defineFlow(valid);
    expect(() => flowsByBot([a, { ...a, name: "g" }])).toThrow(/Bot 'b' is in two flows/);
    expect(flowsByBot(flows).get("shop-assistant")?.name).toBe("retail-support");
  });
});
