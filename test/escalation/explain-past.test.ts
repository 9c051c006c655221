/** One recorded event of the past is explained with the facts that its session had then. */
import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { describeLimit, explainPast, type PastLimit } from "../../src/escalation/past/explain-past.ts";
import type { RecordedHandoff, SessionHistory } from "../../src/escalation/past/history.ts";
import { noFacts } from "../../src/events/facts.ts";
import { readHistory } from "../../src/handoff/read-history.ts";
import { fc } from "../fuzz/fast-check.ts";
import { createWorld } from "../support/world.ts";

const BOT = "shop-assistant";
const flow = defineFlow({
  name: "support",
  bots: [BOT],
  conversation: { topic: "Chat {{session}}" },
  message: "A colleague is coming.",
  rules: [
    { reason: "gold", when: { attributes: { plan: "gold" }, text: { contains: ["refund"] } } },
    {
      reason: "asked",
      when: [{ event: "handoff.requested" }, { text: { contains: ["person"] } }],
      unless: { sinceHandBack: { belowMinutes: 5 } },
    },
    { reason: "again", when: { text: { contains: ["still"] }, handoffs: { atLeast: 1, withinHours: 24 } } },
    { reason: "lost", when: { fallbacks: { atLeast: 2 } } },
    { reason: "long", do: "suggest", when: { messages: { atLeast: 3 } }, message: "Shall I ask somebody?" },
  ],
});

const START = Date.parse("2026-11-23T10:00:00Z");
const MINUTE = 60_000;
const event = (minute: number, given: object, more: Partial<SessionHistory["events"][number]> = {}) => ({
  seq: minute,
  id: `e${minute}`,
  epoch: 1,
  body: { id: `e${minute}`, session: "s", at: new Date(START + minute * MINUTE).toISOString(), ...given },
  receivedAt: START + minute * MINUTE,
  rule: null,
  handoffId: null,
  ...more,
});
const said = (text: string) => ({ type: "customer.message", text });
const history = (
  events: SessionHistory["events"],
  handoffs: RecordedHandoff[] = [],
  more: Partial<SessionHistory> = {},
): SessionHistory => ({
  ...{ bot: BOT, session: "s", createdAt: events[0]?.receivedAt ?? START, events, handoffs },
  now: { epoch: 9, control: "bot", facts: noFacts, returnedAt: null, updatedAt: START },
  ...more,
});
const handoff = (more: Partial<RecordedHandoff> = {}): RecordedHandoff => ({
  ...{ id: "h1", epoch: 1, openedAt: START, overAt: START + MINUTE, isReturned: true },
  ...more,
});
const decided = (past: SessionHistory, index = past.events.length - 1) => {
  const explained = explainPast(flow, past, index);
  if (explained === null) throw new Error("the event is not explained");
  const { escalation, isAsRecorded, limits, facts } = explained;
  return { rule: escalation?.rule ?? null, isAsRecorded, limits, facts };
};

