import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { createWorld, SECRET } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const DAY = 24 * 3_600_000;

/** Gives work that nobody awaits its turns. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A platform that holds some answers until the test releases them. */
function createHeld() {
  const waiting: (() => void)[] = [];
  let isHolding = true;
  return {
    wait: () => (isHolding ? new Promise<void>((resolve) => waiting.push(resolve)) : Promise.resolve()),
    letGo(): void {
      isHolding = false;
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

describe("a clock that jumps while requests are on their way", () => {
  it.each([
    ["31 s ahead", 31_000],
    ["a day ahead", DAY],
    ["a day back", -DAY],
  ])("writes nothing twice: %s", async (_, ms) => {
    const [notes, tags] = [createHeld(), createHeld()];
    const world = createWorld((fetch) => async (request) => {
      if (request.method === "POST" && /\/notes$/.test(request.url)) await notes.wait();
      if (request.method === "POST" && /\/conversations\/[^/]+\/tags$/.test(request.url)) await tags.wait();
      return fetch(request);
    });
    await world.service.resume();
    const done = world.deliver(ask);
    await turns();
    world.move(ms);
    tags.letGo();
    await turns();
    notes.letGo();
    await turns();
    await done;
    for (let n = 0; n < 5; n += 1) await world.pass(30_000);
    expect(world.conversations()).toHaveLength(1);
    expect(world.conversations()[0]?.notes).toHaveLength(1);
    expect(world.operations().filter((operation) => operation === "createNote")).toHaveLength(1);
    expect(world.operations().filter((operation) => operation === "route")).toHaveLength(1);
    expect(world.handoff("01H0001")?.state).toBe("routed");
  });
});

describe("a push with a time in the future", () => {
  async function createRouted() {
    const world = createWorld((fetch) => fetch, { pushes: true });
    await world.service.resume();
    const rest = async () => {
      for (let n = 0; n < 3; n += 1) {
        for (const { pushes } of world.emulators.values()) await pushes.idle();
        await world.pass(100);
      }
    };
    await world.deliver(ask);
    await rest();
    const [agent] = world.emulator.state.agents.values();
    const [conversation] = world.conversations();
    if (agent === undefined || conversation === undefined) throw new Error("there are agents and a conversation");
    const push = (type: string, ms: number, fields: object) =>
      world.request("/v1/infobip/default/events", {
        method: "POST",
        headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
        body: JSON.stringify({
          type,
          timestamp: new Date(world.now() + ms).toISOString(),
          payload: { id: conversation.id, ...fields },
        }),
      });
    const state = () => world.handoff("01H0001")?.state;
    return { world, rest, agent, id: conversation.id, push, state };
  }
  const assigned = (id: string) => ({ assignee: { id, name: "Ana", role: "AGENT" } });

  it("counts as now: what happens afterwards is believed", async () => {
    const { world, rest, agent, id, push, state } = await createRouted();
    await push("CONVERSATION_ASSIGNMENT_UPDATED", DAY, assigned(agent.id));
    await rest();
    expect(state()).toBe("assigned");
    world.move(2_000);
    world.emulator.desk.take(id, agent.id);
    await rest();
    world.move(1_000);
    world.emulator.desk.assign(id, agent.id, null);
    await rest();
    expect(state()).toBe("routed");
  });

  it("is as old as when it first came, however often it comes", async () => {
    const { world, rest, agent, push, state } = await createRouted();
    const timestamp = DAY;
    await push("CONVERSATION_ASSIGNMENT_UPDATED", timestamp, assigned(agent.id));
    world.move(5_000);
    await push("CONVERSATION_ASSIGNMENT_UPDATED", 0, { assignee: { id: null, name: null } });
    await rest();
    expect(state()).toBe("routed");
    world.move(60_000);
    await push("CONVERSATION_ASSIGNMENT_UPDATED", timestamp - 65_300, assigned(agent.id));
    await rest();
    expect(state()).toBe("routed");
  });

  it("closes for good, whatever its time", async () => {
    for (const ms of [DAY, -DAY]) {
      const { world, rest, agent, push, state } = await createRouted();
      await push("CONVERSATION_STATUS_UPDATED", ms, { status: "CLOSED", assignee: { id: null, name: null } });
      await rest();
      expect(state()).toBe("returned");
      world.move(2_000);
      await push("CONVERSATION_ASSIGNMENT_UPDATED", 2 * DAY, { status: "OPEN", ...assigned(agent.id) });
      await push("CONVERSATION_STATUS_UPDATED", 2 * DAY, { status: "OPEN", ...assigned(agent.id) });
      await rest();
      expect(state()).toBe("returned");
    }
  });
});

describe("a clock that is set back", () => {
  it.each([
    ["an hour", 3_600_000],
    ["a day", DAY],
  ])("keeps nothing waiting for longer than until the next look: %s", async (_, ms) => {
    const world = createWorld();
    await world.service.resume();
    world.emulator.faults.add({ kind: "status", status: 429, operation: "createConversation", times: 1 });
    await world.deliver(ask);
    expect(world.handoff("01H0001")?.state).toBe("pending");
    world.move(-ms);
    for (let n = 0; n < 3; n += 1) await world.pass(15_000);
    expect(world.handoff("01H0001")?.state).toBe("routed");
    expect(world.conversations()).toHaveLength(1);
  });

  it("alerts of a customer without an agent no later than without that", async () => {
    const world = createWorld();
    await world.service.resume();
    world.move(DAY);
    await world.deliver(ask);
    expect(world.handoff("01H0001")?.state).toBe("routed");
    world.move(-DAY);
    const alerts = () => world.lines.filter(({ message }) => message.startsWith("handoff late"));
    for (let n = 0; n < 22; n += 1) await world.pass(15_000);
    expect(alerts()).toHaveLength(1);
  });

  it("loses and doubles nothing where it was a day ahead before", async () => {
    const world = createWorld();
    await world.service.resume();
    world.move(DAY);
    world.emulator.faults.add({ kind: "status", status: 429, operation: "createConversation", times: 1 });
    await world.deliver(ask);
    world.move(-DAY);
    for (let n = 0; n < 4; n += 1) await world.pass(15_000);
    expect(world.handoff("01H0001")?.state).toBe("routed");
    expect(world.conversations()).toHaveLength(1);
    expect(world.conversations()[0]?.notes).toHaveLength(1);
  });

  it("is noticed also where it was a day ahead between two looks only", async () => {
    const world = createWorld();
    await world.service.resume();
    world.jump(DAY);
    world.emulator.faults.add({ kind: "status", status: 429, operation: "createConversation", times: 1 });
    await world.deliver(ask);
    world.jump(-DAY);
    for (let n = 0; n < 4; n += 1) await world.pass(10_000);
    expect(world.handoff("01H0001")?.state).toBe("routed");
    expect(world.lines.filter(({ message }) => message.startsWith("the clock was set back"))).toHaveLength(1);
  });

  it("alerts in time of a customer whom an agent lets go afterwards, though it was open by the clock before only", async () => {
    const flow = defineFlow({
      name: "shop",
      bots: ["shop-assistant"],
      conversation: { topic: "Chat" },
      rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
      hours: { timeZone: "UTC", weekly: { mon: [["12:30", "20:00"]] } },
      outsideHours: { do: "defer", message: "Later." },
    });
    const world = createWorld((fetch) => fetch, { flows: [flow] });
    await world.service.resume();
    await world.deliver(ask);
    world.jump(3 * 3_600_000);
    for (let n = 0; n < 3; n += 1) await world.pass(15_000);
    const [[agent = ""], [conversation]] = [[...world.emulator.state.agents.keys()], world.conversations()];
    world.emulator.desk.take(conversation?.id ?? "", agent);
    for (let n = 0; n < 3; n += 1) await world.pass(15_000);
    expect(world.handoff("01H0001")?.state).toBe("assigned");
    world.jump(-3 * 3_600_000);
    for (let n = 0; n < 3; n += 1) await world.pass(15_000);
    world.emulator.desk.assign(conversation?.id ?? "", agent, null);
    const alerts = () => world.lines.filter(({ message }) => message.startsWith("handoff late"));
    for (let n = 0; n < 26; n += 1) await world.pass(15_000);
    expect(alerts()).toHaveLength(1);
  });

  it("takes nobody from a person by a look that is dated later than now", async () => {
    const world = createWorld();
    await world.service.resume();
    world.jump(DAY);
    world.emulator.faults.add({ kind: "status", status: 429, operation: "createNote", times: 1 });
    await world.deliver(ask);
    world.jump(-DAY);
    const [[agent], [conversation]] = [[...world.emulator.state.agents.keys()], world.conversations()];
    world.emulator.desk.take(conversation?.id ?? "", agent ?? "");
    for (let n = 0; n < 4; n += 1) await world.pass(10_000);
    expect(world.handoff("01H0001")?.state).toBe("assigned");
    expect(world.conversations()).toMatchObject([{ agentId: agent }]);
    expect(world.operations()).not.toContain("route");
  });
});
