import { describe, expect, it } from "vitest";
import {
  changeKindOf,
  compareFlows,
  describeOutcome,
  flowToReplace,
  type Outcome,
  type RecordedRound,
} from "../../src/escalation/backtest.ts";
import { defineFlow } from "../../src/escalation/flow.ts";

type Written = Parameters<typeof defineFlow>[0];
const flowWith = (rules: Written["rules"], more: Partial<Written> = {}) =>
  defineFlow({
    name: "support",
    bots: ["b"],
    account: "default",
    conversation: { topic: "Chat" },
    message: "A colleague is coming.",
    rules,
    ...more,
  });
const onWord = (word: string, more: Partial<Written["rules"][number]> = {}): Written["rules"][number] => ({
  reason: word,
  when: { event: "customer.message", text: { contains: [word] } },
  tags: [],
  ...more,
});

const AT = Date.parse("2026-11-23T10:00:00Z");
const said = (text: string, minute: number, rule: string | null = null): RecordedRound["events"][number] => {
  const at = AT + minute * 60_000;
  return {
    body: { type: "customer.message", id: `e${minute}`, session: "s", at: new Date(at).toISOString(), text },
    receivedAt: at,
    rule,
  };
};
const fallback = (minute: number): RecordedRound["events"][number] => ({
  ...said("", minute),
  body: { type: "bot.fallback", id: `e${minute}`, session: "s", at: new Date(AT).toISOString() },
});
const chatOf = (...rounds: RecordedRound["events"][]) => ({
  bot: "b",
  session: "s",
  rounds: rounds.map((events, index) => ({ epoch: index + 1, events })),
  handoffs: [],
});

describe("a changed flow over recorded chats", () => {
  it("is found where it hands over what stayed with the bot, and the other way round", () => {
    const chat = chatOf([said("hello", 1), said("my refund", 2)], [said("a person please", 9, "person")]);
    const compared = compareFlows(flowWith([onWord("person")]), flowWith([onWord("refund")]), chat);
    expect(compared).toMatchObject([
      { epoch: 1, before: null, after: { reason: "refund", course: "now", at: AT + 2 * 60_000 }, isChanged: true },
      { epoch: 2, before: { reason: "person" }, after: null, isChanged: true },
    ]);
  });

  it("says in which fields a hand-over differs", () => {
    const chat = chatOf([said("a refund", 1, "refund")]);
    const current = flowWith([onWord("refund", { tags: ["money"] })]);
    expect(compareFlows(current, current, chat)[0]).toMatchObject({ isChanged: false, fields: [], isAsRecorded: true });
    const other = flowWith([onWord("refund", { tags: ["money", "vip"], priority: "HIGH", message: "Wait." })]);
    expect(compareFlows(current, other, chat)[0]?.fields).toEqual(["tags", "priority", "message"]);
    const closed = flowWith([onWord("refund", { tags: ["money"] })], {
      hours: { timeZone: "UTC", weekly: { tue: [["09:00", "17:00"]] } },
      outsideHours: { do: "decline", message: "We are closed." },
    });
    expect(compareFlows(current, closed, chat)[0]).toMatchObject({ after: { course: "decline" }, isChanged: true });
  });

  it("is found where another event leads to the same", () => {
    const chat = chatOf([said("refund", 1), said("refund, person", 2, "person")]);
    const rule = { reason: "asked", tags: [] };
    const compared = compareFlows(
      flowWith([{ ...rule, when: { event: "customer.message", text: { contains: ["person"] } } }]),
      flowWith([{ ...rule, when: { event: "customer.message", text: { contains: ["refund"] } } }]),
      chat,
    );
    expect(compared[0]?.fields).toEqual(["moment"]);
  });

  it("counts what each flow's own decisions leave, and begins anew with each round", () => {
    const lost = (n: number) =>
      flowWith([{ reason: "lost", when: { event: "bot.fallback", fallbacks: { atLeast: n } }, tags: [] }]);
    const chat = chatOf([fallback(1), fallback(2)], [fallback(3)], [fallback(4), fallback(5), fallback(6)]);
    const compared = compareFlows(lost(2), lost(3), chat);
    expect(compared.map(({ before, after: then }) => [before !== null, then !== null])).toEqual([
      [true, false],
      [false, false],
      [true, true],
    ]);
  });

  it("tells where the flow as it is decides otherwise than was recorded, and passes over what was erased", () => {
    const flow = flowWith([onWord("refund")]);
    const erased = { body: {}, receivedAt: AT, rule: null };
    expect(compareFlows(flow, flow, chatOf([erased, said("a refund", 1)]))[0]).toMatchObject({
      isAsRecorded: false,
      before: { reason: "refund" },
      isChanged: false,
    });
  });
});

it("knows when the bot had its customer back before a round", () => {
  const cooled = flowWith([onWord("refund", { unless: { sinceHandBack: { belowMinutes: 10 } } })]);
  const chat = chatOf([said("refund", 0, "refund")], [said("refund", 5), said("refund", 20, "refund")]);
  const handoffs = [{ id: "h", epoch: 1, openedAt: AT, overAt: AT + 3 * 60_000, isReturned: true }];
  const [, second] = compareFlows(cooled, cooled, { ...chat, handoffs });
  expect(second).toMatchObject({ after: { at: AT + 20 * 60_000 }, isAsRecorded: true });
});

describe("the outcome of a round", () => {
  const outcome = (more: Partial<Outcome> = {}): Outcome => ({
    ...{ course: "now", reason: "refund", tags: [], priority: "HIGH", queue: null, message: null },
    ...{ rule: "refund", event: "customer.message", at: AT },
    ...more,
  });
  const refused = outcome({ course: "decline" });

  it.each<[string, Outcome | null, Outcome | null]>([
    ["handed over", null, outcome()],
    ["handed over", refused, outcome({ course: "defer" })],
    ["not handed over", outcome(), null],
    ["handed over otherwise", outcome(), outcome({ priority: "URGENT" })],
    ["asked or refused otherwise", null, refused],
  ])("changes to: %s", (kind, before, after) => {
    expect(changeKindOf({ before, after })).toBe(kind);
  });

  it.each<[string, Outcome | null, Parameters<typeof describeOutcome>[1]]>([
    ["stays with the bot", null, []],
    ["refund", outcome(), []],
    ["refused, refund", refused, []],
    ["refund", outcome(), ["course"]],
    ["tags none, queue by the account's rules, “”", outcome(), ["tags", "queue", "message"]],
    [
      "tags money vip, queue Q1, “Wait.”, at 2026-11-23T10:00:00.000Z",
      outcome({ tags: ["money", "vip"], queue: "Q1", message: "Wait." }),
      ["tags", "queue", "message", "moment"],
    ],
  ])("is described as '%s'", (described, given, fields) => {
    expect(describeOutcome(given, fields)).toBe(described);
  });

  it("is compared with the flow of the same name, or else of the same bot", () => {
    const [support, sales] = [flowWith([onWord("a")]), flowWith([onWord("a")], { name: "sales", bots: ["s"] })];
    expect(flowToReplace([sales, support], flowWith([onWord("b")]))).toBe(support);
    expect(flowToReplace([support, sales], flowWith([onWord("b")], { name: "new", bots: ["s"] }))).toBe(sales);
    expect(flowToReplace([support], flowWith([onWord("b")], { name: "new", bots: ["x"] }))).toBeUndefined();
  });
});
