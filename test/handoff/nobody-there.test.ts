import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const ID = "01H0001";

function createCentre(noAgent: FlowInput["noAgent"], more: { queue?: string; flow?: Partial<FlowInput> } = {}) {
  const flow = defineFlow({
    name: "staffed",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat {{session}}", keepQueue: "enforce", ...(more.queue && { queue: more.queue }) },
    message: "A colleague takes over.",
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    ...(noAgent && { noAgent }),
    ...more.flow,
  });
  const world = createWorld((fetch) => fetch, { flows: [flow] });
  const { state } = world.emulator;
  const queueId = (name: string) => [...state.queues.values()].find((it) => it.name === name)?.id;
  const set = (status: string, agents = [...state.agents.values()]) =>
    Promise.all(
      agents.map(({ id }) =>
        world.emulator.fetch(
          new Request(`https://x.invalid/ccaas/1/agents/${id}/status`, {
            method: "PUT",
            headers: { authorization: "App k", "content-type": "application/json" },
            body: JSON.stringify({ status }),
          }),
        ),
      ),
    );
  const inQueue = (name: string) =>
    [...state.agents.values()].filter(({ queueIds }) => queueIds.includes(queueId(name) ?? ""));
  const stepsOf = () =>
    world.record.read((t) => t.handoffs.ledger(ID))?.steps.map(({ name, state: is }) => `${name} ${is}`);
  return { world, queueId, set, inQueue, stepsOf };
}

