import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import type { HandoffSettings } from "../../src/handoff/settings.ts";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested" };

const flowOf = (name: string, account: string, bots: string[] = [name]) =>
  defineFlow({
    name,
    bots,
    account,
    conversation: { topic: "Chat {{session}}" },
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
  });
const one = flowOf("one", "default");

function createOne(settings: Partial<HandoffSettings>) {
  return createWorld((fetch) => fetch, { flows: [one], settings });
}
const sendsOf = (world: ReturnType<typeof createWorld>, id: string) =>
  world.record.read((t) => t.handoffs.ledger(id))?.steps.map(({ sends }) => sends);

describe("the breaker of an account", () => {
  it("leaves a failing platform alone, counts nothing as sent, then tries one attempt and goes on", async () => {
    const world = createOne({ breakAfter: 3 });
    world.emulator.faults.add({ kind: "refuse", times: 3 });
    await world.deliver({ ...ask, session: "a" }, "one");
    await world.deliver({ ...ask, session: "b" }, "one");
    await world.deliver({ ...ask, session: "c" }, "one");
    expect(world.operations()).toHaveLength(3);
    expect(world.lines.filter(({ level }) => level === "error")).toMatchObject([{ fields: { account: "default" } }]);

    const { answer } = await world.deliver({ ...ask, session: "d" }, "one");
    expect(answer).toMatchObject({ handoffState: "pending", control: "queue" });
    expect(sendsOf(world, "01H0004")?.[0]).toBe(0);
    await world.pass(world.settings.openMs - 1);
    expect(world.operations()).toHaveLength(3);

    // Its first attempt fails too: the pause doubles.
    world.emulator.faults.add({ kind: "refuse" });
    await world.pass(1);
    expect(world.operations()).toHaveLength(4);
    await world.pass(world.settings.openMs * 2 - 1);
    expect(world.operations()).toHaveLength(4);
    await world.pass(1);
    for (let second = 0; second < 3; second += 1) await world.pass(1_000);
    const states = ["01H0001", "01H0002", "01H0003", "01H0004"].map((id) => world.handoff(id)?.state);
    expect(states).toEqual(["routed", "routed", "routed", "routed"]);
    expect(world.conversations()).toHaveLength(4);
  });

  it("takes five hundreds and lost answers as failures, and a refusal as an answer", async () => {
    const world = createOne({ breakAfter: 2 });
    world.emulator.faults.add({ operation: "createConversation", kind: "status", status: 400 });
    world.emulator.faults.add({ operation: "createConversation", kind: "status", status: 500 });
    for (const session of ["a", "b"]) await world.deliver({ ...ask, session }, "one");
    await world.deliver({ ...ask, session: "c" }, "one");
    expect(world.handoff("01H0003")?.state).toBe("routed");
    world.emulator.faults.add({ kind: "status", status: 503 }, { kind: "reset" });
    for (const session of ["d", "e", "f"]) await world.deliver({ ...ask, session }, "one");
    expect(sendsOf(world, "01H0006")?.[0]).toBe(0);
  });

  it("lets one attempt through first, also where a handoff has several to make", async () => {
    const world = createWorld((fetch) => fetch, { settings: { breakAfter: 2 } });
    world.emulator.faults.add({ kind: "refuse", skip: 1, times: 100 });
    await world.deliver(ask);
    const before = world.operations();
    expect(before).toHaveLength(5);
    await world.pass(world.settings.openMs);
    expect(world.operations()).toHaveLength(6);
    world.emulator.faults.clear();
    await world.pass(world.settings.openMs * 2);
    await world.pass(1_000);
    expect(world.handoff("01H0001")?.state).toBe("routed");
  });

  it("parks after a day also what it never let through", async () => {
    const world = createOne({ breakAfter: 1, openMs: 3_600_000, longestOpenMs: 3_600_000 });
    world.emulator.faults.add({ kind: "refuse", times: 100_000 });
    const ids = Array.from({ length: 40 }, (_, n) => `01H${String(n + 1).padStart(4, "0")}`);
    for (const session of ids) await world.deliver({ ...ask, session }, "one");
    for (let hour = 0; hour < 23; hour += 1) await world.pass(3_600_000);
    expect(new Set(ids.map((id) => world.handoff(id)?.state))).toEqual(new Set(["pending"]));
    for (let hour = 0; hour < 3; hour += 1) await world.pass(3_600_000);
    expect(new Set(ids.map((id) => world.handoff(id)?.state))).toEqual(new Set(["parked"]));
    expect(ids.map((id) => sendsOf(world, id)?.[0])).toContain(0);
  });
});

