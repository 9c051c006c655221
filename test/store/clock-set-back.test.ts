import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import type { Step } from "../../src/model/handoff.ts";
import { createWorld } from "../support/world.ts";

const ID = "01H0001";
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
/** 20:00 in Zagreb, thirteen hours before the next opening. */
const EVENING = Date.parse("2026-11-23T19:00:00Z");
const OPENING = Date.parse("2026-11-24T08:00:00Z");

/** A handoff that was deferred until the next opening, by a clock that was ahead. */
async function createDeferred(aheadMs: number) {
  const flow = defineFlow({
    name: "patient",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat" },
    message: "A colleague comes.",
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    hours: {
      timeZone: "Europe/Zagreb",
      weekly: Object.fromEntries(weekdays.map((day) => [day, [["09:00", "17:00"]]])),
    },
    outsideHours: { do: "defer", message: "At nine." },
  });
  const world = createWorld((fetch) => fetch, { flows: [flow], startAt: EVENING });
  await world.service.resume();
  world.jump(aheadMs);
  await world.deliver({ type: "handoff.requested" });
  expect(world.handoff(ID)).toMatchObject({ state: "deferred", dueAt: OPENING + aheadMs });
  const nextTimes = () => world.record.read((t) => t.handoffs.ledger(ID)?.steps.map(({ nextAt }) => nextAt)) ?? [];
  return { world, nextTimes };
}

describe("a handoff that was put off while the clock was ahead", () => {
  it.each([
    ["a day", DAY],
    ["three days", 3 * DAY],
  ])("is due at once when the clock is set back, and its steps as much earlier: %s", async (_, aheadMs) => {
    const { world, nextTimes } = await createDeferred(aheadMs);
    const before = nextTimes();
    expect(Math.min(...before)).toBeGreaterThan(EVENING);
    await world.record.commit((t) => t.handoffs.clockSetBack(EVENING, aheadMs));
    expect(world.handoff(ID)).toMatchObject({ state: "deferred", dueAt: EVENING });
    expect(nextTimes()).toEqual(before.map((at) => Math.max(EVENING, at - aheadMs)));
  });

  it("waits since now once it was taken up by that clock, not since an opening to come", async () => {
    const { world } = await createDeferred(3 * DAY);
    world.emulator.faults.add({ kind: "status", status: 429, operation: "createConversation", times: 100 });
    world.move(OPENING + 3 * DAY - world.now());
    await world.pass(31_000);
    expect(world.handoff(ID)).toMatchObject({ state: "pending" });
    world.jump(-3 * DAY);
    await world.pass(30_000);
    const { deferredUntil, decision } = world.handoff(ID) ?? {};
    expect(deferredUntil).toBeLessThanOrEqual(world.now());
    expect(decision?.opensAt).toBeLessThanOrEqual(world.now());
    const late = () => world.record.read((t) => t.handoffs.late(world.now(), 10));
    expect(late()).toEqual([]);
    world.move(6 * 60_000);
    expect(late()).toEqual([ID]);
  });

  it("asks its hours again while the service runs, and goes on at the opening", async () => {
    const { world } = await createDeferred(3 * DAY);
    world.jump(-3 * DAY);
    await world.pass(30_000);
    expect(world.handoff(ID)).toMatchObject({ state: "deferred", deferredUntil: OPENING, dueAt: OPENING });
    world.move(OPENING - world.now() - 1_000);
    await world.pass(0);
    expect(world.handoff(ID)?.state).toBe("deferred");
    await world.pass(31_000);
    expect(world.handoff(ID)?.state).toBe("routed");
  });
});

describe("a start that finds a time of the past ahead of the clock", () => {
  const AHEAD = EVENING + DAY;
  const createWaiting = async () => {
    const world = createWorld((fetch) => fetch, { startAt: EVENING });
    await world.service.resume();
    world.emulator.faults.add({ kind: "status", status: 429, operation: "createConversation", times: 100 });
    await world.deliver({ type: "handoff.requested" });
    const ledger = () => {
      const found = world.record.read((t) => t.handoffs.ledger(ID));
      if (found === null) throw new Error("no handoff");
      return found;
    };
    return { world, ledger };
  };

  it.each<[string, Partial<Step>]>([
    ["when it was sent", { sentAt: AHEAD }],
    ["when it was first sent", { firstSentAt: AHEAD }],
    ["since when it is tried", { triesSince: AHEAD }],
  ])("moves it, and what waits with it: %s", async (_, times) => {
    const { world, ledger } = await createWaiting();
    const { handoff, steps } = ledger();
    await world.record.commit((t) => {
      for (const step of steps) t.handoffs.saveStep(ID, { ...step, ...times, nextAt: AHEAD + 5_000 });
      t.handoffs.save({ ...handoff, dueAt: AHEAD + 5_000 }, handoff);
      t.handoffs.clockWasAhead(EVENING);
    });
    expect(ledger().handoff).toMatchObject({ dueAt: EVENING, updatedAt: handoff.updatedAt });
    for (const step of ledger().steps) {
      expect(step.nextAt).toBe(EVENING + 5_000);
      for (const at of [step.sentAt, step.firstSentAt, step.triesSince]) expect(at ?? 0).toBeLessThanOrEqual(EVENING);
    }
  });

  it("moves what was tried, so that no try ends before it began", async () => {
    const { world, ledger } = await createWaiting();
    const [step] = ledger().steps;
    if (step === undefined) throw new Error("no step");
    await world.record.commit((t) => {
      t.handoffs.endAttempt(ID, {
        ...{ position: step.position, fence: 99, sentAt: AHEAD, endedAt: AHEAD + 10, outcome: "unknown" },
        ...{ status: null, requestId: null, code: "reset" },
      });
      t.handoffs.saveStep(ID, { ...step, sentAt: AHEAD });
      t.handoffs.clockWasAhead(EVENING);
    });
    const attempts = world.record.read((t) => t.handoffs.attemptsOf(ID));
    expect(attempts.find(({ fence }) => fence === 99)).toMatchObject({ sentAt: EVENING, endedAt: EVENING });
  });
});

it("a start releases a callback that was released by a clock that was ahead", async () => {
  const world = createWorld((fetch) => fetch, { startAt: EVENING });
  const bot = "shop-assistant";
  const data = {
    ...{ bot, session: "s1", handoffId: null, state: "assigned" as const, control: "agent" as const, reason: null },
    ...{ conversationId: "c1", agent: { id: "a1", name: "Ana" }, text: "Hello Iva" },
  };
  await world.record.commit((t) => {
    const sessionId = t.sessions.open(bot, "s1", EVENING).id;
    for (const id of ["1", "2"]) {
      t.callbacks.add({ id, bot, sessionId, handoffId: null, type: "agent.message", data, now: EVENING });
    }
    const { fence = 0 } = t.callbacks.claim("1", EVENING) ?? {};
    const taken = { sentAt: EVENING, endedAt: EVENING, outcome: "ok" as const, status: 204, code: null };
    t.callbacks.end({ callbackId: "1", fence, ...taken }, { state: "done" }, EVENING + DAY);
    expect(t.callbacks.byId("2")?.nextAt).toBe(EVENING + DAY);
    t.handoffs.clockWasAhead(EVENING);
  });
  expect(world.record.read((t) => t.callbacks.byId("2")?.nextAt)).toBe(EVENING);
});
