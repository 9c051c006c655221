import { describe, expect, it } from "vitest";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested", reason: "wants a refund" };
const { bots, agents, queues } = createWorld().emulator.state;
const [BOT] = bots.keys();
const [HUMAN] = agents.keys();
const SUPPORT = [...queues.values()].find(({ name }) => name === "Support")?.id;

describe("a new handoff", () => {
  it("becomes a conversation, tagged, annotated and routed, and the answer says so", async () => {
    const world = createWorld();
    await world.deliver({ type: "customer.message", text: "my order is late", customer: { name: "Ana" } });
    const { answer } = await world.deliver({ ...ask, attributes: { orderId: 77 } });
    const [conversation] = world.conversations();
    expect(conversation).toMatchObject({
      topic: "Order 77",
      summary: "customer-asked · handed over by shop-assistant [ho-01H0001]",
      priority: "HIGH",
      queueId: SUPPORT,
      tags: ["bot_handoff", "customer_asked"],
      metadata: { baton_session: "s1", baton_handoff: "ho-01H0001" },
    });
    expect(conversation?.notes).toHaveLength(1);
    expect(conversation?.notes[0]?.content).toMatch(/wants a refund[\s\S]*Customer 10:00: my order is late/);
    expect(answer).toEqual({
      outcome: "accepted",
      control: "queue",
      handoffId: "01H0001",
      handoffState: "routed",
      reason: "customer-asked",
      conversationId: conversation?.id,
      message: "I am passing you to a colleague. They can see what we have said so far.",
    });
  });

  it("takes three rounds: open, then its context side by side, then the route", async () => {
    const world = createWorld();
    await world.deliver(ask);
    expect(world.operations()).toEqual([
      "createConversation",
      "addTag",
      "addTag",
      "createNote",
      "patchMetadata",
      "route",
    ]);
  });

  it("happens once for the same event, a hundred times at once", async () => {
    const world = createWorld();
    const event = world.event(ask);
    const all = await Promise.all(
      Array.from({ length: 100 }, () => world.receive.receive("shop-assistant", "baton", { event, hasSenderId: true })),
    );
    await world.dispatcher.idle("01H0001");
    expect(all.filter(({ outcome }) => outcome === "accepted")).toHaveLength(1);
    expect(new Set(all.map(({ handoffId }) => handoffId))).toEqual(new Set(["01H0001"]));
    expect(world.conversations()).toHaveLength(1);
    expect(world.operations().filter((operation) => operation === "route")).toHaveLength(1);
  });

  it("is joined, not doubled, when it is asked for again", async () => {
    const world = createWorld();
    await world.deliver(ask);
    const { answer } = await world.deliver(ask);
    expect(answer).toMatchObject({ outcome: "accepted", handoffId: "01H0001", handoffState: "routed" });
    expect(world.conversations()).toHaveLength(1);
  });

  it("makes a tag that does not exist, and two that make it at once both end well", async () => {
    const world = createWorld();
    const vip = {
      type: "customer.message",
      text: "hm",
      attributes: { plan: "gold" },
      intent: { name: "x", confidence: 0.1 },
    };
    const both = await Promise.all([world.deliver(vip), world.deliver({ ...vip, session: "s2" })]);
    expect(both.map(({ answer }) => answer.handoffState)).toEqual(["routed", "routed"]);
    expect(world.conversations().map(({ tags }) => tags)).toEqual([
      ["bot_handoff", "vip"],
      ["bot_handoff", "vip"],
    ]);
    expect(world.operations().filter((operation) => operation === "createTag").length).toBeGreaterThan(0);
  });

  it.each(["single", "page", "object", "empty"] as const)("is routed when route answers %s", async (routeBody) => {
    const world = createWorld();
    world.emulator.settings.routeBody = routeBody;
    expect((await world.deliver(ask)).answer.handoffState).toBe("routed");
  });
});

