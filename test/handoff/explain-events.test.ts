/** Events that are explained one after another come out as in the service. */
import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import type { Event } from "../../src/events/event.ts";
import { explainEvent, newChat, recordedChat } from "../../src/handoff/explain-events.ts";
import { readHistory } from "../../src/handoff/read-history.ts";
import { fc } from "../fuzz/fast-check.ts";
import { createWorld } from "../support/world.ts";

const BOT = "shop-assistant";
const flowWith = (more: Partial<FlowInput> = {}) =>
  defineFlow({
    name: "support",
    bots: [BOT],
    conversation: { topic: "Chat {{session}}" },
    message: "A colleague is coming.",
    rules: [
      { reason: "again", when: { text: { contains: ["still"] }, handoffs: { atLeast: 1, withinHours: 24 } } },
      { reason: "asked", when: [{ event: "handoff.requested" }, { text: { contains: ["person"] } }] },
      { reason: "lost", when: { fallbacks: { atLeast: 2 } } },
      { reason: "long", do: "suggest", when: { messages: { atLeast: 3 } }, message: "Shall I ask somebody?" },
    ],
    ...more,
  });
const NOW = Date.parse("2026-11-23T10:00:00Z");
let ids = 0;
const event = (given: object): Event => {
  ids += 1;
  return { id: `x${ids}`, session: "s1", at: new Date(NOW).toISOString(), ...given } as Event;
};
const said = (text: string) => ({ type: "customer.message", text });

describe("events that are explained in a row", () => {
  it("count the handoff that one of them opens", () => {
    const flow = flowWith();
    const first = explainEvent(flow, newChat(BOT, "s1", NOW), event(said("a person")), NOW);
    expect(first).toMatchObject({ escalation: { rule: "asked" }, isJoined: false });
    const second = explainEvent(flow, first.after, event(said("still waiting")), NOW);
    expect(second).toMatchObject({ escalation: { rule: "again" }, isJoined: true });
    const back = {
      ...second.after,
      hasOpenHandoff: false,
      session: { ...second.after.session, control: "bot" },
    } as const;
    expect(explainEvent(flow, back, event(said("still broken")), NOW).escalation?.rule).toBe("again");
  });

  it("are not suggested to a customer who waits, and not asked about one with an agent", () => {
    const flow = flowWith();
    let chat = explainEvent(flow, newChat(BOT, "s1", NOW), event(said("a person")), NOW).after;
    for (const text of ["a", "b", "c"]) {
      const explained = explainEvent(flow, chat, event(said(text)), NOW);
      expect(explained.escalation).toBeNull();
      chat = explained.after;
    }
    const withAgent = { ...chat, session: { ...chat.session, control: "agent", agentId: null } } as const;
    expect(explainEvent(flow, withAgent, event(said("a person")), NOW)).toMatchObject({ rules: [], escalation: null });
    expect(explainEvent(flow, withAgent, event({ type: "handoff.requested" }), NOW).escalation?.rule).toBe("asked");
  });

  it("lead to the same rules as in the service, and go on where a recorded session is", async () => {
    const given = fc.constantFrom(
      said("a person please"),
      said("still broken"),
      said("hello"),
      { type: "bot.fallback" },
      { type: "bot.message", text: "Here you are." },
      { type: "handoff.requested" },
      { type: "session.started" },
      { type: "session.ended" },
    );
    const input = [fc.array(given, { minLength: 2, maxLength: 9 }), fc.nat(8), fc.boolean()] as const;
    await fc.assert(
      fc.asyncProperty(...input, async (events, recordedUntil, isClosed) => {
        const closed = {
          hours: { timeZone: "UTC", weekly: { tue: [["09:00", "17:00"] as [string, string]] } },
          outsideHours: { do: "defer" as const, message: "We are back on Tuesday." },
        };
        const flow = flowWith(isClosed ? closed : {});
        const world = createWorld(undefined, { flows: [flow] });
        let chat = newChat(BOT, "s1", world.now());
        for (const [index, one] of events.entries()) {
          if (index === recordedUntil && index > 0) {
            const history = await readHistory(world.service.core, BOT, "s1");
            if (history !== null) chat = recordedChat(history);
          }
          const explained = explainEvent(flow, chat, event(one), world.now());
          chat = explained.after;
          await world.deliver(one);
          const history = await readHistory(world.service.core, BOT, "s1");
          expect(explained.escalation?.rule ?? null, JSON.stringify(events)).toBe(history?.events.at(-1)?.rule ?? null);
          world.move(1_000);
        }
        await world.service.stop();
      }),
      { numRuns: 60 },
    );
  });
});
