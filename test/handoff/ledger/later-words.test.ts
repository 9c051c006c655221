import { describe, expect, it } from "vitest";
import * as later from "../../../src/handoff/ledger/later-words.ts";
import type { Step } from "../../../src/model/handoff.ts";
import { event, message } from "../../escalation/given.ts";
import { handoff, NOW, routed, step } from "./given.ts";

const hello = message("hello");
const words = (more: object = {}, state: Partial<Step> = {}): Step =>
  step(9, "note:further", { kind: "words", pages: ["one", "two"], batch: 1, after: 4, lost: 0, ...more }, state);
const open = (more: object = {}) => handoff({ state: "routed", toldUntil: 4, dueAt: null, ...more });

describe("withWords", () => {
  it.each([
    ["the customer's", hello, { wordsAt: NOW + 2_000, dueAt: NOW + 2_000 }],
    ["the bot's", event({ type: "bot.message", text: "hi" }), { wordsAt: NOW + 2_000 }],
    ["a further request's", event({ type: "handoff.requested" }), { wordsAt: NOW, dueAt: NOW }],
    ["the end of a session's", event({ type: "session.ended" }), { wordsAt: NOW }],
  ])("has %s told to the agent", (_, given, told) => {
    expect(later.withWords(open(), given, NOW)).toMatchObject(told);
  });

  it("waits for no further words before the route", () => {
    expect(later.withWords(open({ state: "pending" }), hello, NOW)).toMatchObject({ wordsAt: NOW, dueAt: NOW });
    expect(later.withWords(open({ dueAt: NOW + 1 }), hello, NOW).dueAt).toBe(NOW + 1);
  });

  it.each(["deferred", "parked"] as const)("keeps the words of a handoff that is %s", (state) => {
    expect(later.withWords(open({ state }), hello, NOW)).toMatchObject({ wordsAt: expect.any(Number), dueAt: null });
  });

  it.each([
    ["its note will have the words", open({ toldUntil: null }), hello],
    ["earlier words come by then", open({ wordsAt: NOW }), hello],
    ["the customer writes into the conversation", open({ onChannel: true }), hello],
    ["the bot failed", open(), event({ type: "bot.error" })],
    ["the session starts", open(), event({ type: "session.started" })],
    ["the chatbot's own element routes", open({ routedBy: "answers" }), event({ type: "session.ended" })],
    ["it is returned", open({ state: "returned" }), hello],
    ["it is cancelled", open({ state: "cancelled" }), hello],
  ])("leaves a handoff as it is: %s", (_, before, given) => {
    expect(later.withWords(before, given, NOW)).toBe(before);
  });
});

describe("withWordsStep", () => {
  const waiting = (steps: Step[]) => later.withWordsStep({ handoff: open({ wordsAt: NOW }), steps });

  it("adds no step without words", () => {
    expect(later.withWordsStep(routed())).toEqual(routed());
  });

  it("adds one step, for the words after the note", () => {
    expect(waiting([]).steps).toMatchObject([
      { name: "note:further", arguments: { after: 4, pages: [] }, nextAt: NOW },
    ]);
  });

  it("starts it again once it is settled, or earlier than it would", () => {
    for (const before of [words({}, { state: "done" }), words({}, { nextAt: NOW + 9 })]) {
      expect(waiting([before]).steps).toMatchObject([{ state: "ready", nextAt: NOW }]);
    }
  });

  it("leaves one that is on its way", () => {
    const before = words({}, { state: "sent" });
    expect(waiting([before]).steps[0]).toBe(before);
    expect(waiting([step(0, "route", { kind: "route" }), words({}, { state: "done" })]).steps[0]?.name).toBe("route");
  });
});

it("knows notes whose content is still to be built", () => {
  const note = (content: string | null) => step(1, "note", { kind: "note", content, part: 1 });
  expect([note(null), note("x"), words({ pages: [] }), words(), step(2, "route", { kind: "route" })].map(later.isUnwritten)) // biome-ignore format: one line a case
    .toEqual([true, false, true, false, false]);
});

it.each([
  ["before their first try", words(), true],
  ["on their first way", words({}, { state: "sent", tries: 1 }), true],
  ["after a failure", words({}, { tries: 1 }), false],
  ["on a second way", words({}, { state: "sent", tries: 2 }), false],
  ["after three batches", words({ batch: 4 }), false],
  ["in another step", step(0, "sweep", { kind: "sweep" }), false],
])("holds the route for words %s: %s", (_, given, isHeld) => {
  expect(later.holdsRoute(given)).toBe(isHeld);
});

describe("a page of words", () => {
  const route = step(0, "route", { kind: "route" });

  it("that is done brings the next one, and the last one ends the step", () => {
    expect(later.pageDone(words({ lost: 1 }), NOW)).toMatchObject({
      ...{ state: "ready", arguments: { pages: ["two"], lost: 0 } },
    });
    expect(later.pageDone(words({ pages: ["two"] }), NOW)).toMatchObject({ state: "done", arguments: { pages: [] } });
    expect(later.pageDone(route, NOW)).toBe(route);
  });

  it("that is refused is lost, and the others go on", () => {
    expect(later.pageLost(words(), NOW)).toMatchObject({ state: "ready", arguments: { pages: ["two"], lost: 1 } });
    expect(later.pageLost(words({ pages: ["two"] }), NOW)).toMatchObject({ state: "refused", arguments: { lost: 1 } });
    expect(later.pageLost(route, NOW)).toBe(route);
  });

  it("that the agent sees in the conversation needs no note, nor do later ones", () => {
    const ledger = { handoff: open(), steps: [route, words()] };
    expect(later.seenByAgent(ledger, words(), NOW)).toMatchObject({
      handoff: { onChannel: true, toldUntil: 4, wordsAt: NOW },
      steps: [{ name: "route" }, { state: "done", arguments: { pages: [] } }],
    });
    expect(later.seenByAgent(ledger, route, NOW)).toEqual(ledger);
  });
});
