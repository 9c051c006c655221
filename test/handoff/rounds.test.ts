import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createWorld } from "../support/world.ts";

const HOUR_MS = 3_600_000;
const ID = "01H0001";

const flowWith = (more: Partial<FlowInput> = {}) =>
  defineFlow({
    name: "rounds",
    bots: ["shop-assistant"],
    conversation: { topic: ["Order {{attributes.orderId}}", "Chat {{session}}"] },
    rules: [
      { reason: "asked", when: { event: "handoff.requested" } },
      { reason: "lost", when: { event: "bot.fallback", fallbacks: { atLeast: 3 } } },
      {
        reason: "card",
        when: { event: "customer.message", text: { contains: ["lost my card"] } },
        priority: "URGENT",
        tags: ["card"],
      },
    ],
    message: "A colleague takes over.",
    ...more,
  });

function createStage(more: Partial<FlowInput> = {}, startAt?: number) {
  const world = createWorld((fetch) => fetch, { flows: [flowWith(more)], ...(startAt !== undefined && { startAt }) });
  const say = (text: string, more: object = {}) => world.deliver({ type: "customer.message", text, ...more });
  const ask = (more: object = {}) => world.deliver({ type: "handoff.requested", ...more });
  const notes = () => world.conversations().flatMap(({ notes: all }) => all.map(({ content }) => content));
  const session = () => world.record.read((t) => t.sessions.find("shop-assistant", "s1"));
  return { world, say, ask, notes, session };
}

describe("a round", () => {
  it.each([
    ["a silence", async ({ world }: ReturnType<typeof createStage>) => world.move(25 * HOUR_MS)],
    [
      "session.started",
      async ({ world }: ReturnType<typeof createStage>) => void (await world.deliver({ type: "session.started" })),
    ],
    [
      "session.ended",
      async ({ world }: ReturnType<typeof createStage>) => void (await world.deliver({ type: "session.ended" })),
    ],
  ])("ends with %s: what was said, known and counted before is not of the next", async (_, end) => {
    const stage = createStage();
    const { world, say, ask, notes, session } = stage;
    const attributes = { orderId: "A-1042" };
    await say("a surprise for my wife", { attributes, language: "en", customer: { name: "Ana" } });
    await world.deliver({ type: "bot.fallback" });
    await world.deliver({ type: "bot.fallback" });
    await end(stage);
    await say("Do you have red shoes?");
    expect((await world.deliver({ type: "bot.fallback" })).answer.handoffId).toBeNull();
    expect(session()?.facts).toMatchObject({ attributes: {}, language: null, fallbacks: 1, customer: { name: "Ana" } });
    await ask();
    expect(world.conversations()[0]?.topic).toBe("Chat s1");
    expect(notes().join()).toContain("red shoes");
    expect(notes().join()).not.toContain("surprise");
  });

  it("goes on for as long as the flow says", async () => {
    const { world, say, session } = createStage({ newRoundAfter: "7d" });
    await say("hello", { attributes: { orderId: "A-1" } });
    await world.pass(6 * 24 * HOUR_MS);
    await say("hello again");
    expect(session()?.facts.attributes).toEqual({ orderId: "A-1" });
    await world.pass(8 * 24 * HOUR_MS);
    await say("still there?");
    expect(session()?.facts.attributes).toEqual({});
  });

  it("goes on while a handoff is open, whatever begins", async () => {
    const { world, say, ask, session } = createStage();
    await ask({ attributes: { orderId: "A-1" } });
    await world.pass(30 * HOUR_MS);
    await world.deliver({ type: "session.started" });
    await say("hello?");
    expect(session()).toMatchObject({ control: "queue", epoch: 1, facts: { attributes: { orderId: "A-1" } } });
  });

  it("forgets an attribute that the bot unsets", async () => {
    const { say, session } = createStage();
    await say("hello", { attributes: { orderId: "A-1", plan: "gold" } });
    await say("hello", { attributes: { orderId: null } });
    expect(session()?.facts.attributes).toEqual({ plan: "gold" });
  });

  it("ends with the hand-back: what was said to the agent is not of the next", async () => {
    const { world, say, ask, notes } = createStage();
    await ask({ attributes: { orderId: "A-1" } });
    await say("the code is blue-9");
    const conversationId = world.handoff(ID)?.conversationId ?? "";
    await world.service.receiveState("default", conversationId, { at: world.now() + 1, status: "closed" });
    await say("and now shoes");
    await ask();
    expect(world.conversations()[1]?.topic).toBe("Chat s1");
    expect(notes().at(-1)).toContain("shoes");
    expect(notes().at(-1)).not.toContain("blue-9");
  });
});

describe("consecutive fallbacks", () => {
  it("begin anew once the bot has answered what it understood", async () => {
    const { world, say } = createStage();
    const fallback = async () => (await world.deliver({ type: "bot.fallback" })).answer.handoffId;
    const exchange = async () => {
      await say("thanks");
      await world.deliver({ type: "bot.message", text: "You are welcome" });
    };
    expect(await fallback()).toBeNull();
    await exchange();
    expect(await fallback()).toBeNull();
    await exchange();
    expect(await fallback()).toBeNull();
  });

  it("go on where the bot answers that it did not understand", async () => {
    const { world, say } = createStage();
    for (const handoffId of [null, null, ID]) {
      await say("hm");
      expect((await world.deliver({ type: "bot.fallback" })).answer.handoffId).toBe(handoffId);
      await world.deliver({ type: "bot.message", text: "Sorry?" });
    }
  });
});