describe("a conversation that exists", () => {
  async function withConversation(fields: object) {
    const world = createWorld();
    await world.open();
    const [conversation] = world.conversations();
    if (conversation === undefined) throw new Error("there is a conversation");
    Object.assign(conversation, { agentId: null, notes: [], ...fields });
    const before = world.operations().length;
    return {
      world,
      id: conversation.id,
      current: () => world.emulator.state.conversations.get(conversation.id),
      operations: () => world.operations().slice(before),
      adopt: { ...ask, conversationId: conversation.id },
    };
  }

  it("is updated and routed in two rounds, also when a bot is assigned", async () => {
    const { world, current, operations, adopt } = await withConversation({ agentId: BOT });
    const { answer } = await world.deliver(adopt);
    expect(answer.handoffState).toBe("routed");
    expect(current()?.agentId).toBeNull();
    expect(operations()).toEqual([
      "patchConversation",
      "addTag",
      "addTag",
      "createNote",
      "patchMetadata",
      "listBots",
      "route",
    ]);
  });

  it("is annotated and left with the human who has it", async () => {
    const { world, current, operations, adopt } = await withConversation({ agentId: HUMAN });
    const { answer } = await world.deliver(adopt);
    expect(answer).toMatchObject({ handoffState: "assigned", control: "agent", message: null });
    expect(operations()).not.toContain("route");
    expect(current()).toMatchObject({ agentId: HUMAN, notes: [{ type: "INTERNAL" }] });
  });

  it("gives way to a new one where it is closed, and the new one names it", async () => {
    const { world, id, adopt } = await withConversation({ status: "CLOSED" });
    const { answer } = await world.deliver(adopt);
    const next = world.conversations()[1];
    expect(answer).toMatchObject({ handoffState: "routed", conversationId: next?.id });
    expect(next?.summary).toContain(`continues ${id} [ho-`);
    expect(next?.metadata).toMatchObject({ baton_previous_conversation: id });
    expect(next?.tags).toEqual(["bot_handoff", "customer_asked"]);
  });

  it.each([400, 404] as const)("gives way to a new one where the platform answers %i for its id", async (status) => {
    const world = createWorld();
    world.emulator.settings.unknownIdStatus = status;
    const { answer } = await world.deliver({ ...ask, conversationId: "gone" });
    expect(answer.handoffState).toBe("routed");
    expect(world.conversations()).toHaveLength(1);
  });
});