describe("a pause that the platform asks for", () => {
  it.each([
    ["seconds", "4", 4_000],
    ["a date", new Date(Date.parse("2026-11-23T10:00:07Z")).toUTCString(), 7_000],
    ["something absurd: ten minutes", "999999", 600_000],
    ["nothing: a growing wait of its own", undefined, 500],
  ])("holds the whole account for %s", async (_, retryAfter, ms) => {
    const world = createOne({});
    world.emulator.faults.add({ kind: "status", status: 429, ...(retryAfter && { retryAfter }) });
    await world.deliver({ ...ask, session: "a" }, "one");
    await world.deliver({ ...ask, session: "b" }, "one");
    await world.pass(ms - 1);
    expect(world.operations()).toHaveLength(1);
    await world.pass(1);
    await world.pass(1_000);
    expect(["01H0001", "01H0002"].map((id) => world.handoff(id)?.state)).toEqual(["routed", "routed"]);
  });
});

describe("the limit of an account", () => {
  it("has no more attempts on their way than it allows, and all end", async () => {
    let onTheirWay = 0;
    let most = 0;
    const world = createWorld(
      (fetch) => async (request) => {
        onTheirWay += 1;
        most = Math.max(most, onTheirWay);
        await new Promise((resolve) => setTimeout(resolve, 1));
        onTheirWay -= 1;
        return fetch(request);
      },
      { flows: [one], settings: { attemptsAtOnce: 3 } },
    );
    const sessions = Array.from({ length: 12 }, (_, index) => `s${index}`);
    await Promise.all(sessions.map((session) => world.deliver({ ...ask, session }, "one")));
    expect(world.record.read((t) => t.handoffs.list({ state: "routed" }, 100))).toHaveLength(12);
    expect(most).toBe(3);
  });
});

describe("the places of an account", () => {
  it("are as many as it may have, and who comes later waits for one", async () => {
    let release = (): void => undefined;
    const open = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = 0;
    const world = createWorld(
      (fetch) => async (request) => {
        asked += 1;
        await open;
        return fetch(request);
      },
      { flows: [one], settings: { handoffsAtOnce: 2 } },
    );
    const all = Promise.all(["a", "b", "c", "d", "e"].map((session) => world.deliver({ ...ask, session }, "one")));
    await expect.poll(() => asked).toBe(2);
    await expect.poll(() => world.record.read((t) => t.handoffs.list({}, 10))).toHaveLength(5);
    expect(asked).toBe(2);
    release();
    await all;
    expect(world.record.read((t) => t.handoffs.list({ state: "routed" }, 10))).toHaveLength(5);
  });
});

describe("fairness", () => {
  it("does not let an account that hangs keep another's customers waiting", async () => {
    const world = createWorld(
      (fetch) => (request) =>
        request.headers.get("authorization")?.endsWith("slow") ? new Promise(() => {}) : fetch(request),
      { flows: [flowOf("slow", "slow"), flowOf("fast", "fast")] },
    );
    for (let n = 0; n < 500; n += 1) {
      void world.receive.receive("slow", "baton", {
        event: world.event({ ...ask, session: `s${n}` }),
        hasSenderId: true,
      });
    }
    const { answer } = await world.deliver({ ...ask, session: "mine" }, "fast");
    expect(answer.handoffState).toBe("routed");
  });

  it("lets the bots of an account take turns, also when they are taken up from the record", async () => {
    const world = createWorld((fetch) => fetch, {
      flows: [flowOf("both", "default", ["crowd", "single"])],
      settings: { handoffsAtOnce: 1, attemptsAtOnce: 1 },
    });
    world.emulator.faults.add({ kind: "status", status: 429, retryAfter: "60" });
    await world.deliver({ ...ask, session: "first" }, "crowd");
    for (let n = 0; n < 300; n += 1) await world.deliver({ ...ask, session: `s${n}` }, "crowd");
    await world.deliver({ ...ask, session: "mine" }, "single");
    expect(world.operations()).toHaveLength(1);
    await world.pass(60_000);
    const before = world.conversations().findIndex(({ metadata }) => metadata?.baton_bot === "single");
    expect(before).toBeGreaterThanOrEqual(0);
    expect(before).toBeLessThan(3);
  });
});
