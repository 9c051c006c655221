import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const ID = "01H0001";
const LATER = "We write to you at nine.";
const HOUR_MS = 3_600_000;
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const daily = Object.fromEntries(weekdays.map((day) => [day, [["09:00", "17:00"]]]));

const flowWith = (
  outsideHours: FlowInput["outsideHours"],
  hours: unknown = { timeZone: "Europe/Zagreb", weekly: daily },
) =>
  defineFlow({
    name: "hours",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat {{session}}" },
    message: "A colleague takes over.",
    rules: [{ reason: "asked", when: { event: "handoff.requested" }, message: "One moment." }],
    hours: hours as FlowInput["hours"],
    ...(outsideHours && { outsideHours }),
  });

/** 20:00 in Zagreb, thirteen hours before the next opening. */
const EVENING = Date.parse("2026-11-23T19:00:00Z");
const OPENING = Date.parse("2026-11-24T08:00:00Z");

const createEvening = (outsideHours: FlowInput["outsideHours"], startAt = EVENING) =>
  createWorld((fetch) => fetch, { flows: [flowWith(outsideHours)], startAt });

describe("outside a flow's hours", () => {
  it("a handoff is queued all the same, with the text for that", async () => {
    const world = createEvening({ do: "queue", message: "We are back at nine." });
    expect((await world.deliver(ask)).answer).toMatchObject({
      handoffState: "routed",
      message: "We are back at nine.",
    });
  });

  it("nobody is waited for before opening: no text, no alert", async () => {
    const flow = { ...flowWith({ do: "queue" }), waiting: [] };
    const patient = defineFlow({
      ...flow,
      waiting: [{ afterSeconds: 60, message: "Still looking." }],
      alertAfterSeconds: 120,
    });
    const world = createWorld((fetch) => fetch, { flows: [patient], startAt: EVENING });
    await world.service.resume();
    await world.deliver(ask);
    await world.pass(12 * HOUR_MS);
    const say = async () => (await world.deliver({ type: "customer.message", text: "hello?" })).answer.message;
    const alerts = () => world.lines.filter(({ message }) => message.includes("late"));
    expect(await say()).toBeNull();
    await world.pass(HOUR_MS + 60_000);
    expect(await say()).toBe("Still looking.");
    expect(alerts()).toEqual([]);
    await world.pass(60_000);
    await world.pass(15_000);
    expect(alerts()).toHaveLength(1);
  });

  it("a handoff is declined with its text: none is opened, and nothing is sent", async () => {
    const world = createEvening({ do: "decline", message: "We are back at nine." });
    const { answer } = await world.deliver({ ...ask, id: "a" });
    expect(answer).toEqual({
      outcome: "accepted",
      control: "bot",
      handoffId: null,
      handoffState: null,
      reason: "asked",
      conversationId: null,
      message: "We are back at nine.",
    });
    expect(world.operations()).toEqual([]);
    // A repetition gets the same answer.
    expect((await world.deliver({ ...ask, id: "a" })).answer).toEqual({ ...answer, outcome: "duplicate" });
  });

  it("a handoff is put off until opening, and routed then", async () => {
    const world = createEvening({ do: "defer", message: "We write to you at nine." });
    const { answer } = await world.deliver(ask);
    expect(answer).toMatchObject({ handoffState: "deferred", control: "bot", message: "We write to you at nine." });
    expect(world.handoff(ID)?.deferredUntil).toBe(OPENING);
    await world.pass(12 * HOUR_MS);
    expect(world.operations()).toEqual([]);
    await world.pass(HOUR_MS);
    expect(world.handoff(ID)).toMatchObject({ state: "routed" });
    expect(world.conversations()).toMatchObject([{ routes: 1 }]);
  });

  it("what is said of the delay is said once, and not again at opening", async () => {
    const world = createWorld((fetch) => fetch, {
      flows: [
        defineFlow({
          ...flowWith({ do: "defer", message: "We write to you at nine." }),
          texts: "send",
          callbacks: { url: "https://bot.invalid/", events: ["handoff.routed"] },
        }),
      ],
      startAt: EVENING,
    });
    expect((await world.deliver(ask)).answer.message).toBe("We write to you at nine.");
    await world.pass(13 * HOUR_MS);
    expect(world.handoff(ID)?.state).toBe("routed");
    expect(world.operations()).not.toContain("createMessage");
    const told = world.record.read((t) => t.callbacks.ofHandoff(ID));
    expect(told.map(({ type, data }) => [type, data?.message])).toEqual([["handoff.routed", undefined]]);
  });

  it("a further request joins the one that is put off", async () => {
    const world = createEvening({ do: "defer", message: LATER });
    await world.deliver(ask);
    const { answer } = await world.deliver({ ...ask, reason: "please" });
    expect(answer).toMatchObject({ handoffState: "deferred", handoffId: ID });
    await world.pass(13 * HOUR_MS);
    const { notes = [] } = world.conversations()[0] ?? {};
    expect(notes.map(({ content }) => content)).toEqual([
      expect.stringContaining("Asked again by bot shop-assistant 20:00: please\n"),
    ]);
    expect(world.conversations()[0]?.routes).toBe(1);
  });

  it("what was put off is routed at opening across a restart", async () => {
    const record = createSqliteRecord(":memory:");
    const flows = [flowWith({ do: "defer", message: LATER })];
    const first = createWorld((fetch) => fetch, { flows, record, startAt: EVENING });
    await first.deliver(ask);
    await first.service.stop();

    const early = createWorld((fetch) => fetch, { flows, record, startAt: OPENING - HOUR_MS });
    await early.service.resume();
    await early.pass(30 * 60_000);
    expect(early.handoff(ID)?.state).toBe("deferred");
    await early.service.stop();

    const late = createWorld((fetch) => fetch, { flows, record, startAt: OPENING + 5 });
    await late.service.resume();
    await late.pass(20);
    expect(late.handoff(ID)?.state).toBe("routed");
  });

  it("what was put off is routed at nine by the clock of the place, when that clock changed meanwhile", async () => {
    // 24 October, 20:00 in Zagreb; nine o'clock the next morning is an hour later in UTC.
    const startAt = Date.parse("2026-10-24T18:00:00Z");
    const world = createEvening({ do: "defer", message: LATER }, startAt);
    await world.deliver(ask);
    await world.pass(Date.parse("2026-10-25T07:30:00Z") - startAt);
    expect(world.handoff(ID)?.state).toBe("deferred");
    await world.pass(30 * 60_000);
    expect(world.handoff(ID)?.state).toBe("routed");
  });

  it("what was put off waits on where the machine's clock was set back", async () => {
    const world = createEvening({ do: "defer", message: LATER });
    await world.deliver(ask);
    world.move(-6 * HOUR_MS - (EVENING - Date.parse("2026-11-23T19:00:00Z")));
    await world.pass(19 * HOUR_MS - 1_000);
    expect(world.handoff(ID)?.state).toBe("deferred");
    await world.pass(1_000);
    expect(world.handoff(ID)?.state).toBe("routed");
  });
});

