import { describe, expect, it } from "vitest";
import { checkConditions } from "../../src/escalation/conditions/check-conditions.ts";
import { fitsPattern } from "../../src/escalation/conditions/pattern.ts";
import type { FlowInput } from "../../src/escalation/flow.ts";
import { isWorking, nothingKnown } from "../../src/escalation/hours.ts";
import type { Event } from "../../src/events/event.ts";
import { type Facts, noFacts } from "../../src/events/facts.ts";
import { event, flowWith, intent, message, NOW } from "./given.ts";

type When = FlowInput["rules"][number]["when"];
const hours = { timeZone: "UTC", weekly: { mon: [["09:00", "17:00"] as [string, string]] } };
const image = message("", { contentType: "IMAGE" });
const error = event({ type: "bot.error" });

const asked = (text: string, reason?: string): Event =>
  event({ type: "handoff.requested", transcript: [{ author: "customer", text }], ...(reason && { reason }) });

const see = (when: When, of: Event, facts: Partial<Facts> = {}, now = NOW) => {
  const flow = flowWith({ hours, rules: [{ reason: "r", when }] });
  const situation = {
    flow,
    ...{ bot: "shop-assistant", session: "s", returnedAt: null },
    facts: { ...noFacts, ...facts },
    event: of,
    now,
    known: nothingKnown,
  };
  return (flow.rules[0]?.when ?? []).flatMap((condition) => [...checkConditions(condition, situation)]);
};

describe("conditionsSeen", () => {
  it.each<[When, Event, Partial<Facts>, unknown, boolean]>([
    [{ event: "bot.error" }, error, {}, "bot.error", true],
    [{ event: ["bot.fallback", "bot.error"] }, error, {}, "bot.error", true],
    [{ event: "bot.fallback" }, error, {}, "bot.error", false],
    [{ text: { contains: ["robot", "agent"] } }, message("An Agent!"), {}, "agent", true],
    [{ text: { contains: ["agent"] } }, message("agentless"), {}, null, false],
    [{ text: { contains: ["agent"] } }, event({ type: "bot.message", text: "agent" }), {}, null, false],
    [{ text: { contains: ["agent"] } }, event({ type: "bot.fallback", text: "an agent!" }), {}, "agent", true],
    [
      { text: { contains: ["agent"] } },
      event({ type: "handoff.requested", reason: "wants an agent" }),
      {},
      "agent",
      true,
    ],
    [{ text: { contains: ["lost card"] } }, asked("I am lost", "card lost"), {}, null, false],
    [{ text: { contains: ["lost"] } }, asked("I am lost"), {}, "lost", true],
    [{ contentType: "AUDIO" }, message("", { contentType: "VOICE" }), {}, "VOICE", true],
    [{ contentType: "IMAGE" }, message("", { contentType: "image/png" }), {}, "image/png", true],
    [{ contentType: "BUTTON" }, message("Yes", { contentType: "BUTTON" }), {}, null, false],
    [{ intent: ["order", "refund"] }, message("x", intent(0.1, "refund")), {}, "refund", true],
    [{ intent: "order" }, message("x", intent(0.1, "refund")), {}, "refund", false],
    [{ intent: "order" }, message("x"), {}, null, false],
    [{ confidence: { below: 0.4 } }, message("x", intent(0.39)), {}, 0.39, true],
    [{ confidence: { below: 0.4 } }, message("x", intent(0.4)), {}, 0.4, false],
    [{ confidence: { below: 0.4 } }, message("x"), {}, null, false],
    [{ sentiment: { below: 0 } }, message("x", { sentiment: -0.01 }), {}, -0.01, true],
    [{ sentiment: { below: 0 } }, message("x", { sentiment: 0 }), {}, 0, false],
    [{ sentiment: { below: 0 } }, message("x"), {}, null, false],
    [{ fallbacks: { atLeast: 2 } }, error, { fallbacks: 2 }, 2, true],
    [{ fallbacks: { atLeast: 2 } }, error, { fallbacks: 1 }, 1, false],
    [{ errors: { atLeast: 2 } }, error, { errors: 3 }, 3, true],
    [{ errors: { atLeast: 2 } }, error, { errors: 1 }, 1, false],
    [{ contentType: ["video", "image"] }, image, {}, "IMAGE", true],
    [{ contentType: "video" }, image, {}, "IMAGE", false],
    [{ contentType: "text" }, message("x", { contentType: "TEXT" }), {}, null, false],
    [{ contentType: "text/plain" }, message("x", { contentType: "text/plain" }), {}, null, false],
    [{ contentType: "image" }, message("x"), {}, null, false],
    [{ contentType: "image" }, error, {}, null, false],
    [{ channel: ["viber", "whatsapp"] }, error, { channel: "WHATSAPP" }, "WHATSAPP", true],
    [{ channel: "sms" }, error, { channel: "WHATSAPP" }, "WHATSAPP", false],
    [{ channel: "sms" }, error, {}, null, false],
    [{ language: ["hr", "EN"] }, error, { language: "en-GB" }, "en-GB", true],
    [{ language: "en" }, error, { language: "en_US" }, "en_US", true],
    [{ language: "en-GB" }, error, { language: "en" }, "en", false],
    [{ language: "en" }, error, { language: "enm" }, "enm", false],
    [{ language: "en" }, error, {}, null, false],
    [{ attributes: { n: 5 } }, error, { attributes: { n: "5.0" } }, "5.0", true],
    [{ attributes: { n: "5" } }, error, { attributes: { n: 5 } }, 5, true],
    [{ attributes: { n: 0 } }, error, { attributes: { n: " " } }, " ", false],
    [{ attributes: { n: true } }, error, { attributes: { n: "True" } }, "True", true],
    [{ attributes: { n: "true" } }, error, { attributes: { n: true } }, true, true],
    [{ attributes: { n: true } }, error, { attributes: { n: 1 } }, 1, false],
    [{ attributes: { n: "5" } }, error, { attributes: { n: "5.0" } }, "5.0", false],
    [{ attributes: { n: ["a", "b"] } }, error, { attributes: { n: "b" } }, "b", true],
    [{ attributes: { n: "a" } }, error, { attributes: { n: " A" } }, " A", true],
    [{ attributes: { n: "a" } }, error, {}, null, false],
    [{ attributes: { toString: "a" } }, error, {}, null, false],
    [{ hours: "inside" }, error, {}, "inside", true],
    [{ hours: "outside" }, error, {}, "inside", false],
  ])("%j of %j with %j", (when, of, facts, saw, held) => {
    expect(see(when, of, facts)).toMatchObject([{ saw, held }]);
  });

  it("is outside the hours when nobody is there", () => {
    const night = NOW + 12 * 3_600_000;
    expect(see({ hours: "outside" }, error, {}, night)).toMatchObject([{ saw: "outside", held: true }]);
  });

  it("shows each key, and what it expected", () => {
    const when: When = { event: "bot.error", attributes: { plan: "gold", paid: true } };
    expect(see(when, error, { attributes: { plan: "gold" } })).toEqual([
      { key: "event", expected: ["bot.error"], saw: "bot.error", held: true },
      { key: "attributes.plan", expected: ["gold"], saw: "gold", held: true },
      { key: "attributes.paid", expected: [true], saw: null, held: false },
    ]);
  });

  it("holds of the end of a session only where it is asked for", () => {
    const ended = event({ type: "session.ended" });
    const attributes = { plan: "gold" };
    expect(see({ attributes }, ended, { attributes })[0]).toMatchObject({ key: "event", held: false });
    expect(see({ event: "session.ended", attributes }, ended, { attributes })).toMatchObject([
      { held: true },
      { held: true },
    ]);
  });
});

