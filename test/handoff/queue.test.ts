import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const ID = "01H0001";

function createQueued(queue: string, keepQueue?: "leave" | "enforce") {
  const flow = defineFlow({
    name: "queued",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat {{session}}", queue, ...(keepQueue && { keepQueue }) },
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
  });
  const world = createWorld((fetch) => fetch, { flows: [flow] });
  const queueId = (name: string) => [...world.emulator.state.queues.values()].find((it) => it.name === name)?.id;
  const stepsOf = (id = ID) =>
    world.record
      .read((t) => t.handoffs.ledger(id))
      ?.steps.filter(({ name }) => name !== "sweep")
      .map(({ name, state }) => `${name} ${state}`);
  const bodiesOf = (operation: string) =>
    world.emulator.calls.filter((call) => call.operation === operation).map(({ body }) => body);
  return { world, queueId, stepsOf, bodiesOf };
}

describe("a queue that a flow names", () => {
  it("is where a new conversation is created, and is found by its name once", async () => {
    const { world, queueId, bodiesOf } = createQueued("VIP");
    world.emulator.settings.routeKeepsQueue = true;
    await world.deliver({ ...ask, session: "a" });
    await world.deliver({ ...ask, session: "b" });
    expect(bodiesOf("createConversation")).toMatchObject([{ queueId: queueId("VIP") }, { queueId: queueId("VIP") }]);
    expect(world.operations().filter((operation) => operation === "listQueues")).toHaveLength(1);
    expect(world.conversations().map((it) => it.queueId)).toEqual([queueId("VIP"), queueId("VIP")]);
  });

  it("is taken by its id too", async () => {
    const { world, queueId } = createQueued("VIP");
    const byId = createQueued(queueId("VIP") ?? "");
    byId.world.emulator.settings.routeKeepsQueue = true;
    await byId.world.deliver(ask);
    expect(byId.world.conversations()[0]?.queueId).toBe(byId.queueId("VIP"));
    expect(world.conversations()).toEqual([]);
  });

  it("is left out where the account has none of that name, with a warning that names no queue", async () => {
    const { world, bodiesOf } = createQueued("Nobody");
    expect((await world.deliver(ask)).answer.handoffState).toBe("routed");
    expect(bodiesOf("createConversation")[0]).not.toHaveProperty("queueId");
    const warnings = world.lines.filter(({ message }) => message.includes("no such queue"));
    expect(warnings.length).toBeGreaterThan(0);
    expect(JSON.stringify(warnings)).not.toContain("Nobody");
  });

  it("that the account does not have is said to be left out, in the answer and with the handoff", async () => {
    const { world, stepsOf, queueId } = createQueued("Nobody");
    const { answer } = await world.deliver(ask);
    expect(answer.leftOut).toEqual(["queue"]);
    expect(stepsOf()?.slice(-2)).toEqual(["route done", "queue:after refused"]);
    expect(world.handoff(ID)?.decision).toMatchObject({ queue: null, leftOut: { queue: "Nobody" } });

    const adopted = await world.deliver({ ...ask, session: "s2", queue: "Statuss", conversationId: "unknown-to-us" });
    expect(adopted.answer.leftOut).toEqual(["queue"]);
    const named = await world.deliver({ ...ask, session: "s3", queue: "VIP" });
    expect(named.answer.leftOut).toBeUndefined();
    expect(world.conversations().at(-1)?.queueId).toBe(queueId("VIP"));
    expect(world.handoff("01H0003")?.decision).toMatchObject({ queue: "VIP", leftOut: { queue: null } });
  });

  it("that was made after the names were read is found all the same", async () => {
    const { world, queueId } = createQueued("Later");
    world.emulator.settings.routeKeepsQueue = true;
    await world.deliver({ ...ask, session: "a" });
    const made = await world.emulator.fetch(
      new Request("https://emulator.invalid/ccaas/1/queues", {
        method: "POST",
        headers: { authorization: "App k", "content-type": "application/json" },
        body: JSON.stringify({ name: "Later" }),
      }),
    );
    expect(made.status).toBe(200);
    await world.pass(10_000);
    await world.deliver({ ...ask, session: "b" });
    const [before, after] = world.conversations().map((it) => it.queueId);
    expect(after).toBe(queueId("Later"));
    expect(before).not.toBe(after);
  });

  it.each([
    ["leave", "Support"],
    ["enforce", "VIP"],
    [undefined, "VIP"],
  ] as const)("where the route moved the conversation elsewhere: %s", async (keepQueue, where) => {
    const { world, queueId, stepsOf } = createQueued("VIP", keepQueue);
    world.emulator.settings.noRuleMatch = "default-queue";
    await world.deliver(ask);
    expect(world.handoff(ID)?.state).toBe("routed");
    const name = [...world.emulator.state.queues.values()].find(
      ({ id }) => id === world.conversations()[0]?.queueId,
    )?.name;
    const { queue, leftOut } = world.handoff(ID)?.decision ?? {};
    if (where === "VIP") {
      expect(world.conversations()[0]?.queueId).toBe(queueId("VIP"));
      expect({ queue, missing: leftOut?.queue }).toEqual({ queue: "VIP", missing: null });
    } else {
      expect(name).not.toBe("VIP");
      expect({ queue, missing: leftOut?.queue }).toEqual({ queue: world.conversations()[0]?.queueId, missing: "VIP" });
    }
    expect(stepsOf()?.slice(-2)).toEqual(["route done", "queue:after done"]);
  });

  it("is set on an adopted conversation in a step of its own before the route, and not under a person", async () => {
    const { world, queueId, stepsOf } = createQueued("VIP");
    world.emulator.settings.routeKeepsQueue = true;
    await world.deliver({ ...ask, conversationId: await world.open() });
    expect(stepsOf()?.slice(-3)).toEqual(["queue done", "route done", "queue:after done"]);
    expect(world.conversations()[0]?.queueId).toBe(queueId("VIP"));

    const [human] = world.emulator.state.agents.keys();
    await world.deliver({ ...ask, session: "s2", conversationId: await world.open({ agentId: human }) });
    expect(stepsOf("01H0002")?.slice(-3)).toEqual(["queue skipped", "route skipped", "queue:after skipped"]);
    expect(world.conversations()[1]).toMatchObject({ queueId: null, agentId: human });
    expect(world.handoff("01H0002")?.decision).toMatchObject({ queue: null, leftOut: { queue: "VIP" } });
  });

  it("is the last thing done where a person took the conversation meanwhile", async () => {
    const { world, stepsOf } = createQueued("VIP");
    const id = await world.open();
    const [human] = world.emulator.state.agents.keys();
    world.emulator.onCall(({ operation }) => {
      if (operation === "createNote") Object.assign(world.conversations()[0] ?? {}, { agentId: human });
    });
    await world.deliver({ ...ask, conversationId: id });
    expect(world.handoff(ID)).toMatchObject({ state: "assigned", agentId: human });
    expect(stepsOf()?.slice(-3)).toEqual(["queue skipped", "route skipped", "queue:after skipped"]);
    expect(world.conversations()[0]).toMatchObject({ agentId: human, routes: 0 });
  });
});

