import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import { createWorld } from "../support/world.ts";

const ID = "01H0001";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ask = { type: "handoff.requested" };
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const weekly = Object.fromEntries(weekdays.map((day) => [day, [["09:00", "17:00"]]]));
/** 20:00 in Zagreb, thirteen hours before the next opening. */
const EVENING = Date.parse("2026-11-23T19:00:00Z");
const OPENING = Date.parse("2026-11-24T08:00:00Z");

const flowWith = (more: Partial<FlowInput>) =>
  defineFlow({
    name: "patient",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat" },
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    ...more,
  });

type World = ReturnType<typeof createWorld>;
interface Lives {
  /** Milliseconds by which the first process's clock is ahead. */
  aheadMs: number;
  flow?: Partial<FlowInput>;
  startAt?: number;
  callbacks?: NonNullable<Parameters<typeof createWorld>[1]>["callbacks"];
  /** Requests of the first process that never get an answer: it is killed while they are on their way. */
  hangs?: (request: Request) => boolean;
}

/** One process on a clock that is ahead, and the next on the same record, with the right time. */
function createLives({ aheadMs, flow = {}, startAt = EVENING, callbacks, hangs }: Lives) {
  const record = createSqliteRecord(":memory:");
  const given = { record, flows: [flowWith(flow)], ...(callbacks && { callbacks }) };
  let platform: ((request: Request) => Promise<Response>) | null = null;
  return {
    record,
    async live(work: (world: World) => Promise<void>): Promise<void> {
      const answer = (fetch: (request: Request) => Promise<Response>) => (request: Request) =>
        hangs?.(request) ? new Promise<Response>(() => undefined) : fetch(request);
      const world = createWorld(answer, { ...given, startAt: startAt + aheadMs });
      await world.service.resume();
      await work(world);
      if (hangs === undefined) await world.service.stop();
      platform = async (request) => world.emulator.fetch(request);
    },
    /** Starts the next process at the same platform, or at an empty one. */
    async liveAgain(isSame = false): Promise<World> {
      const world = createWorld((fetch) => (isSame && platform) || fetch, { ...given, startAt, handoffsBefore: 1 });
      await world.service.resume();
      return world;
    },
  };
}
const failCreating = (world: World, times: number) =>
  world.emulator.faults.add({ kind: "status", status: 429, operation: "createConversation", times });
const alertsOf = (world: World) => world.lines.filter(({ message }) => message.startsWith("handoff late")).length;
const dueAt = (record: SessionRecord) => record.read((t) => t.handoffs.byId(ID))?.dueAt;

