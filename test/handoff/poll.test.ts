import { describe, expect, it } from "vitest";
import { createWorld, SECRET } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const ID = "01H0001";
const EVERY_MS = 30_000;

async function createPolled(pushes = false) {
  const world = createWorld((fetch) => fetch, { pushes });
  await world.service.resume();
  await world.deliver(ask);
  const [agent] = world.emulator.state.agents.values();
  const [bot] = world.emulator.state.bots.values();
  const only = () => world.conversations()[0]?.id ?? "";
  const lists = () => world.operations().filter((operation) => operation === "listConversations").length;
  const control = () => world.record.read((t) => t.sessions.find("shop-assistant", "s1"))?.control;
  const poll = async () => {
    await world.pass(EVERY_MS);
    await world.pass(20);
  };
  return { world, agent: agent?.id ?? "", bot: bot?.id ?? "", only, lists, control, poll };
}

describe("where nothing is pushed", () => {
  it("an agent who takes, solves and closes the chat is found by asking", async () => {
    const { world, agent, only, control, poll } = await createPolled();
    await poll();
    expect(control()).toBe("queue");
    world.emulator.desk.take(only(), agent);
    await poll();
    expect(control()).toBe("agent");
    expect(world.handoff(ID)).toMatchObject({ state: "assigned", agentId: agent });
    world.emulator.desk.setStatus(only(), agent, "SOLVED");
    await poll();
    expect(control()).toBe("bot");
    world.emulator.desk.setStatus(only(), agent, "OPEN");
    await poll();
    expect(control()).toBe("agent");
  });

  it("a chat that was given back to a bot is found, and one that waits is not taken for that", async () => {
    const { world, bot, only, control, poll } = await createPolled();
    await poll();
    await poll();
    expect(control()).toBe("queue");
    await world.emulator.fetch(
      new Request(`https://x.invalid/ccaas/1/conversations/${only()}/assignee`, {
        method: "PUT",
        headers: { authorization: "App k", "content-type": "application/json" },
        body: JSON.stringify({ agentId: bot }),
      }),
    );
    await poll();
    expect(world.handoff(ID)).toMatchObject({ state: "returned", returnedBecause: "given-to-bot" });
    expect(control()).toBe("bot");
  });

  it("what could not be looked at is found later, however long that takes", async () => {
    const { world, agent, only, control, poll } = await createPolled();
    world.emulator.desk.take(only(), agent);
    world.emulator.faults.add({ kind: "status", status: 400, operation: "getConversation", times: 5 });
    for (let n = 0; n < 7; n += 1) await poll();
    expect(control()).toBe("agent");
  });

  it("nothing is asked while no chat is in the platform's hands", async () => {
    const { world, agent, only, lists, poll } = await createPolled();
    world.emulator.desk.take(only(), agent);
    world.emulator.desk.setStatus(only(), agent, "CLOSED");
    await poll();
    const after = lists();
    for (let n = 0; n < 10; n += 1) await poll();
    expect(lists()).toBe(after);
  });

  it("an account that asks for a pause is left alone", async () => {
    const { world, lists, poll } = await createPolled();
    world.emulator.faults.add({ kind: "status", status: 429, retryAfter: 300, operation: "listConversations" });
    await poll();
    const after = lists();
    await poll();
    await poll();
    expect(lists()).toBe(after);
  });
});

describe("a push that comes after a look and tells of an earlier time", () => {
  /** The test sends the pushes. */
  async function createLate() {
    const polled = await createPolled();
    const { world, agent, only } = polled;
    const push = (type: string, at: number, payload: object) =>
      world.request("/v1/infobip/default/events", {
        method: "POST",
        headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
        body: JSON.stringify({ type, timestamp: new Date(at).toISOString(), payload: { id: only(), ...payload } }),
      });
    /** Polls are ten times as rare while pushes come. */
    const look = async () => {
      await world.pass(10 * EVERY_MS);
      await world.pass(20);
    };
    await push("CONVERSATION_TAG_ADDED", world.now(), { status: "OPEN" });
    await look();
    const assignee = { id: agent, name: "Ana", role: "AGENT" };
    return { ...polled, push, look, assignee, state: () => world.handoff(ID)?.state };
  }

  it("does not give the customer to an agent who had let them go by then", async () => {
    const { world, agent, only, push, look, assignee, state } = await createLate();
    world.emulator.desk.take(only(), agent);
    const takenAt = world.now();
    world.move(1_000);
    world.emulator.desk.assign(only(), agent, null);
    await look();
    expect(state()).toBe("routed");
    await push("CONVERSATION_ASSIGNMENT_UPDATED", takenAt, { status: "OPEN", assignee });
    expect(state()).toBe("routed");
    await push("CONVERSATION_ASSIGNMENT_UPDATED", world.now(), { status: "OPEN", assignee });
    expect(state()).toBe("assigned");
  });

  it("does not give the customer back whom the agent has again", async () => {
    const { world, agent, only, push, look, assignee, state } = await createLate();
    world.emulator.desk.take(only(), agent);
    await look();
    world.emulator.desk.setStatus(only(), agent, "SOLVED");
    const solvedAt = world.now();
    world.move(1_000);
    world.emulator.desk.setStatus(only(), agent, "OPEN");
    await look();
    await push("CONVERSATION_STATUS_UPDATED", solvedAt, { status: "SOLVED", assignee });
    expect(state()).toBe("assigned");
  });

  it("does not take the customer back whose chat was solved again", async () => {
    const { world, agent, only, push, look, assignee, state } = await createLate();
    world.emulator.desk.take(only(), agent);
    world.emulator.desk.setStatus(only(), agent, "SOLVED");
    await look();
    expect(state()).toBe("returned");
    world.move(60_000);
    world.emulator.desk.setStatus(only(), agent, "OPEN");
    const openedAt = world.now();
    world.move(1_000);
    world.emulator.desk.setStatus(only(), agent, "SOLVED");
    await look();
    await push("CONVERSATION_STATUS_UPDATED", openedAt, { status: "OPEN", assignee });
    expect(state()).toBe("returned");
  });
});

describe("where the platform pushes", () => {
  it("is asked a tenth as often", async () => {
    const { world, agent, only, lists, poll } = await createPolled(true);
    world.emulator.desk.take(only(), agent);
    await world.emulator.pushes.idle();
    await poll();
    const before = lists();
    for (let n = 0; n < 20; n += 1) {
      world.emulator.desk.write(only(), { text: "hello?" });
      expect(world.emulator.desk.reply(only(), agent, "one moment").ok).toBe(true);
      await world.emulator.pushes.idle();
      await poll();
    }
    expect(lists() - before).toBeLessThanOrEqual(3);
  });
});