describe("when the platform fails", () => {
  it("tries again what was surely not done, by the schedule", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "createConversation", times: 1, when: "before", kind: "refuse" });
    const { answer } = await world.deliver(ask);
    expect(answer).toMatchObject({ handoffState: "pending", message: null, control: "queue" });
    await world.pass(500);
    expect(world.handoff("01H0001")?.state).toBe("routed");
  });

  it("waits as long as Retry-After says", async () => {
    const world = createWorld();
    world.emulator.faults.add({
      operation: "route",
      times: 1,
      when: "before",
      kind: "status",
      status: 429,
      retryAfter: "4",
    });
    await world.deliver(ask);
    await world.pass(3_900);
    expect(world.handoff("01H0001")?.state).toBe("pending");
    await world.pass(100);
    expect(world.handoff("01H0001")?.state).toBe("routed");
  });

  it.each(["createConversation", "addTag", "createNote", "patchMetadata", "route"] as const)(
    "looks before it repeats %s when the answer was lost after the effect",
    async (operation) => {
      const world = createWorld();
      world.emulator.faults.add({ operation, times: 1, when: "after", kind: "reset" });
      await world.deliver(ask);
      expect(world.handoff("01H0001")?.state).toBe("pending");
      await world.pass(world.settings.quietMs);
      expect(world.handoff("01H0001")?.state).toBe("routed");
      expect(world.conversations()).toHaveLength(1);
      expect(world.conversations()[0]).toMatchObject({
        tags: ["bot_handoff", "customer_asked"],
        notes: [{ type: "INTERNAL" }],
      });
      const times = world.operations().filter((it) => it === operation).length;
      // Two tags, each once; the metadata's PATCH may be repeated.
      expect(times).toBe(operation === "patchMetadata" || operation === "addTag" ? 2 : 1);
    },
  );

  it("sends again what a search did not find", async () => {
    const world = createWorld();
    world.emulator.faults.add({
      operation: "createConversation",
      times: 1,
      when: "before",
      kind: "status",
      status: 500,
    });
    await world.deliver(ask);
    await world.pass(world.settings.quietMs);
    expect(world.handoff("01H0001")?.state).toBe("routed");
    expect(world.conversations()).toHaveLength(1);
  });

  it("never repeats a route once a person has come", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "route", times: 1, when: "before", kind: "reset" });
    await world.deliver(ask);
    const [conversation] = world.conversations();
    Object.assign(conversation ?? {}, { agentId: HUMAN });
    await world.pass(world.settings.quietMs);
    expect(world.handoff("01H0001")).toMatchObject({ state: "assigned", agentId: HUMAN });
    expect(world.conversations()[0]?.agentId).toBe(HUMAN);
  });

  it("parks at once where the credentials are wrong, says which setting, and leaves the customer with the bot", async () => {
    const world = createWorld();
    world.emulator.faults.add({
      operation: "createConversation",
      times: 1,
      when: "before",
      kind: "status",
      status: 401,
    });
    const { answer } = await world.deliver(ask);
    expect(answer).toMatchObject({ handoffState: "parked", control: "bot", message: null });
    expect(world.handoff("01H0001")?.parkedBecause).toMatch(/API key/);
  });

  it("opens no second conversation when the first is made and only its assignee cannot be told", async () => {
    const world = createWorld((fetch) => async (request) => {
      const response = await fetch(request);
      const isCreate = request.method === "POST" && new URL(request.url).pathname.endsWith("/conversations");
      if (!isCreate) return response;
      const [made] = [...world.emulator.state.conversations.values()].slice(-1);
      Object.assign(made ?? {}, { agentId: HUMAN });
      return Response.json({ ...((await response.json()) as object), agentId: HUMAN });
    });
    world.emulator.faults.add({ operation: "listBots", kind: "status", status: 429 });
    await world.deliver(ask);
    await world.pass(world.settings.quietMs);
    expect(world.conversations()).toHaveLength(1);
    expect(world.handoff("01H0001")).toMatchObject({ state: "assigned", agentId: HUMAN });
  });

  it("opens a new conversation when the first closes before a route that was surely not done", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "route", kind: "status", status: 429, retryAfter: "60" });
    await world.deliver(ask);
    Object.assign(world.conversations()[0] ?? {}, { status: "CLOSED" });
    await world.pass(60_000);
    expect(world.handoff("01H0001")).toMatchObject({ state: "routed", conversationId: world.conversations()[1]?.id });
  });

  it("is over when the conversation closed after a route that may have been done", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "route", kind: "reset", when: "after" });
    await world.deliver({ type: "bot.fallback" });
    await world.deliver(ask);
    Object.assign(world.conversations()[0] ?? {}, { status: "CLOSED" });
    await world.pass(world.settings.quietMs);
    expect(world.handoff("01H0001")?.state).toBe("returned");
    const session = world.record.read((t) => t.sessions.find("shop-assistant", "s1"));
    expect(session).toMatchObject({ control: "bot", epoch: 2, conversationId: null, facts: { fallbacks: 0 } });
  });

  it("joins a parked handoff by any event that would escalate", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "createConversation", kind: "status", status: 401 });
    await world.deliver(ask);
    const { answer } = await world.deliver({ type: "customer.message", text: "a human!" });
    expect(answer).toMatchObject({
      handoffId: "01H0001",
      handoffState: "parked",
      control: "bot",
      reason: "customer-asked",
    });
    expect((await world.deliver({ type: "customer.message", text: "hm" })).answer.handoffId).toBeNull();
  });

  it("keeps the conversation when only the queue is unknown", async () => {
    const world = createWorld();
    await world.deliver({ ...ask, session: "before" });
    const [conversation] = world.conversations();
    const adopt = { ...ask, conversationId: conversation?.id, queue: "VIP" };
    world.emulator.faults.add({
      operation: "patchConversation",
      skip: 1,
      kind: "status",
      status: 400,
      messageId: "NOT_FOUND",
      text: "Invalid id 'gone' given! No such entity exists.",
    });
    expect((await world.deliver(adopt)).answer).toMatchObject({
      handoffState: "routed",
      conversationId: conversation?.id,
    });
    expect(world.conversations()).toHaveLength(1);
  });

  it("parks after a day of refusals and not before", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "createConversation", times: 10_000, when: "before", kind: "refuse" });
    await world.deliver(ask);
    for (let hour = 0; hour < 23; hour += 1) await world.pass(3_600_000);
    expect(world.handoff("01H0001")?.state).toBe("pending");
    for (let hour = 0; hour < 3; hour += 1) await world.pass(3_600_000);
    expect(world.handoff("01H0001")?.state).toBe("parked");
  });

  it("routes without a tag that the platform will not have", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "createTag", times: 9, when: "before", kind: "status", status: 400 });
    const { answer } = await world.deliver({ ...ask, tags: ["not a name!"] });
    expect(answer.handoffState).toBe("routed");
    expect(world.conversations()[0]?.tags).toEqual(["bot_handoff", "customer_asked"]);
  });
});

describe("after a crash", () => {
  it("looks up what the dead process had sent, and completes it once", async () => {
    const world = createWorld();
    await world.deliver({ type: "customer.message", text: "hello" });
    const { receive, record, now } = world;
    await receive.receive("shop-assistant", "baton", { event: world.event(ask), hasSenderId: true });
    // The process dies here: the intent is durable, the answer is not.
    await record.commit((t) => t.handoffs.endInFlight(now()));
    await world.dispatcher.idle("01H0001");
    await world.pass(world.settings.quietMs);
    await world.pass(world.settings.quietMs);
    expect(world.handoff("01H0001")?.state).toBe("routed");
    expect(world.conversations()).toHaveLength(1);
    expect(world.operations().filter((operation) => operation === "route")).toHaveLength(1);
  });
});
