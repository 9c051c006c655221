import { describe, expect, it } from "vitest";
import { concludeIntake, type Effects } from "../../../src/handoff/use-cases/intake/conclude-intake.ts";
import type { Intake } from "../../../src/handoff/use-cases/intake/decide-intake.ts";
import { escalation, event, message, subject } from "../../escalation/given.ts";
import { handoff, NOW, session } from "../ledger/given.ts";

const nothing: Effects = { opened: null, added: null, leftOut: [] };
const hello = message("hello");
const intake = (more: Partial<Intake> = {}): Intake => ({
  ...{ act: "record", event: hello, stored: hello, session: session(), current: null, escalation: null },
  ...{ subject: { ...subject({ messages: 1 }), id: 1, epoch: 1 }, hasJoined: false, isAboutCurrent: false },
  ...more,
});
const conclude = (more: Partial<Intake> = {}, effects: Partial<Effects> = {}) =>
  concludeIntake(intake(more), { ...nothing, ...effects }, NOW);
const ended = event({ type: "session.ended" });

describe("an event that opens a handoff", () => {
  const opening = { act: "open", escalation: escalation(), isAboutCurrent: true } as const;

  it("takes the session into the queue and starts the handoff at once", () => {
    const opened = handoff({ conversationId: "c1" });
    const before = session({ follows: "h0", followsEpoch: 1 });
    expect(conclude({ ...opening, session: before }, { opened })).toMatchObject({
      session: {
        control: "queue",
        conversationId: "c1",
        follows: null,
        followsEpoch: null,
        facts: { handoffs: [NOW] },
      },
      handoffId: "h1",
      message: null,
      reason: null,
      due: { id: "h1", at: NOW, isFirst: true },
      decided: { reason: "r", course: "opened" },
      isLimited: false,
    });
  });

  it("leaves the session with its bot until the office opens", () => {
    const opened = handoff({ state: "deferred" });
    expect(conclude(opening, { opened })).toMatchObject({
      session: { control: "bot" },
      due: { id: "h1", isFirst: false },
      decided: { course: "deferred" },
    });
  });
});

describe("an event that goes to the open handoff", () => {
  const current = handoff({ state: "routed" });
  const adding = { act: "add", current } as const;
  const queued = session({ control: "queue" });

  it("changes nothing if the handoff stays as it is", () => {
    expect(conclude({ ...adding, session: queued }, { added: current })).toMatchObject({
      ...{ session: { control: "queue" }, handoffId: null, due: null, decided: null },
    });
  });

  it("has its handoff done when that is due", () => {
    const added = { ...current, dueAt: NOW + 5 };
    expect(conclude(adding, { added }).due).toEqual({ id: "h1", at: NOW + 5, isFirst: false });
    expect(conclude(adding, { added: { ...current, dueAt: null } }).due).toBeNull();
  });

  it("is answered about the handoff if it asked", () => {
    const asked = { ...adding, escalation: escalation(), isAboutCurrent: true };
    expect(conclude(asked, { added: current })).toMatchObject({ handoffId: "h1", decided: { course: "joined" } });
  });

  it("says that nobody talks to a customer who left", () => {
    const added = { ...current, leftAt: NOW };
    expect(conclude({ ...adding, session: queued, event: ended }, { added }).session.control).toBe("nobody");
  });
});

describe("an event that opens none", () => {
  const declining = { act: "decline", escalation: escalation({ course: "decline", message: "Tomorrow." }) } as const;
  const suggesting = { act: "suggest", escalation: escalation({ course: "suggest", message: "A person?" }) } as const;
  const declined = session({ facts: { ...subject().facts, isDeclined: true }, notice: "Solved." });

  it("is declined with the flow's text, which is remembered", () => {
    expect(conclude(declining)).toMatchObject({
      session: { control: "bot", facts: { isDeclined: true, messages: 1 } },
      ...{ handoffId: null, message: "Tomorrow.", reason: "r", due: null, isLimited: false },
      decided: { reason: "r", course: "declined" },
    });
  });

  it("has no handoff to be answered about, though the bot asked", () => {
    expect(conclude({ ...declining, isAboutCurrent: true }).handoffId).toBeNull();
  });

  it.each([
    ["once in a round", hello, "event", "Solved."],
    ["each time the bot asks", event({ type: "handoff.requested" }), "event", "Tomorrow."],
    ["each time the customer writes the words", hello, "text", "Tomorrow."],
    ["each time their intent matches", hello, "intent", "Tomorrow."],
  ])("is declined %s", (_, given, key, said) => {
    const why = [{ key, expected: [], saw: null, held: true }];
    const again = { ...declining, event: given, session: declined, escalation: { ...declining.escalation, why } };
    expect(conclude(again).message).toBe(said);
  });

  it("tells of a session that had its most handoffs", () => {
    const limited = { ...declining, escalation: { ...declining.escalation, course: "limit" } } as const;
    expect(conclude(limited).isLimited).toBe(true);
  });

  it("suggests a person, and keeps the text that waits for the next answer", () => {
    const before = session({ notice: "Solved." });
    expect(conclude({ ...suggesting, session: before })).toMatchObject({
      session: { notice: "Solved." },
      ...{ message: "A person?", reason: "r", decided: { course: "suggested" } },
    });
  });
});

describe("an event that is only recorded", () => {
  it("carries the text that waited for the next answer, once", () => {
    const concluded = conclude({ session: session({ notice: "Solved." }) });
    expect([concluded.message, concluded.session.notice]).toEqual(["Solved.", null]);
  });

  it("ends the session: nobody talks to the customer, and they get no text", () => {
    const concluded = conclude({ event: ended, session: session({ notice: "Solved." }) });
    expect(concluded).toMatchObject({ session: { control: "nobody", notice: null }, message: null });
  });
});