describe("what is left to do after the route", () => {
  it.each([
    ["refused", { kind: "status", status: 400 } as const],
    ["refused for its credentials", { kind: "status", status: 401 } as const],
    ["lost", { kind: "reset" } as const],
  ])("does not take the customer back from the queue when it is %s", async (_, fault) => {
    const { world } = createQueued("VIP", "enforce");
    world.emulator.faults.add({ operation: "patchConversation", ...fault });
    await world.deliver(ask);
    expect(world.handoff(ID)).toMatchObject({ state: "routed", parkedBecause: null });
    await world.pass(60_000);
    expect(world.handoff(ID)?.state).toBe("routed");
    const session = world.record.read((t) => t.sessions.find("shop-assistant", "s1"));
    expect(session?.control).toBe("queue");
  });

  it("is given up after a day, without a person being called", async () => {
    const { world, stepsOf } = createQueued("VIP", "enforce");
    world.emulator.faults.add({ operation: "getConversation", kind: "refuse", times: 10_000 });
    await world.deliver(ask);
    for (let hour = 0; hour < 26; hour += 1) await world.pass(3_600_000);
    expect(world.handoff(ID)).toMatchObject({ state: "routed", dueAt: null });
    expect(stepsOf()?.at(-1)).toBe("queue:after refused");
  });
});
