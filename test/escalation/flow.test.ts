import { describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { defineFlow, type FlowInput, flowsByBot, sharingProblems } from "../../src/escalation/flow.ts";
import { fc } from "../fuzz/fast-check.ts";
import { valid } from "./given.ts";

type RuleInput = FlowInput["rules"][number];
const rule = (more: Partial<RuleInput> & object): object => ({
  ...valid,
  rules: [{ reason: "r", when: { event: "bot.error" }, ...more }],
});
const when = (condition: object): object => rule({ when: condition as RuleInput["when"] });

describe("defineFlow", () => {
  it("fills in what is not said", () => {
    expect(defineFlow(valid)).toEqual({
      name: "f",
      bots: ["b"],
      account: "default",
      sharesConversationsWith: [],
      routedBy: "baton",
      conversation: { topic: { "*": ["Chat {{session}}"] }, priority: "NORMAL", keepQueue: "enforce" },
      tags: [],
      rules: [{ name: "r", reason: "r", do: "hand-over", when: [{ event: ["bot.error"] }], tags: [] }],
      queues: [],
      accept: {},
      newRoundAfter: 86_400,
      note: {
        enabled: true,
        transcript: true,
        contact: true,
        maxMessages: 50,
        redact: ["card", "iban", "email", "phone", "secret"],
        phonesOf: [],
      },
      waiting: [],
      atMost: {
        handoffs: 20,
        withinHours: 24,
        message: { "*": [expect.any(String)], de: [expect.any(String)], hr: [expect.any(String)] },
      },
      alertAfterSeconds: 300,
      texts: "return",
      transcript: "session",
      handBack: { when: "solved", removeTags: [], graceSeconds: 0 },
      confidentFrom: 0.5,
      whenCustomerLeaves: "keep",
    });
  });

  it("is the same when it is defined again", () => {
    for (const flow of flows) expect(defineFlow(flow)).toEqual(flow);
  });

  it.each<[string, object, RegExp]>([
    ["an unknown key", { ...valid, typo: 1 }, /\(the flow\): .*typo/],
    ["an unknown key of a rule", rule({ tag: "x" } as object), /rules\.0[^:]*: .*tag/],
    ["an unknown key of a condition", when({ txt: "x" }), /rules\.0\.when\.0[^:]*: .*txt/],
    ["a name that is no folder's", { ...valid, name: "My flow" }, /name: must be/],
    ["no bot", { ...valid, bots: [] }, /bots: /],
    ["a bot that could not be addressed", { ...valid, bots: ["my bot"] }, /bots\.0: must be/],
    ["a bot named twice", { ...valid, bots: ["b", "b"] }, /bots: must not name a bot twice/],
    ["an unknown placeholder", { ...valid, conversation: { topic: "{{custmer.name}}" } }, /topic\.0: .*custmer\.name/],
    [
      "a text that has a gap for some customers",
      { ...valid, message: "Hi {{customer.name}}." },
      /message: has no text/,
    ],
    [
      "a rule's text that has a gap and nothing to fall back to",
      {
        ...valid,
        rules: [{ reason: "r", when: { event: "bot.error" }, message: ["{{attributes.a}}", "{{language}}"] }],
      },
      /rules\.0\.message[^:]*: has no text/,
    ],
    [
      "to put off without a text",
      { ...valid, hours: { timeZone: "Europe/Zagreb", weekly: {} }, outsideHours: { do: "defer" } },
      /outsideHours\.message: must be given/,
    ],
    [
      "to decline with a gap",
      { ...valid, noAgent: { do: "decline", message: "Sorry {{customer.name}}." } },
      /noAgent\.message: has no text/,
    ],
    ["a time that is none", { ...valid, newRoundAfter: "1 day" }, /newRoundAfter: /],
    [
      "a placeholder that does not end",
      { ...valid, message: "Hi {{customer.name}" },
      /message\.0: .*without the other/,
    ],
    ["an empty template", { ...valid, message: " " }, /message\.0: /],
    ["no topic", { ...valid, conversation: {} }, /conversation\.topic: /],
    ["a rule without a condition", rule({ when: undefined } as object), /rules\.0\.when[^:]*: /],
    ["a condition without a key", when({}), /when\.0[^:]*: must have at least one key/],
    ["a condition whose only key is not there", when({ event: undefined }), /when\.0[^:]*: must have at least one key/],
    ["attributes that name none", when({ attributes: {} }), /at least one attribute/],
    ["an unknown event", when({ event: "bot.eror" }), /event\.0[^:]*: /],
    ["a phrase without a word", when({ text: { contains: ["!?"] } }), /must contain a letter, a digit or a symbol/],
    ["no phrase", when({ text: { contains: [] } }), /contains[^:]*: /],
    ["a confidence that is none", when({ confidence: { below: 40 } }), /confidence\.below[^:]*: /],
    ["a sentiment that is none", when({ sentiment: { below: -60 } }), /sentiment\.below[^:]*: /],
    ["a count of none", when({ fallbacks: { atLeast: 0 } }), /fallbacks\.atLeast[^:]*: /],
    ["text of what is no message", when({ event: "bot.message", text: { contains: ["x"] } }), /text[^:]*: never holds/],
    ["hours the flow lacks", when({ hours: "outside" }), /rules\.0\.when[^:]*: asks for hours/],
    ["an unknown redaction", { ...valid, note: { redact: ["name"] } }, /note\.redact\.0: /],
    [
      "an own pattern without a digit",
      { ...valid, note: { redact: [{ like: "PN-X", as: "policy" }] } },
      /note\.redact\.0/,
    ],
    ["phones of no country", { ...valid, note: { phonesOf: ["XX"] } }, /note\.phonesOf\.0: /],
    ["a rule named as the last one is", rule({ name: "requested" }), /must not be 'requested'/],
    [
      "a rule named as the one beyond the limit",
      rule({ name: "too-many-handoffs" }),
      /must not be 'too-many-handoffs'/,
    ],
    [
      "two rules of one name",
      { ...valid, rules: [...valid.rules, ...valid.rules] },
      /rules\.1\.name[^:]*: .*second time/,
    ],
  ])("refuses %s", (_, given, problem) => {
    expect(() => defineFlow(given as FlowInput)).toThrow(problem);
  });

  it("names everything that is wrong at once", () => {
    const wrong = { ...valid, bots: [], typo: 1, conversation: { topic: "{{custmer.name}}" } };
    expect(() => defineFlow(wrong)).toThrow(/Flow 'f' is not valid:\n {2}bots: [\s\S]*\n {2}conversation[\s\S]*typo/);
  });

  it("takes two rules of one reason that are named", () => {
    const rules = ["a", "b"].map((name) => ({ ...valid.rules[0], name }) as RuleInput);
    expect(defineFlow({ ...valid, rules }).rules.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("says what is wrong with anything, and throws nothing else", () => {
    fc.assert(
      fc.property(fc.object(), (junk) => {
        expect(() => defineFlow({ ...valid, junk, note: junk } as FlowInput)).toThrow(/^Flow 'f' is not valid/);
      }),
    );
  });
});

describe("texts of a flow", () => {
  it("are one or several, where one is whole for every customer", () => {
    const flow = defineFlow({
      ...valid,
      rules: [{ reason: "r", when: { event: "bot.error" }, message: "We look into {{attributes.orderId}}." }],
      message: ["One moment, {{customer.name}}.", "One moment, {{session}}."],
      waiting: [{ afterSeconds: 60, message: "Still looking, {{conversationId}}." }],
    });
    expect(flow.message).toEqual({ "*": ["One moment, {{customer.name}}.", "One moment, {{session}}."] });
    expect(flow.rules[0]?.message).toEqual({ "*": ["We look into {{attributes.orderId}}."] });
  });
});

describe("what a flow says of languages, absence and suggestions", () => {
  const weekly = { mon: [["09:00", "17:00"]] } as never;
  const hours = { timeZone: "UTC", weekly };
  const ruleOf = (more: object) => ({ ...valid, rules: [{ ...valid.rules[0], ...more }] });
  const byLanguage = { de: "Einen Moment.", hr: "Trenutak." };

  it.each<[string, object, RegExp]>([
    ["texts by language without the flow's", { ...valid, message: byLanguage }, /message: needs 'language'/],
    [
      "no text in the flow's language",
      { ...valid, language: "en", message: byLanguage },
      /message: needs a text in 'en'/,
    ],
    ["no language", { ...valid, message: { german: "Hallo." } }, /message\.german: is no language/],
    [
      "a language whose text has a gap",
      { ...valid, language: "de", message: { de: "Hallo {{customer.name}}." } },
      /whole/,
    ],
    ["a suggestion without a text", ruleOf({ do: "suggest" }), /rules\.0\.message.*asks the customer/],
    [
      "a suggestion with a queue",
      ruleOf({ do: "suggest", message: "?", queue: "VIP" }),
      /queue.*says nothing with 'suggest'/,
    ],
    [
      "a suggestion on request",
      ruleOf({ do: "suggest", message: "?", when: { event: "handoff.requested" } }),
      /never holds with 'suggest'/,
    ],
    [
      "a rule's own hours where there are none",
      ruleOf({ outsideHours: { do: "queue" } }),
      /rules\.0\.outsideHours.*lacks/,
    ],
    [
      "a rule that declines where Answers routes",
      { ...ruleOf({ noAgent: { do: "decline", message: "Sorry." } }), routedBy: "answers" },
      /rules\.0\.noAgent.*needs Baton to route/,
    ],
    ["`unless` that asks for hours there are not", ruleOf({ unless: { hours: "outside" } }), /rules\.0\.unless.*hours/],
    [
      "queues that ask for hours there are not",
      { ...valid, queues: [{ when: { hours: "outside" }, queue: "Q" }] },
      /queues\.0/,
    ],
    ["a number where a shape belongs", when({ fallbacks: 3 } as never), /must have the shape \{ atLeast: 3 \}/],
    [
      "a contact of nothing but the star",
      when({ customer: { phone: "*" } }),
      /customer\.phone.*`\*` at its beginning or end/,
    ],
    ["a misspelt key of the hours", { ...valid, hours: { timezone: "UTC", weekly } }, /hours: .*timezone/],
    [
      "a day that is no list of times",
      { ...valid, hours: { ...hours, weekly: { mon: ["09:00", "17:00"] } } },
      /mon\.0: .*pair/,
    ],
    [
      "a holiday that is no day",
      { ...valid, hours: { ...hours, holidays: ["2026-02-30"] } },
      /holidays\.0: must be a day/,
    ],
    [
      "a span that ends before it begins",
      { ...valid, hours: { ...hours, holidays: [{ from: "2026-12-24", to: "2026-12-01" }] } },
      /holidays\.0: must not end/,
    ],
  ])("refuses %s", (_, input, problem) => {
    expect(() => defineFlow(input as FlowInput)).toThrow(problem);
  });
});

describe("newRoundAfter", () => {
  it.each([
    ["90m", 5_400],
    ["24h", 86_400],
    ["7d", 604_800],
    [30, 30],
  ])("%s is %d seconds", (newRoundAfter, seconds) => {
    expect(defineFlow({ ...valid, newRoundAfter }).newRoundAfter).toBe(seconds);
  });
});

describe("flowsByBot", () => {
  const a = defineFlow({ ...valid, name: "a", bots: ["one", "two"] });

  it("finds the flow of a bot", () => {
    expect(flowsByBot([a, ...flows]).get("two")).toBe(a);
    expect(flowsByBot(flows).get("shop-assistant")?.name).toBe("retail-support");
    expect(flowsByBot(flows).get("nobody")).toBeUndefined();
  });

  it("refuses a bot in two flows, and two flows of one name", () => {
    expect(() => flowsByBot([a, { ...a, name: "c", bots: ["two"] }])).toThrow(/Bot 'two' is in two flows: 'a' and 'c'/);
    expect(() => flowsByBot([a, { ...a, bots: ["three"] }])).toThrow(/Two flows are named 'a'/);
  });
});

describe("sharingProblems", () => {
  const sharing = (bot: string) => defineFlow({ ...valid, name: "a", bots: ["one"], sharesConversationsWith: [bot] });
  const b = defineFlow({ ...valid, name: "b", bots: ["two"] });

  it("refuses to share with a bot that no flow has, and with one of another account", () => {
    expect(sharingProblems([sharing("two"), b])).toEqual([]);
    expect(sharingProblems([sharing("one")])).toEqual([]);
    expect(sharingProblems([sharing("three"), b])).toEqual([
      expect.stringMatching(/with bot 'three', which is in no flow/),
    ]);
    expect(sharingProblems([sharing("two"), { ...b, account: "north" }])).toEqual([
      expect.stringMatching(/with bot 'two', which is of another account: 'north'/),
    ]);
  });
});
