import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const ID = "01H0001";

function createWaiting(waiting: FlowInput["waiting"], more: Partial<FlowInput> = {}) {
  const flow = defineFlow({
    name: "patient",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat {{session}}" },
    tags: ["handoff"],
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    ...(waiting && { waiting }),
    ...more,
  });
  const world = createWorld((fetch) => fetch, { flows: [flow], pushes: true });
  const [agent] = world.emulator.state.agents.values();
  const say = async (text: string) => (await world.deliver({ type: "customer.message", text })).answer;
  const only = () => world.conversations()[0];
  const take = async () => {
    world.move(1_000);
    world.emulator.desk.take(only()?.id ?? "", agent?.id ?? "");
    await world.emulator.pushes.idle();
    await world.dispatcher.idle(ID);
  };
  return { world, say, only, take };
}

describe("a customer who waits for an agent", () => {
  it("is told so with the next answer, once, and the chat is marked", async () => {
    const { world, say, only } = createWaiting([
      { afterSeconds: 60, message: "Still looking, {{session}}.", priority: "URGENT", tags: ["waiting"] },
    ]);
    await world.deliver(ask);
    await world.pass(59_000);
    expect((await say("hello?")).message).toBeNull();
    await world.pass(1_000);
    expect(only()).toMatchObject({ priority: "URGENT", tags: ["handoff", "waiting"], routes: 1 });
    expect(await say("hello?")).toMatchObject({ control: "queue", message: "Still looking, s1." });
    expect((await say("hello?")).message).toBeNull();
  });

  it("is told the same when the message that brought it is sent again", async () => {
    const { world } = createWaiting([{ afterSeconds: 60, message: "Still looking." }]);
    await world.deliver(ask);
    await world.pass(60_000);
    const message = { id: "m-1", type: "customer.message", text: "hello?" };
    expect((await world.deliver(message)).answer.message).toBe("Still looking.");
    expect((await world.deliver(message)).answer).toMatchObject({ outcome: "duplicate", message: "Still looking." });
  });

  it("passes several thresholds, each at its time, also where the service slept through them", async () => {
    const { world, say, only } = createWaiting([
      { afterSeconds: 60, tags: ["one"] },
      { afterSeconds: 120, message: "Sorry." },
      { afterSeconds: 600, tags: ["three"] },
    ]);
    await world.deliver(ask);
    await world.pass(300_000);
    expect(only()?.tags).toEqual(["handoff", "one"]);
    expect((await say("x")).message).toBe("Sorry.");
    await world.pass(300_000);
    expect(only()?.tags).toEqual(["handoff", "one", "three"]);
  });

  it("is not told that once an agent has the chat", async () => {
    const { world, say, only, take } = createWaiting([
      { afterSeconds: 60, message: "Still looking.", tags: ["waiting"] },
    ]);
    await world.deliver(ask);
    await take();
    await world.pass(120_000);
    expect(only()?.tags).toEqual(["handoff"]);
    expect(await say("x")).toMatchObject({ control: "agent", message: null });
  });

  it("goes back to the bot where the flow says so, and no agent sees the chat any more", async () => {
    const { world, say, only } = createWaiting([{ afterSeconds: 60, message: "Nobody came.", giveBack: true }]);
    await world.deliver(ask);
    await world.pass(60_000);
    expect(world.handoff(ID)).toMatchObject({ state: "returned", returnedBecause: "waited" });
    expect(only()).toMatchObject({ status: "CLOSED" });
    expect(await say("x")).toMatchObject({ control: "bot", message: "Nobody came." });
    const { answer } = await world.deliver({ ...ask, id: "later" });
    expect(answer.handoffState).toBe("routed");
    expect(world.conversations()).toHaveLength(2);
  });

  it("is not told what nobody asked for before an agent came", async () => {
    const { world, say, take } = createWaiting([{ afterSeconds: 60, message: "Still looking." }]);
    await world.deliver(ask);
    await world.pass(60_000);
    await take();
    expect(await say("x")).toMatchObject({ control: "agent", message: null });
  });

  it("leaves a chat that is marked before it is closed", async () => {
    const { world, only } = createWaiting([{ afterSeconds: 60, priority: "LOW", tags: ["missed"], giveBack: true }], {
      handBack: { removeTags: ["handoff"] },
    });
    await world.deliver(ask);
    await world.pass(60_000);
    expect(only()).toMatchObject({ status: "CLOSED", priority: "LOW", tags: ["handoff", "missed"] });
    const refused = world.emulator.calls.filter(({ operation, status }) => operation !== "addTag" && status === 400);
    expect(refused).toEqual([]);
  });

  it("has the bot again though the mark cannot be set", async () => {
    const { world, only } = createWaiting([{ afterSeconds: 60, tags: ["missed"], giveBack: true }]);
    await world.deliver(ask);
    world.emulator.faults.add({ kind: "status", status: 500, operation: "addTag", times: 1_000 });
    await world.pass(60_000);
    for (let seconds = 0; seconds < 120; seconds += 10) await world.pass(10_000);
    expect(world.handoff(ID)).toMatchObject({ state: "returned", returnedBecause: "waited" });
    expect(only()?.status).toBe("CLOSED");
  });

  it("stays with the agent who took the chat in the moment it was to go back", async () => {
    const { world, only } = createWaiting([{ afterSeconds: 60, giveBack: true }], {});
    await world.deliver(ask);
    world.emulator.settings.pushDelayMs = 3_600_000;
    const [agent] = world.emulator.state.agents.values();
    world.emulator.desk.take(only()?.id ?? "", agent?.id ?? "");
    await world.pass(60_000);
    expect(only()).toMatchObject({ status: "OPEN", agentId: agent?.id });
    expect(world.handoff(ID)).toMatchObject({ state: "assigned", agentId: agent?.id });
  });
});

describe("a handoff that reaches no agent", () => {
  const late = (world: ReturnType<typeof createWaiting>["world"]) =>
    world.lines.filter(({ level, message }) => level === "error" && message.includes("late"));

  it("is an alert after the flow's time, once, and is listed", async () => {
    const { world } = createWaiting([], { alertAfterSeconds: 120 });
    await world.service.resume();
    await world.deliver(ask);
    for (let seconds = 0; seconds < 105; seconds += 15) await world.pass(15_000);
    expect(late(world)).toEqual([]);
    await world.pass(15_000);
    await world.pass(15_000);
    expect(late(world)).toHaveLength(1);
    for (let seconds = 0; seconds < 300; seconds += 15) await world.pass(15_000);
    expect(late(world)).toHaveLength(1);
    const listed = (await (await world.operate("/handoffs?late=true", "GET")).json()) as { handoffs: unknown[] };
    expect(listed.handoffs).toMatchObject([{ id: ID, state: "routed", lateSince: expect.any(String) }]);
  });

  it("is an alert within two minutes where the platform takes nothing", async () => {
    const { world } = createWaiting([], {});
    await world.service.resume();
    world.emulator.faults.add({ kind: "status", status: 500, operation: "createConversation", times: 1_000 });
    await world.deliver(ask);
    for (let seconds = 0; seconds < 90; seconds += 15) await world.pass(15_000);
    expect(late(world)).toHaveLength(1);
  });

  it("is none where an agent has the chat in time", async () => {
    const { world, take } = createWaiting([], { alertAfterSeconds: 120 });
    await world.service.resume();
    await world.deliver(ask);
    await take();
    for (let seconds = 0; seconds < 300; seconds += 15) await world.pass(15_000);
    expect(late(world)).toEqual([]);
  });
});