it("compares long numbers by their digits, and others by their value", () => {
  const holds = (wanted: string | number, value: string | number) =>
    see({ attributes: { account: [wanted] } }, error, { attributes: { account: value } })[0]?.held;
  expect(holds("12345678901234567890", 12345678901234567000)).toBe(false);
  expect(holds(5, " 5.0 ")).toBe(true);
  expect(holds(0, "")).toBe(false);
});

it("finds phrases at both ends of a long text, and not in its middle", () => {
  const filler = "word ".repeat(6_000);
  const holds = (text: string) => see({ text: { contains: ["refund"] } }, message(text))[0]?.held;
  expect([`refund ${filler}`, `${filler} refund`, `${filler} refund ${filler}`].map(holds)).toEqual([
    true,
    true,
    false,
  ]);
});

it("counts the minutes of a round that has not begun as none", () => {
  expect(see({ minutes: { atLeast: 1 } }, message("hi"))[0]).toMatchObject({ held: false, saw: 0 });
});

it.each([
  ["*", "anything", false],
  ["+385*", "00385 91 234 5678", true],
  ["*@example.com", "ana@example.com", true],
  ["ana", "   ", false],
])("finds no contact by a pattern that names nothing: '%s', '%s'", (pattern, value, fits) => {
  expect(fitsPattern(pattern, value)).toBe(fits);
});

it("counts working hours as open whose status is not known", () => {
  expect(isWorking({ workingHoursId: "W1" }, NOW, nothingKnown)).toBe(true);
  expect(isWorking({ workingHoursId: "W1" }, NOW, () => false)).toBe(false);
});
