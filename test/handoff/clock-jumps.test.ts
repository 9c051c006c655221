import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createDirectory } from "../../src/handoff/account/directory.ts";
import { createSteadyClock } from "../../src/steady-clock.ts";
import { createWorld, SECRET } from "../support/world.ts";

const ID = "01H0001";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ask = { type: "handoff.requested" };

const flowWith = (more: Partial<FlowInput>) =>
  defineFlow({
    name: "shop",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat" },
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    ...more,
  });

const jumps = [
  ["a day ahead", DAY],
  ["a day back", -DAY],
] as const;

describe("working hours at the platform, when the clock jumps", () => {
  const createNight = async () => {
    const probe = createWorld((fetch) => fetch, { flows: [flowWith({})] });
    const [hours = { id: "" }] = probe.emulator.state.workingHours.values();
    const flow = flowWith({ hours: { workingHoursId: hours.id }, outsideHours: { do: "defer", message: "Later." } });
    const world = createWorld((fetch) => fetch, { flows: [flow], startAt: Date.parse("2026-11-25T02:00:00Z") });
    await world.service.resume();
    world.emulator.faults.add({ kind: "status", status: 500, operation: "getWorkingHoursStatus", times: 1_000 });
    return world;
  };

  it.each(jumps)("are believed as long as before, and no longer: %s", async (_, ms) => {
    const world = await createNight();
    world.jump(ms);
    expect((await world.deliver({ ...ask, session: "soon" })).answer.handoffState).toBe("deferred");
    for (let n = 0; n < 11; n += 1) await world.pass(MINUTE);
    expect((await world.deliver({ ...ask, session: "later" })).answer.handoffState).not.toBe("deferred");
  });
});

describe("an account that asks for a pause, when the clock jumps", () => {
  it.each(jumps)("is left alone for as long as it asked: %s", async (_, ms) => {
    const world = createWorld();
    await world.service.resume();
    world.emulator.faults.add({ kind: "status", status: 429, retryAfter: "60", times: 1 });
    await world.deliver(ask);
    const calls = world.operations().length;
    world.jump(ms);
    await world.deliver({ ...ask, session: "s2" });
    for (let n = 0; n < 5; n += 1) await world.pass(10_000);
    expect(world.operations()).toHaveLength(calls);
    for (let n = 0; n < 5; n += 1) await world.pass(10_000);
    expect(world.handoff(ID)?.state).toBe("routed");
  });
});

describe("the poll, when the clock jumps", () => {
  const looks = (world: ReturnType<typeof createWorld>) =>
    world.operations().filter((operation) => operation === "listConversations").length;

  it.each(jumps)("is as rare after a push as before, and no longer: %s", async (_, ms) => {
    const world = createWorld((fetch) => fetch, { flows: [flowWith({})] });
    await world.service.resume();
    await world.deliver(ask);
    const pushed = await world.request("/v1/infobip/default/events", {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
      body: JSON.stringify({
        type: "TAG_CREATED",
        timestamp: new Date(world.now()).toISOString(),
        payload: { id: "X" },
      }),
    });
    expect(pushed.status).toBe(200);
    await world.pass(30_000);
    const before = looks(world);
    world.jump(ms);
    for (let n = 0; n < 8; n += 1) await world.pass(30_000);
    expect(looks(world)).toBe(before);
    for (let n = 0; n < 24; n += 1) await world.pass(30_000);
    const lately = looks(world);
    for (let n = 0; n < 10; n += 1) await world.pass(30_000);
    expect(looks(world) - lately).toBeGreaterThanOrEqual(9);
  });

  it.each(jumps)("reads what an agent writes within its time: %s", async (_, ms) => {
    const told: string[] = [];
    const world = createWorld((fetch) => fetch, {
      flows: [flowWith({ callbacks: { url: "https://shop.example/callbacks", events: ["agent.message"] } })],
      pushes: true,
      callbacks: {
        send: async ({ body }) => {
          told.push(String(body));
          return { kind: "answered", status: 204, retryAfter: null };
        },
        botSecrets: new Map([["shop-assistant", [SECRET]]]),
      },
    });
    await world.service.resume();
    await world.deliver(ask);
    const [agent = { id: "" }] = world.emulator.state.agents.values();
    const id = world.conversations()[0]?.id ?? "";
    const pass = async (times: number) => {
      for (let n = 0; n < times; n += 1) {
        await world.emulator.pushes.idle();
        await world.pass(3_000);
      }
    };
    world.move(1_000);
    world.emulator.desk.take(id, agent.id);
    await pass(12);
    expect(world.handoff(ID)?.state).toBe("assigned");
    world.jump(ms);
    world.emulator.settings.pushDropRate = 1;
    world.emulator.settings.replyWithoutChannel = "accept";
    expect(world.emulator.desk.reply(id, agent.id, "I am here").ok).toBe(true);
    await pass(8);
    expect(told.join()).toContain("I am here");
  });
});

it("an account's bots are read again after as long as before, when the clock was set back", async () => {
  let at = DAY;
  let reads = 0;
  const client = {
    bots: async () => {
      reads += 1;
      return { kind: "ok", value: [{ id: `bot-${reads}` }] };
    },
  };
  const directory = createDirectory(
    client as never,
    createSteadyClock(() => at),
  );
  const isBot = async (id: string) => {
    const outcome = await directory.isBot(id);
    return outcome.kind === "ok" && outcome.value;
  };
  expect(await isBot("bot-1")).toBe(true);
  at -= DAY;
  expect(await isBot("bot-1")).toBe(true);
  at += 11_000;
  // A bot that was created meanwhile is no human.
  expect(await isBot("bot-2")).toBe(true);
});
