import { describe, expect, it } from "vitest";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested", reason: "wants a refund" };
const LATE_LIST_MS = 3_500;

/** A world whose first create took effect without an answer, and whose list shows it too late for the first look. */
async function withLostCreate() {
  const world = createWorld();
  world.emulator.settings.listLagMs = LATE_LIST_MS;
  world.emulator.faults.add({ operation: "createConversation", when: "after", kind: "reset" });
  await world.deliver(ask);
  const statuses = () => world.conversations().map(({ status }) => status);
  return { world, statuses };
}

describe("a create that was repeated", () => {
  it("is looked for again before the tags: the oldest is kept, the others are closed", async () => {
    const { world, statuses } = await withLostCreate();
    world.emulator.onCall(({ operation }) => {
      if (operation === "createConversation") world.emulator.settings.listLagMs = 0;
    });
    await world.pass(world.settings.quietMs);
    expect(statuses()).toEqual(["OPEN", "CLOSED"]);
    expect(world.handoff("01H0001")).toMatchObject({ state: "routed", conversationId: world.conversations()[0]?.id });
    expect(world.operations().slice(0, 6)).toEqual([
      "createConversation",
      "listConversations",
      "createConversation",
      "listConversations",
      "patchConversation",
      "addTag",
    ]);
  });

  it("keeps nobody waiting for what comes later: that is closed when the last late effect has come", async () => {
    const { world, statuses } = await withLostCreate();
    await world.pass(world.settings.quietMs);
    expect(world.handoff("01H0001")?.state).toBe("routed");
    expect(statuses()).toEqual(["OPEN", "OPEN"]);
    await world.pass(world.settings.lateMs - 100);
    expect(statuses()).toEqual(["OPEN", "OPEN"]);
    await world.pass(100);
    expect(statuses()).toEqual(["CLOSED", "OPEN"]);
    expect(world.handoff("01H0001")).toMatchObject({ dueAt: null, conversationId: world.conversations()[1]?.id });
  });

  it("is swept when its handoff is parked, too", async () => {
    const { world, statuses } = await withLostCreate();
    world.emulator.faults.add({ operation: "createConversation", when: "after", kind: "reset" });
    await world.pass(world.settings.quietMs);
    world.emulator.settings.listLagMs = 2 * LATE_LIST_MS;
    world.emulator.faults.add({ operation: "createConversation", kind: "status", status: 400 });
    await world.pass(world.settings.quietMs);
    expect(world.handoff("01H0001")?.state).toBe("parked");
    await world.pass(world.settings.lateMs);
    expect(statuses()).toEqual(["OPEN", "CLOSED"]);
    expect(world.handoff("01H0001")).toMatchObject({ state: "parked", dueAt: null });
  });

  it("stays routed when the last look is refused for wrong credentials, and looks again", async () => {
    const { world, statuses } = await withLostCreate();
    await world.pass(world.settings.quietMs);
    world.emulator.faults.add({ operation: "listConversations", kind: "status", status: 401 });
    await world.pass(world.settings.lateMs);
    expect(world.handoff("01H0001")?.state).toBe("routed");
    await world.pass(world.settings.askEveryMs);
    await world.pass(world.settings.askEveryMs);
    expect(statuses()).toEqual(["CLOSED", "OPEN"]);
  });

  it("is swept at its time, also when its handoff was parked and goes on", async () => {
    const { world, statuses } = await withLostCreate();
    world.emulator.faults.add({ operation: "addTag", kind: "status", status: 401 });
    await world.pass(world.settings.quietMs);
    expect(world.handoff("01H0001")?.state).toBe("parked");
    await world.pass(world.settings.askEveryMs);
    await expect.poll(() => world.handoff("01H0001")?.state).toBe("routed");
    expect(world.handoff("01H0001")).toMatchObject({ parkedBecause: null, parkedFor: null });
    expect(statuses()).toEqual(["OPEN", "OPEN"]);
    for (let passed = 0; passed < 2 * world.settings.lateMs; passed += 10_000) await world.pass(10_000);
    expect(statuses()).toEqual(["CLOSED", "OPEN"]);
  });

  it("leaves a duplicate that somebody has to them", async () => {
    const { world, statuses } = await withLostCreate();
    const [agent] = world.emulator.state.agents.keys();
    Object.assign(world.conversations()[0] ?? {}, { agentId: agent });
    await world.pass(world.settings.quietMs);
    await world.pass(world.settings.lateMs);
    expect(statuses()).toEqual(["OPEN", "OPEN"]);
  });
});

describe("a look before something is repeated", () => {
  it("waits as long as a 5xx asks for", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "createConversation", kind: "status", status: 503, retryAfter: "9" });
    await world.deliver(ask);
    await world.pass(8_900);
    expect(world.operations()).toEqual(["createConversation"]);
    await world.pass(100);
    expect(world.handoff("01H0001")?.state).toBe("routed");
  });

  it("does not take its own change of queue for a route that was done", async () => {
    const world = createWorld();
    const conversationId = await world.open();
    world.emulator.faults.add({ operation: "route", kind: "reset" });
    await world.deliver({ ...ask, conversationId, queue: "VIP" });
    await world.pass(world.settings.quietMs);
    expect(world.handoff("01H0001")?.state).toBe("routed");
    expect(world.conversations()[0]?.routes).toBe(1);
  });
});