describe("a customer who leaves the queue", () => {
  it("is told of to the agent, and is with the bot again in a new chat", async () => {
    const { world, say, ask, notes, session } = createStage();
    await ask();
    const ended = await world.deliver({ type: "session.ended" });
    expect(ended.answer.control).toBe("nobody");
    await world.pass(1_000);
    expect(notes().at(-1)).toContain("The customer left the chat");
    expect(world.conversations()).toMatchObject([{ status: "OPEN", routes: 1 }]);
    expect((await say("hello, I am back")).answer.control).toBe("bot");
    expect(session()).toMatchObject({ epoch: 2 });
    expect(world.handoff(ID)?.state).toBe("returned");
    // A further request continues in the open conversation.
    expect((await ask()).answer).toMatchObject({ control: "queue", handoffState: "routed" });
    expect(world.conversations()).toHaveLength(1);
  });

  it("is with the agent who took the chat meanwhile", async () => {
    const { world, say, ask } = createStage();
    await ask();
    await world.deliver({ type: "session.ended" });
    const conversationId = world.handoff(ID)?.conversationId ?? "";
    const assignee = { kind: "human", id: "ana", name: null } as const;
    await world.service.receiveState("default", conversationId, { at: world.now() + 1, assignee });
    expect((await say("hello, I am back")).answer.control).toBe("agent");
  });

  it("leaves no conversation behind where the flow closes it", async () => {
    const { world, say, ask, notes } = createStage({ whenCustomerLeaves: "close" });
    await ask();
    await world.deliver({ type: "session.ended" });
    await world.pass(1_000);
    expect(notes().at(-1)).toContain("The customer left the chat");
    expect(world.conversations()).toMatchObject([{ status: "CLOSED" }]);
    expect((await say("hello")).answer.control).toBe("bot");
    expect((await ask()).answer).toMatchObject({ handoffState: "routed" });
    expect(world.conversations()).toHaveLength(2);
  });

  it("is owed the call that was put off", async () => {
    const startAt = Date.parse("2026-11-23T19:00:00Z");
    const hours = { timeZone: "Europe/Zagreb", weekly: { tue: [["09:00", "17:00"]] } } as FlowInput["hours"];
    const { world, ask, notes } = createStage({ hours, outsideHours: { do: "defer", message: "At nine." } }, startAt);
    await ask();
    await world.deliver({ type: "session.ended" });
    await world.pass(13 * HOUR_MS);
    expect(world.handoff(ID)?.state).toBe("routed");
    expect(notes().join()).toContain("The customer left the chat");
  });
});

describe("a handoff that is asked for more urgently", () => {
  it("is raised in the queue, and never lowered", async () => {
    const { world, say, ask } = createStage();
    await ask();
    expect(world.conversations()).toMatchObject([{ priority: "NORMAL" }]);
    await say("I lost my card!");
    await world.pass(1_000);
    expect(world.conversations()).toMatchObject([{ priority: "URGENT", tags: ["card"], routes: 1 }]);
    const { answer } = await ask({ priority: "LOW", tags: ["vip"], queue: "Support" });
    await world.pass(1_000);
    expect(answer.leftOut).toEqual(["priority", "queue"]);
    expect(world.conversations()).toMatchObject([{ priority: "URGENT", tags: ["card", "vip"], routes: 1 }]);
    expect(world.handoff(ID)?.decision).toMatchObject({ priority: "URGENT", tags: ["card", "vip"] });
  });

  it("is raised while it is put off, with its queue", async () => {
    const startAt = Date.parse("2026-11-23T19:00:00Z");
    const hours = { timeZone: "Europe/Zagreb", weekly: { tue: [["09:00", "17:00"]] } } as FlowInput["hours"];
    const { world, ask } = createStage({ hours, outsideHours: { do: "defer", message: "At nine." } }, startAt);
    await ask();
    const { answer } = await ask({ priority: "URGENT", queue: "VIP" });
    expect(answer).toMatchObject({ handoffState: "deferred", message: "At nine." });
    expect(answer.leftOut).toBeUndefined();
    await world.pass(13 * HOUR_MS);
    const vip = [...world.emulator.state.queues.values()].find(({ name }) => name === "VIP");
    expect(world.conversations()).toMatchObject([{ priority: "URGENT", queueId: vip?.id }]);
  });
});

describe("a text that declines", () => {
  const closed: Partial<FlowInput> = {
    hours: { timeZone: "Europe/Zagreb", weekly: {} },
    outsideHours: { do: "decline", message: ["Sorry {{customer.name}}, nobody is here.", "Nobody is here."] },
    message: "A colleague takes over.",
  };

  it("is never one that promises a transfer", async () => {
    const { ask } = createStage(closed);
    expect((await ask()).answer).toMatchObject({ control: "bot", message: "Nobody is here." });
    expect((await ask({ customer: { name: "Ana" } })).answer.message).toBe("Sorry Ana, nobody is here.");
  });

  it("is said once in a round where counters call for it, and each time where the customer asks", async () => {
    const { world, ask } = createStage(closed);
    const said = [];
    for (let n = 0; n < 5; n += 1) said.push((await world.deliver({ type: "bot.fallback" })).answer.message);
    expect(said).toEqual([null, null, "Nobody is here.", null, null]);
    expect((await ask()).answer.message).toBe("Nobody is here.");
    expect((await ask()).answer.message).toBe("Nobody is here.");
  });
});
