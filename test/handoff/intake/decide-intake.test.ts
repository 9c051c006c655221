import { describe, expect, it } from "vitest";
import { nothingKnown } from "../../../src/escalation/hours.ts";
import type { Event } from "../../../src/events/event.ts";
import { decideIntake, type Loaded } from "../../../src/handoff/use-cases/intake/decide-intake.ts";
import { event, flowWith, message } from "../../escalation/given.ts";
import { handoff, NOW, session } from "../ledger/given.ts";

const flow = flowWith({
  rules: [
    { reason: "asked", when: { text: { contains: ["agent"] } } },
    { reason: "maybe", do: "suggest", when: { text: { contains: ["hm"] } }, message: "A person?" },
    {
      reason: "sold out",
      when: { text: { contains: ["refund"] } },
      outsideHours: { do: "decline", message: "Tomorrow." },
    },
    {
      reason: "later",
      when: { text: { contains: ["order"] } },
      outsideHours: { do: "defer", message: "When we open." },
    },
  ],
  hours: { timeZone: "UTC", weekly: { sun: [["09:00", "10:00"]] } },
  outsideHours: { do: "queue" },
});
const nowhere = { conversationId: null, own: null, isLeftOut: false };
const intake = (given: Event, more: Partial<Loaded> = {}) =>
  decideIntake({
    ...{ flow, session: session(), open: null, conversation: nowhere, event: given, knownHours: nothingKnown, at: NOW },
    ...more,
  });
const others = handoff({ id: "h2", sessionId: 2, state: "routed", conversationId: "c2" });
const request = event({ type: "handoff.requested" });

describe("an event of a session without a handoff", () => {
  it.each([
    ["opens one by a rule", "agent", "open", "now"],
    ["opens one for later", "my order", "open", "defer"],
    ["is declined", "refund", "decline", "decline"],
    ["suggests a person", "hm", "suggest", "suggest"],
    ["is recorded", "hello", "record", undefined],
  ])("%s", (_, text, act, course) => {
    const found = intake(message(text));
    expect([found.act, found.escalation?.course]).toEqual([act, course]);
    expect(found.current).toBeNull();
  });

  it("is declined when the session had its most handoffs", () => {
    const limited = flowWith({ atMost: { handoffs: 1, withinHours: 1, message: "Later." } });
    const before = session({ facts: { ...session().facts, handoffs: [NOW - 1_000] } });
    const found = intake(event({ type: "bot.error" }), { flow: limited, session: before });
    expect([found.act, found.escalation?.course]).toEqual(["decline", "limit"]);
  });

  it("counts in the facts", () => {
    expect(intake(message("hello")).subject.facts.messages).toBe(1);
  });

  it("is answered for itself, unless it requests a handoff or a rule matches", () => {
    expect(intake(message("hello")).isAboutCurrent).toBe(false);
    expect(intake(message("hm")).isAboutCurrent).toBe(false);
    expect(intake(message("agent")).isAboutCurrent).toBe(true);
    expect(intake(request).isAboutCurrent).toBe(true);
  });
});

describe("an event of a session with an open handoff", () => {
  const open = handoff({ state: "routed", conversationId: "c1" });
  const queued = session({ control: "queue", conversationId: "c1" });

  it.each([
    ["goes to it", "agent", "now"],
    ["goes to it though no agent is available", "refund", "decline"],
    ["suggests nothing", "hm", undefined],
    ["goes to it without a rule", "hello", undefined],
  ])("%s", (_, text, course) => {
    const found = intake(message(text), { open, session: queued });
    expect([found.act, found.current, found.escalation?.course]).toEqual(["add", open, course]);
    expect(found.subject.isOpen).toBe(true);
  });

  it("is judged by no rule while an agent has the customer, unless the bot asks", () => {
    const taken = { open: handoff({ state: "assigned" }), session: session({ control: "agent", agentId: "a" }) };
    expect(intake(message("agent"), taken).escalation).toBeNull();
    expect(intake(message("agent"), taken).subject.facts.messages).toBe(1);
    expect(intake(request, taken).escalation?.reason).toBe("requested");
  });

  it.each([
    ["queued", "routed", false],
    ["set aside", "parked", true],
    ["deferred", "deferred", true],
  ] as const)("that is %s is answered about it: %s, %s", (_, state, isAboutCurrent) => {
    expect(intake(message("agent"), { open: handoff({ state }) }).isAboutCurrent).toBe(isAboutCurrent);
  });
});

describe("the conversation of an event", () => {
  it("is the one to go on with", () => {
    const found = intake(message("agent"), { conversation: { ...nowhere, conversationId: "c1" } });
    expect(found.subject.conversationId).toBe("c1");
  });

  it("brings the handoff of another session of its bot", () => {
    const found = intake(message("hello"), { conversation: { ...nowhere, conversationId: "c2", own: others } });
    expect(found).toMatchObject({ act: "add", current: others, isAboutCurrent: true });
    expect(found.session).toMatchObject({ follows: "h2", followsEpoch: 1, control: "queue", conversationId: "c2" });
    expect(found.subject.conversationId).toBe("c2");
  });

  it("brings none at the end of a session", () => {
    const ended = event({ type: "session.ended" });
    const found = intake(ended, { conversation: { ...nowhere, conversationId: "c2", own: others } });
    expect(found).toMatchObject({ act: "record", current: null, session: { follows: null } });
  });

  it("is removed from an event that may not have it", () => {
    const named = message("agent", { conversationId: "c9" });
    expect(intake(named, { conversation: { ...nowhere, isLeftOut: true } }).event).not.toHaveProperty("conversationId");
    expect(intake(named).stored).toHaveProperty("conversationId", "c9");
  });
});

it("records an event without what the flow redacts", () => {
  const found = intake(message("my card 4111 1111 1111 1111"));
  expect(found.event).toHaveProperty("text", "my card 4111 1111 1111 1111");
  expect(found.stored).toHaveProperty("text", "my card [card number]");
});
