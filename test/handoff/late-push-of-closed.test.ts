import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { createWorld } from "../support/world.ts";

const flow = (name: string, bot: string) =>
  defineFlow({
    name,
    bots: [bot],
    conversation: { topic: "Chat {{session}}" },
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    waiting: [{ afterSeconds: 60, message: "Nobody came.", giveBack: true }],
    handBack: { message: "You are back with the bot." },
  });

/** Baton hears only from a refusal that a conversation is closed. A push of the agent who had it comes late. */
async function createTransfer() {
  const world = createWorld((fetch) => fetch, {
    flows: [flow("shop", "shop-assistant"), flow("desk", "desk-assistant")],
  });
  world.emulator.settings.closedContext = "refuse";
  await world.service.resume();
  const [agent = { id: "" }] = world.emulator.state.agents.values();
  const say = (id: string, at: number) =>
    world.service.receiveState("default", id, { at, assignee: { kind: "human", id: agent.id, name: "Ana" } });
  const take = (id: string) => world.emulator.desk.take(id, agent.id);
  const close = (id: string) => world.emulator.desk.setStatus(id, agent.id, "CLOSED");
  return { world, say, take, close };
}

describe("a conversation that a refusal showed as closed", () => {
  it("puts no other bot's chat that names it under an agent, though a push tells later that one had it", async () => {
    const { world, say, take, close } = await createTransfer();
    const id = await world.open();
    take(id);
    close(id);
    const takenAt = world.now();
    await world.deliver({ type: "handoff.requested", session: "s1", conversationId: id });
    expect(world.handoff("01H0001")).toMatchObject({ replaces: [id] });
    const named = { type: "customer.message", text: "hello", session: "d1", conversationId: id };
    expect((await world.deliver(named, "desk-assistant")).answer.control).toBe("bot");
    await say(id, takenAt);
    const next = { type: "customer.message", text: "hello?", session: "d1" };
    expect((await world.deliver(next, "desk-assistant")).answer.control).toBe("bot");
  });

  it("is not with an agent again that Baton closed itself, nor is another bot's chat that names it", async () => {
    const { world, say } = await createTransfer();
    await world.deliver({ type: "handoff.requested" });
    const [{ id } = { id: "" }] = world.conversations();
    const earlier = world.now();
    await world.pass(61_000);
    expect(world.handoff("01H0001")).toMatchObject({ state: "returned", returnedBecause: "waited" });
    const named = { type: "customer.message", text: "hello", session: "d1", conversationId: id };
    await world.deliver(named, "desk-assistant");
    await say(id, earlier);
    expect(world.handoff("01H0001")?.state).toBe("returned");
    const next = { type: "customer.message", text: "hello?", session: "d1" };
    expect((await world.deliver(next, "desk-assistant")).answer.control).toBe("bot");
  });

  it("is not with its agent again, though they took it as Baton was about to give it back", async () => {
    const { world, say, take, close } = await createTransfer();
    await world.deliver({ type: "handoff.requested" });
    const [{ id } = { id: "" }] = world.conversations();
    take(id);
    const takenAt = world.now();
    await world.pass(60_000);
    expect(world.handoff("01H0001")?.state).toBe("assigned");
    close(id);
    await world.deliver({ type: "customer.message", text: "thank you" });
    await world.pass(10_000);
    expect(world.handoff("01H0001")).toMatchObject({ state: "returned", returnedBecause: "closed" });
    await say(id, takenAt);
    const { answer } = await world.deliver({ type: "customer.message", text: "one more thing" });
    expect(answer).toMatchObject({ control: "bot", message: "You are back with the bot." });
  });
});
