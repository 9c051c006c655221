import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
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
