import { describe, expect, it } from "vitest";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const ID = "01H0001";
const EVERY_MS = 30_000;
const HOUR_MS = 3_600_000;

async function createPolled({ pushes = false, isBroken = (_: string): boolean => false } = {}) {
  const world = createWorld(
    (fetch) => async (request) => (isBroken(request.url) ? new Response("{}", { status: 500 }) : fetch(request)),
    { pushes },
  );
  await world.service.resume();
  const [agent = { id: "" }] = world.emulator.state.agents.values();
  const poll = async () => {
    await world.pass(EVERY_MS);
    await world.pass(20);
  };
  const control = (session = "s1") => world.record.read((t) => t.sessions.find("shop-assistant", session))?.control;
  const lists = () =>
    world.emulator.calls.filter(({ operation }) => operation === "listConversations").map(({ path }) => path);
  const only = () => world.conversations()[0]?.id ?? "";
  /** Only the portal deletes, so the emulator has no operation for it. */
  const remove = (id: string) => (world.emulator.state.conversations as Map<string, unknown>).delete(id);
  return { world, agent: agent.id, poll, control, lists, only, remove };
}

describe("a chat that ended while nobody could ask", () => {
  it("is found after a sleep of 30 hours", async () => {
    const { world, agent, poll, control, only } = await createPolled();
    await world.deliver(ask);
    world.emulator.desk.take(only(), agent);
    await poll();
    expect(control()).toBe("agent");
    world.emulator.desk.setStatus(only(), agent, "CLOSED");
    world.move(30 * HOUR_MS);
    await poll();
    expect(world.handoff(ID)).toMatchObject({ state: "returned", returnedBecause: "closed" });
    expect(control()).toBe("bot");
  });

  it("is found by a service that begins with the record days later", async () => {
    const { world, agent, poll, only } = await createPolled();
    await world.deliver(ask);
    world.emulator.desk.take(only(), agent);
    await poll();
    world.emulator.desk.setStatus(only(), agent, "CLOSED");
    await world.service.stop();
    const next = createWorld(() => world.emulator.fetch, { record: world.record, startAt: world.now() + 72 * HOUR_MS });
    await next.service.resume();
    await next.pass(EVERY_MS);
    await next.pass(20);
    expect(next.handoff(ID)).toMatchObject({ state: "returned", returnedBecause: "closed" });
  });

  it("is taken up again by a person while no service ran, and found by the next", async () => {
    const { world, agent, poll, control, only } = await createPolled();
    await world.deliver(ask);
    await poll();
    await world.operate("/handoffs/01H0001/end");
    expect(control()).toBe("bot");
    await world.service.stop();
    world.move(34 * HOUR_MS);
    world.emulator.desk.take(only(), agent);
    const next = createWorld(() => world.emulator.fetch, { record: world.record, startAt: world.now() + 24 * HOUR_MS });
    await next.service.resume();
    // Others write before the first poll.
    await next.deliver({ type: "customer.message", text: "hello", session: "another" });
    await next.pass(EVERY_MS);
    await next.pass(20);
    expect(next.handoff(ID)).toMatchObject({ state: "assigned", agentId: agent });
  });

  it("is taken up again by a person while the platform gave no answers, and found by the first one", async () => {
    const { world, agent, poll, control, only } = await createPolled();
    await world.deliver(ask);
    await poll();
    await world.operate("/handoffs/01H0001/end");
    world.emulator.faults.add({ kind: "status", status: 503, operation: "listConversations", times: 10_000 });
    for (let hour = 0; hour < 5; hour += 1) {
      await world.pass(HOUR_MS);
      await poll();
    }
    world.emulator.desk.take(only(), agent);
    world.emulator.faults.clear();
    await world.pass(5 * 60_000);
    await poll();
    expect(control()).toBe("agent");
  });

  it("is found after 30 hours in which the platform failed", async () => {
    const { world, agent, poll, control, only } = await createPolled();
    await world.deliver(ask);
    world.emulator.desk.take(only(), agent);
    await poll();
    world.emulator.faults.add({ kind: "status", status: 503, operation: "listConversations" });
    world.emulator.desk.setStatus(only(), agent, "CLOSED");
    for (let hour = 0; hour < 30; hour += 1) {
      await world.pass(HOUR_MS);
      await poll();
    }
    world.emulator.faults.clear();
    await world.pass(5 * 60_000);
    await poll();
    expect(control()).toBe("bot");
  });
});