describe("an event of the past", () => {
  it("is decided with the facts of its round before it, and none of after", () => {
    const past = history([
      event(0, { type: "session.started", attributes: { plan: "gold" } }),
      event(1, said("my refund"), { rule: "gold" }),
      event(2, { ...said("thanks"), attributes: { plan: "free" } }),
    ]);
    expect(decided(past, 1)).toMatchObject({ rule: "gold", isAsRecorded: true, limits: [] });
    expect(decided(past, 1).facts).toMatchObject({ attributes: { plan: "gold" }, messages: 1 });
    const next = history([...past.events.slice(0, 1), event(1, said("my refund"), { epoch: 2 })]);
    expect(decided(next)).toMatchObject({ rule: null, facts: { attributes: {}, messages: 1 } });
  });

  it("counts handoffs and the hand-back from before it", () => {
    const opener = event(0, { type: "handoff.requested" }, { rule: "asked", handoffId: "h1" });
    const past = history(
      [opener, event(3, said("still broken"), { epoch: 2, rule: "again" }), event(9, said("a person"), { epoch: 2 })],
      // The row changed later, as rows do.
      [handoff({ overAt: START + 60 * MINUTE })],
    );
    expect(decided(past, 0)).toMatchObject({ rule: "asked", isAsRecorded: true, facts: { handoffs: [] } });
    expect(decided(past, 1)).toMatchObject({ rule: "again", facts: { handoffs: [START] } });
    expect(decided(past, 2)).toMatchObject({ rule: "asked", isAsRecorded: false, limits: ["decided-otherwise"] });
    const soon = history([opener, event(3, said("a person"), { epoch: 2 })], [handoff({ overAt: START + 2 * MINUTE })]);
    expect(decided(soon)).toMatchObject({ rule: null, isAsRecorded: true });
  });

  it("joins a handoff that was open, and is no suggestion then", () => {
    const opener = event(0, { type: "handoff.requested" }, { rule: "asked", handoffId: "h1" });
    const words = [1, 2, 3].map((minute) => event(minute, said("hello?"), { handoffId: "h1" }));
    const past = history([opener, ...words], [handoff({ overAt: null, isReturned: false })]);
    expect(decided(past)).toMatchObject({ rule: null, isAsRecorded: true, limits: ["handoff-open"] });
    const ofAnother = history([event(1, said("a person"), { rule: "asked", handoffId: "of-another" })]);
    expect(decided(ofAnother).limits).toEqual(["handoff-open"]);
  });

  it.each<[PastLimit, SessionHistory]>([
    ["no-words", history([event(0, said(""))])],
    ["redacted", history([event(0, said("my card is [card number]"))])],
    ["earlier-forgotten", history([event(5, said("hello"))], [], { createdAt: START })],
    ["rule-is-gone", history([event(0, said("hello"), { rule: "a former rule" })])],
    ["decided-otherwise", history([event(0, said("hello"), { rule: "gold" })])],
  ])("says that it is limited: %s", (limit, past) => {
    expect(decided(past).limits).toEqual([limit]);
  });

  it("is not explained where nothing of it is left", () => {
    expect(explainPast(flow, history([{ ...event(0, {}), body: {} }]), 0)).toBeNull();
    expect(explainPast(flow, history([]), 0)).toBeNull();
  });

  it("comes out as it did in the service, whatever happened in the session", async () => {
    const step = fc.oneof(
      fc.constantFrom(
        said("my refund"),
        said("a person please"),
        said("still broken"),
        said("hello"),
        { type: "bot.fallback" },
        { type: "bot.message", text: "Here you are." },
        { type: "handoff.requested" },
        { type: "session.started" },
        { type: "session.ended" },
        { ...said("hm"), attributes: { plan: "gold" } },
        { ...said("hm"), attributes: { plan: null } },
      ),
      fc.constantFrom(30_000, 6 * MINUTE, 25 * 60 * MINUTE),
      fc.constant("hand back" as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        const world = createWorld(undefined, { flows: [flow] });
        const { core } = world.service;
        for (const one of steps) {
          if (typeof one === "number") await world.pass(one);
          else if (one === "hand back") {
            const {
              handoffs: [open],
            } = await core.handoffs({ state: "routed" }, 1);
            if (open !== undefined) await core.end(open.id, false);
          } else await world.deliver(one);
          await world.pass(1_000);
        }
        const past = await readHistory(core, BOT, "s1");
        for (const [index, recorded] of (past?.events ?? []).entries()) {
          const explained = past === null ? null : explainPast(flow, past, index);
          expect(explained?.escalation?.rule ?? null, JSON.stringify([steps, recorded])).toBe(recorded.rule);
        }
        await world.service.stop();
      }),
      { numRuns: 60 },
    );
  });
});

it("says in a sentence which limits an explanation has", () => {
  expect(describeLimit("rule-is-gone")).toBe("The rule that fired then is no longer in the flow.");
});

it.each<[string, object, PastLimit[]]>([
  ["an error", { type: "bot.error", error: "card [card number] failed" }, ["redacted"]],
  [
    "a request",
    { type: "handoff.requested", transcript: [{ author: "customer", text: "[card number]" }] },
    ["redacted"],
  ],
])("knows that words of %s were hidden", (_, body, limits) => {
  const rule = body && "transcript" in body ? "asked" : null;
  expect(decided(history([event(0, body, { rule })])).limits).toEqual(limits);
});

it("is explained where its round, or the opener of a handoff, is no longer known", () => {
  const past = history(
    [event(1, said("still broken"), { epoch: null, rule: "again" })],
    [handoff({ epoch: 9, overAt: START })],
  );
  expect(decided(past)).toMatchObject({ rule: "again", facts: { handoffs: [START] }, limits: ["handoff-open"] });
});