describe("a start by a clock that is behind the one before", () => {
  it.each([
    ["an hour", HOUR],
    ["a year", 365 * DAY],
  ])("keeps no retry waiting: %s", async (_, aheadMs) => {
    const { live, liveAgain } = createLives({ aheadMs });
    await live(async (world) => {
      failCreating(world, 100);
      await world.deliver(ask);
      for (let n = 0; n < 10; n += 1) await world.pass(MINUTE);
      expect(world.handoff(ID)?.state).toBe("pending");
    });
    const world = await liveAgain();
    for (let n = 0; n < 4; n += 1) await world.pass(30_000);
    expect(world.handoff(ID)?.state).toBe("routed");
    expect(world.conversations()).toHaveLength(1);
  });

  it("keeps no later step waiting of a handoff whose earlier ones were on their way when it was killed", async () => {
    const { live, liveAgain, record } = createLives({
      aheadMs: DAY,
      hangs: ({ method, url }) => method !== "GET" && /\/conversations\/[^/]+\/(tags|notes|metadata)$/.test(url),
    });
    await live(async (world) => {
      void world.deliver(ask);
      await expect.poll(() => dueAt(record)).toBeNull();
    });
    const world = await liveAgain(true);
    for (let n = 0; n < 4; n += 1) await world.pass(10_000);
    expect(world.handoff(ID)?.state).toBe("routed");
  });

  it("keeps nothing waiting that an earlier start found on its way, by a clock that was ahead then", async () => {
    const { live, liveAgain, record } = createLives({
      aheadMs: 0,
      hangs: ({ method, url }) => method !== "GET" && /\/conversations\/[^/]+\/(tags|notes|metadata)$/.test(url),
    });
    await live(async (world) => {
      void world.deliver(ask);
      await expect.poll(() => dueAt(record)).toBeNull();
    });
    // It started, and was killed before it could do more.
    await record.commit(({ handoffs }) => {
      handoffs.clockWasAhead(EVENING + DAY);
      handoffs.endInFlight(EVENING + DAY);
    });
    const world = await liveAgain(true);
    for (let n = 0; n < 4; n += 1) await world.pass(10_000);
    expect(world.handoff(ID)?.state).toBe("routed");
  });

  it("keeps nothing waiting of a handoff that an event changed after the clock was set right, and before anybody looked", async () => {
    const { live, liveAgain } = createLives({ aheadMs: DAY, hangs: () => false });
    await live(async (world) => {
      failCreating(world, 100);
      await world.deliver(ask);
      await world.pass(MINUTE);
      world.jump(-DAY);
      await world.deliver({ ...ask, priority: "URGENT", tags: ["vip"] });
      expect(world.handoff(ID)?.state).toBe("pending");
    });
    const world = await liveAgain();
    for (let n = 0; n < 4; n += 1) await world.pass(30_000);
    expect(world.handoff(ID)?.state).toBe("routed");
  });

  it("keeps no words waiting that came while it was ahead", async () => {
    const { live, liveAgain, record } = createLives({ aheadMs: 0, hangs: () => false });
    await live(async (world) => {
      await world.deliver(ask);
      expect(world.handoff(ID)?.state).toBe("routed");
      world.jump(DAY);
      await world.deliver({ type: "customer.message", text: "and my order is 42" });
      expect(dueAt(record)).toBeGreaterThan(EVENING + DAY);
    });
    const world = await liveAgain(true);
    for (let n = 0; n < 4; n += 1) await world.pass(2_000);
    expect(dueAt(record)).toBeNull();
    expect(world.handoff(ID)?.wordsAt).toBeNull();
  });

  it("keeps no handoff waiting whose turn failed", async () => {
    const { live, liveAgain, record } = createLives({ aheadMs: DAY });
    await live(async (world) => {
      failCreating(world, 1);
      await world.deliver(ask);
      await record.commit((t) => t.handoffs.putOff(ID, 3, world.now(), world.now() + 4_000));
    });
    const world = await liveAgain();
    await world.pass(1_000);
    expect(world.handoff(ID)?.state).toBe("routed");
  });

  it("alerts, and says that the customer still waits, in time from now", async () => {
    const waiting = [{ afterSeconds: 600, message: "Still looking." }];
    const { live, liveAgain } = createLives({ aheadMs: DAY, flow: { alertAfterSeconds: 300, waiting } });
    await live(async (world) => {
      await world.deliver(ask);
      expect(world.handoff(ID)?.state).toBe("routed");
    });
    const world = await liveAgain(true);
    for (let n = 0; n < 9; n += 1) await world.pass(30_000);
    expect(alertsOf(world)).toBe(0);
    for (let n = 0; n < 3; n += 1) await world.pass(30_000);
    expect(alertsOf(world)).toBe(1);
    expect(world.handoff(ID)).toMatchObject({ state: "routed", waited: 0 });
    for (let n = 0; n < 10; n += 1) await world.pass(30_000);
    expect(world.handoff(ID)?.waited).toBe(1);
  });

  it("alerts of one that is routed and has nothing else to wait for", async () => {
    const { live, liveAgain, record } = createLives({ aheadMs: DAY, flow: { alertAfterSeconds: 300 } });
    await live(async (world) => {
      await world.deliver(ask);
      await world.pass(2 * MINUTE);
    });
    expect(dueAt(record)).toBeNull();
    const world = await liveAgain(true);
    for (let n = 0; n < 12; n += 1) await world.pass(30_000);
    expect(alertsOf(world)).toBe(1);
  });

  it("asks again when those open who are waited for, and wakes nobody before", async () => {
    const flow: Partial<FlowInput> = {
      hours: { timeZone: "Europe/Zagreb", weekly } as never,
      outsideHours: { do: "defer", message: "At nine." },
    };
    const { live, liveAgain, record } = createLives({ aheadMs: 3 * DAY, flow });
    await live(async (world) => {
      await world.deliver(ask);
      expect(dueAt(record)).toBe(OPENING + 3 * DAY);
    });
    const world = await liveAgain();
    await world.pass(1_000);
    expect(world.handoff(ID)).toMatchObject({ state: "deferred", deferredUntil: OPENING, dueAt: OPENING });
    world.move(OPENING - world.now() - 1_000);
    await world.pass(0);
    expect(world.handoff(ID)?.state).toBe("deferred");
    await world.pass(31_000);
    expect(world.handoff(ID)?.state).toBe("routed");
  });

  it("tells the bot what it was to be told then", async () => {
    let isUp = false;
    const sent: string[] = [];
    const callbacks = {
      botSecrets: new Map([["shop-assistant", ["whsec_c2VjcmV0LW9mLXRoZS1ib3QtMTIzNDU2"]]]),
      send: async ({ body }: { body: string | Uint8Array }) => {
        if (isUp) sent.push(String(body));
        return { kind: "answered", status: isUp ? 204 : 503, retryAfter: null } as const;
      },
    };
    const flow = { callbacks: { url: "https://bot.example/callbacks" } };
    const { live, liveAgain } = createLives({ aheadMs: DAY, flow, callbacks: callbacks as never });
    await live(async (world) => {
      await world.deliver(ask);
      for (let n = 0; n < 4; n += 1) await world.pass(MINUTE);
    });
    expect(sent).toEqual([]);
    isUp = true;
    const world = await liveAgain();
    for (let n = 0; n < 3; n += 1) await world.pass(1_000);
    expect(sent.length).toBeGreaterThan(0);
  });
});

describe("a start by a clock that goes on from the one before", () => {
  it("wakes nothing before its time", async () => {
    const waiting = [{ afterSeconds: 6 * 3_600, message: "Still looking." }];
    const { live, liveAgain, record } = createLives({ aheadMs: -MINUTE, flow: { waiting } });
    await live(async (world) => {
      await world.deliver(ask);
    });
    const before = record.read((t) => t.handoffs.ledger(ID));
    const world = await liveAgain();
    await world.pass(1_000);
    expect(world.record.read((t) => t.handoffs.ledger(ID))).toEqual(before);
  });
});

it("tells of a late handoff before that is durable, so that a crash in between loses no alert", async () => {
  const record = createSqliteRecord(":memory:");
  let isCrashing = false;
  const crashing: SessionRecord = {
    ...record,
    commit: async (work) => {
      const result = await record.commit(work);
      return isCrashing ? new Promise<typeof result>(() => undefined) : result;
    },
  };
  const world = createWorld((fetch) => fetch, { record: crashing, flows: [flowWith({ alertAfterSeconds: 300 })] });
  await world.service.resume();
  await world.deliver(ask);
  isCrashing = true;
  await world.pass(6 * MINUTE);
  expect(record.read((t) => t.handoffs.byId(ID))?.alertedAt).not.toBeNull();
  expect(alertsOf(world)).toBe(1);
});