describe("who is asked about", () => {
  it("is each of ours by its id, and nothing of the account's other traffic", async () => {
    const { world, poll, lists } = await createPolled();
    for (let n = 0; n < 5; n += 1) await world.open({ topic: "another's" });
    await world.deliver(ask);
    await world.deliver({ ...ask, session: "s2" });
    await poll();
    const ours = ["s1", "s2"].map(
      (name) => world.record.read((t) => t.sessions.find("shop-assistant", name))?.conversationId,
    );
    expect(new URL(lists().at(-1) ?? "", "https://x.invalid").searchParams.getAll("conversationIds").sort()).toEqual(
      ours.sort(),
    );
  });

  it("is everybody within a few looks, a hundred in a request, and no request more than that", async () => {
    const { world, agent, poll, lists, control } = await createPolled();
    const count = 110;
    for (let n = 0; n < count; n += 1) await world.deliver({ ...ask, session: `s${n}` });
    const before = lists().length;
    const last = world.conversations().at(-1)?.id ?? "";
    world.emulator.desk.take(last, agent);
    await poll();
    const asked = lists()
      .slice(before)
      .map((path) => new URL(path, "https://x.invalid").searchParams.getAll("conversationIds"));
    expect(asked.map((ids) => ids.length)).toEqual([100, 10]);
    expect(new Set(asked.flat()).size).toBe(count);
    expect(control(`s${count - 1}`)).toBe("agent");
  });

  it("is whoever comes after a portion that the platform answers with errors", async () => {
    let first = "none";
    const { world, agent, poll, control } = await createPolled({
      isBroken: (url) => url.includes(`conversationIds=${first}`),
    });
    for (let n = 0; n < 105; n += 1) await world.deliver({ ...ask, session: `s${n}` });
    first = world.conversations()[0]?.id ?? "";
    const last = world.conversations().at(-1)?.id ?? "";
    world.emulator.desk.take(last, agent);
    for (let n = 0; n < 4; n += 1) await poll();
    expect(control("s104")).toBe("agent");
  });

  it("is whoever the bot has back, for an hour: a route that comes late puts them into the queue again", async () => {
    const { world, poll, control, only } = await createPolled();
    await world.deliver(ask);
    const [bot = { id: "" }] = world.emulator.state.bots.values();
    const put = (path: string, method: string, body?: object) =>
      world.emulator.fetch(
        new Request(`https://x.invalid/ccaas/1/conversations/${only()}/${path}`, {
          method,
          headers: { authorization: "App k", "content-type": "application/json" },
          ...(body && { body: JSON.stringify(body) }),
        }),
      );
    world.move(1);
    await put("assignee", "PUT", { agentId: bot.id });
    await poll();
    expect(world.handoff(ID)).toMatchObject({ state: "returned", returnedBecause: "given-to-bot" });
    await world.pass(10 * 60_000);
    await put("route", "POST");
    await poll();
    expect(world.handoff(ID)?.state).toBe("routed");
    expect(control()).toBe("queue");
  });

  it("is whoever a person took although no handoff brought them", async () => {
    const { world, agent, poll, control } = await createPolled({ pushes: true });
    const id = await world.open({ topic: "theirs" });
    await world.deliver({ type: "customer.message", text: "hi", conversationId: id });
    world.move(1_000);
    world.emulator.desk.take(id, agent);
    await world.emulator.pushes.idle();
    expect(control()).toBe("agent");
    world.emulator.settings.pushDropRate = 1;
    world.move(1_000);
    world.emulator.desk.setStatus(id, agent, "CLOSED");
    await world.emulator.pushes.idle();
    for (let n = 0; n < 12; n += 1) await poll();
    expect(control()).toBe("bot");
    const { answer } = await world.deliver({ type: "customer.message", text: "a human, please" });
    expect(answer).toMatchObject({ control: "queue", reason: "customer-asked" });
  });
});

describe("a conversation that the platform does not show", () => {
  it("is over once two looks in succession do not find it", async () => {
    const { world, agent, poll, only, remove } = await createPolled();
    await world.deliver(ask);
    world.emulator.desk.take(only(), agent);
    await poll();
    remove(only());
    await poll();
    expect(world.handoff(ID)?.state).toBe("assigned");
    await poll();
    expect(world.handoff(ID)).toMatchObject({ state: "returned", returnedBecause: "deleted" });
  });

  it("is not over for one glitch, nor for two that are not in succession", async () => {
    const { world, agent, poll, only } = await createPolled();
    await world.deliver(ask);
    world.emulator.desk.take(only(), agent);
    await poll();
    const conversations = world.emulator.state.conversations as Map<string, unknown>;
    const [[id, conversation] = ["", null]] = conversations;
    for (let glitch = 0; glitch < 3; glitch += 1) {
      conversations.delete(id);
      await poll();
      conversations.set(id, conversation);
      await poll();
    }
    expect(world.handoff(ID)?.state).toBe("assigned");
  });

  it("is looked at by itself where a list lags behind", async () => {
    const { world, agent, poll, control, only } = await createPolled();
    world.emulator.settings.listLagMs = 24 * HOUR_MS;
    await world.deliver(ask);
    world.emulator.desk.take(only(), agent);
    await poll();
    await poll();
    expect(control()).toBe("agent");
  });
});