describe("a clock that was hours ahead when a flow was closed", () => {
  it.each(["queue", "defer"] as const)("does not delay what is said while the customer waits: %s", async (course) => {
    const flow = defineFlow({
      ...flowWith({ do: course, message: LATER }),
      waiting: [{ afterSeconds: 60, message: "Still looking." }],
    });
    // By the clock it is an hour before the next day's opening, in truth before today's.
    const world = createWorld((fetch) => fetch, { flows: [flow], startAt: OPENING - HOUR_MS });
    await world.service.resume();
    await world.deliver(ask);
    world.jump(-24 * HOUR_MS);
    for (let minutes = 0; minutes < 70; minutes += 1) await world.pass(60_000);
    expect(world.handoff(ID)?.state).toBe("routed");
    expect((await world.deliver({ type: "customer.message", text: "hello?" })).answer.message).toBe("Still looking.");
  });
});

describe("hours that the account has at Infobip", () => {
  const createPlatformHours = async (startAt: number) => {
    const probe = createWorld();
    const [hours] = probe.emulator.state.workingHours.values();
    if (hours === undefined) throw new Error("the emulator has no working hours");
    const flows = [flowWith({ do: "defer", message: LATER }, { workingHoursId: hours.id })];
    const world = createWorld((fetch) => fetch, { flows, startAt });
    await world.service.resume();
    const asked = () => world.operations().filter((operation) => operation === "getWorkingHoursStatus").length;
    return { world, hours, asked };
  };

  it("are read at the start and each minute, not with each chat", async () => {
    const { world, asked } = await createPlatformHours(Date.parse("2026-11-25T11:00:00Z"));
    for (const session of ["a", "b", "c"]) {
      expect((await world.deliver({ ...ask, session })).answer.handoffState).toBe("routed");
    }
    expect(asked()).toBe(1);
    await world.pass(60_000);
    expect(asked()).toBe(2);
  });

  it("put a handoff off until they are open", async () => {
    const { world } = await createPlatformHours(Date.parse("2026-11-25T02:00:00Z"));
    const { answer, received } = await world.deliver(ask);
    expect(answer.handoffState).toBe("deferred");
    for (let minutes = 0; minutes < 12 * 60; minutes += 1) await world.pass(60_000);
    expect(world.handoff(received.handoffId ?? "")?.state).toBe("routed");
  });

  it("are taken to be open where the platform does not tell", async () => {
    const { world } = await createPlatformHours(Date.parse("2026-11-25T02:00:00Z"));
    world.emulator.faults.add({ kind: "status", status: 500, operation: "getWorkingHoursStatus", times: 1_000 });
    for (let minutes = 0; minutes < 11; minutes += 1) await world.pass(60_000);
    expect((await world.deliver(ask)).answer.handoffState).toBe("routed");
    expect(world.lines.filter(({ message }) => message.includes("working hours"))).toHaveLength(1);
  });
});