describe("a flow that asks whether anybody is there", () => {
  it("declines nothing that a person took while it asked", async () => {
    const flow = defineFlow({
      name: "staffed",
      bots: ["shop-assistant"],
      conversation: { topic: "Chat {{session}}" },
      rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
      noAgent: { do: "decline", message: "Nobody is here." },
    });
    let taken = "";
    const world = createWorld(
      (fetch) => async (request) => {
        if (!new URL(request.url).pathname.endsWith("/agents")) return fetch(request);
        const [agent] = world.emulator.state.agents.keys();
        taken = world.conversations()[0]?.id ?? "";
        world.emulator.desk.take(taken, agent ?? "");
        await world.emulator.pushes.idle();
        return Response.json({ agents: [], pagination: { totalItems: 0, page: 0, limit: 1 } });
      },
      { flows: [flow], pushes: true },
    );
    await world.deliver(ask);
    await world.pass(1_000);
    expect(world.handoff(ID)?.state).toBe("assigned");
    expect(world.emulator.state.conversations.get(taken)).toMatchObject({ status: "OPEN" });
    expect(world.record.read((t) => t.sessions.find("shop-assistant", "s1"))?.control).toBe("agent");
  });

  it("takes its tags off once a person solves the chat that they took although it was declined", async () => {
    const flow: Partial<FlowInput> = {
      tags: ["bot_handoff"],
      handBack: { when: "solved", removeTags: ["bot_handoff"] },
    };
    const { world, set } = createCentre({ do: "decline", message: "Nobody is here." }, { flow });
    await world.service.resume();
    await set("AWAY");
    const [agent = { id: "" }] = world.emulator.state.agents.values();
    const { emulator } = world;
    // The person comes between the answer that nobody is there and the look before the close.
    emulator.onCall(({ operation }) => {
      if (operation === "listAgents") emulator.desk.take(world.conversations()[0]?.id ?? "", agent.id);
    });
    await world.deliver(ask);
    expect(world.handoff(ID)).toMatchObject({ state: "returned", returnedBecause: "nobody-there" });
    expect(world.conversations()[0]).toMatchObject({ agentId: agent.id, tags: ["bot_handoff"] });
    world.move(1_000);
    emulator.desk.setStatus(world.conversations()[0]?.id ?? "", agent.id, "SOLVED");
    for (let look = 0; look < 4; look += 1) await world.pass(30_000);
    expect(world.handoff(ID)).toMatchObject({ state: "returned", returnedBecause: "solved" });
    expect(world.conversations()[0]?.tags).toEqual([]);
  });

  it("routes as ever where somebody is", async () => {
    const { world, stepsOf, set } = createCentre({ do: "decline", message: "Nobody is here." });
    await set("ACTIVE");
    const { answer } = await world.deliver(ask);
    expect(answer).toMatchObject({ handoffState: "routed", message: "A colleague takes over." });
    expect(stepsOf()).toContain("agents done");
    expect(world.operations()).toContain("simulateRouting");
  });

  it("looks agents up once for handoffs that come together", async () => {
    const { world, set } = createCentre({ do: "queue" });
    await set("ACTIVE");
    await Promise.all(["a", "b", "c"].map((session) => world.deliver({ ...ask, session })));
    const asked = () => world.operations().filter((operation) => operation === "listAgents").length;
    expect(asked()).toBe(1);
    world.move(11_000);
    await world.deliver({ ...ask, session: "d" });
    expect(asked()).toBe(2);
  });

  it("counts a queue in which so many wait as nobody, and asks how many once", async () => {
    const { world, set } = createCentre(
      { do: "decline", message: "Two are before you: shall we call you back?", orWaiting: 2 },
      { queue: "Support" },
    );
    await set("ACTIVE");
    for (const session of ["a", "b"]) {
      world.move(11_000);
      expect((await world.deliver({ ...ask, session })).answer.handoffState).toBe("routed");
    }
    world.move(11_000);
    const { answer } = await world.deliver({ ...ask, session: "c" });
    expect(answer).toMatchObject({ handoffState: "returned", message: "Two are before you: shall we call you back?" });
    expect(world.handoff("01H0003")).toMatchObject({ returnedBecause: "nobody-there" });
    const lists = () => world.operations().filter((operation) => operation === "listConversations").length;
    const before = lists();
    await Promise.all(["d", "e"].map((session) => world.deliver({ ...ask, session })));
    expect(lists() - before).toBeLessThanOrEqual(1);

    const [agent] = world.emulator.state.agents.keys();
    world.emulator.desk.take(world.conversations()[0]?.id ?? "", agent ?? "");
    world.move(11_000);
    expect((await world.deliver({ ...ask, session: "f" })).answer.handoffState).toBe("routed");
  });

  it("has room where the queue's list cannot be read", async () => {
    const flow = defineFlow({
      name: "staffed",
      bots: ["shop-assistant"],
      conversation: { topic: "Chat {{session}}", queue: "Support" },
      rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
      noAgent: { do: "decline", message: "Too many wait.", orWaiting: 1 },
    });
    const world = createWorld(
      (fetch) => async (request) =>
        new URL(request.url).searchParams.has("queueIds") && request.url.includes("/conversations?")
          ? new Response("", { status: 500 })
          : fetch(request),
      { flows: [flow] },
    );
    for (const session of ["a", "b"]) {
      world.move(11_000);
      expect((await world.deliver({ ...ask, session })).answer.handoffState).toBe("routed");
    }
  });

  it("queues all the same, with an honest text", async () => {
    const { world, set } = createCentre({ do: "queue", message: "Everybody is busy: it takes a while." });
    await set("AWAY");
    const { answer } = await world.deliver(ask);
    expect(answer).toMatchObject({
      handoffState: "routed",
      control: "queue",
      message: "Everybody is busy: it takes a while.",
    });
  });

  it.each([undefined, "Support"])("sends the chat to another queue (named before: %s)", async (queue) => {
    const { world, set, queueId, stepsOf } = createCentre({ do: "other-queue", queue: "VIP" }, queue ? { queue } : {});
    await set("AWAY");
    const { answer } = await world.deliver(ask);
    expect(answer.handoffState).toBe("routed");
    expect(world.conversations()[0]).toMatchObject({ queueId: queueId("VIP"), routes: 1 });
    expect(stepsOf()).toEqual(expect.arrayContaining(["queue:other done", "queue:other:after done"]));
  });

  it("asks for the queue that is named, and not for the others", async () => {
    const { world, set, inQueue, queueId } = createCentre({ do: "other-queue", queue: "VIP" }, { queue: "Support" });
    await set("ACTIVE");
    await set("AWAY", inQueue("Support"));
    await world.deliver(ask);
    expect(world.conversations()[0]?.queueId).toBe(queueId("VIP"));
  });

  it("declines with its text, and leaves no conversation of ours open", async () => {
    const { world, set, stepsOf } = createCentre({ do: "decline", message: "Nobody is here, write to us." });
    await set("AWAY");
    const { answer } = await world.deliver(ask);
    expect(answer).toMatchObject({ handoffState: "returned", control: "bot", message: "Nobody is here, write to us." });
    expect(world.handoff(ID)).toMatchObject({ state: "returned", returnedBecause: "nobody-there" });
    expect(world.conversations()).toMatchObject([{ status: "CLOSED", routes: 0 }]);
    expect(stepsOf()).toEqual(expect.arrayContaining(["route ready", "release done"]));
    await set("ACTIVE");
    world.move(11_000);
    expect((await world.deliver(ask)).answer.handoffState).toBe("routed");
  });

  it("leaves a given conversation with its bot where it declines", async () => {
    const { world, set } = createCentre(
      { do: "decline", message: "Nobody." },
      { flow: { tags: ["handoff"], handBack: { removeTags: ["handoff"] } } },
    );
    const [bot] = world.emulator.state.bots.values();
    await set("AWAY");
    const made = await world.emulator.fetch(
      new Request("https://x.invalid/ccaas/1/conversations", {
        method: "POST",
        headers: { authorization: "App k", "content-type": "application/json" },
        body: JSON.stringify({ agentId: bot?.id }),
      }),
    );
    const { id } = (await made.json()) as { id: string };
    await world.deliver({ ...ask, conversationId: id });
    expect(world.conversations()).toMatchObject([{ status: "OPEN", agentId: bot?.id, routes: 0, tags: [] }]);
    expect(world.record.read((t) => t.sessions.find("shop-assistant", "s1"))).toMatchObject({ conversationId: id });
  });

  it("says of the night what the flow says of its hours", async () => {
    const { world, set } = createCentre(
      { do: "queue", message: "The next free colleague has you." },
      {
        flow: {
          hours: { timeZone: "Europe/Zagreb", weekly: { sun: [["09:00", "10:00"]] } },
          outsideHours: { do: "queue", message: "We are back at nine." },
        },
      },
    );
    await set("AWAY");
    const { answer } = await world.deliver(ask);
    expect(answer).toMatchObject({ handoffState: "routed", message: "We are back at nine." });
  });

  it("keeps nobody waiting where agents cannot be looked up", async () => {
    const { world } = createCentre({ do: "decline", message: "Nobody." });
    world.emulator.faults.add({ kind: "status", operation: "listAgents", status: 500, times: 5 } as never);
    expect((await world.deliver(ask)).answer.handoffState).toBe("routed");
  });
});
