import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const BOT = "shop-assistant";

const flowWith = (more: Partial<FlowInput> = {}) =>
  defineFlow({
    name: "circle",
    bots: [BOT],
    conversation: { topic: "Chat {{session}}" },
    tags: ["bot_handoff"],
    message: "A colleague takes over.",
    rules: [
      { reason: "customer-asked", when: { event: "handoff.requested" }, tags: ["customer_asked"] },
      { reason: "lost", when: { event: "bot.fallback", fallbacks: { atLeast: 2 } } },
    ],
    handBack: { removeTags: ["bot_handoff"], message: "You are back with the bot." },
    ...more,
  });

/** A contact centre that pushes every change, with an agent at the desk. */
function createCircle(more: Partial<FlowInput> = {}) {
  const world = createWorld((fetch) => fetch, { flows: [flowWith(more)], pushes: true });
  const { emulator, record } = world;
  const [agent] = emulator.state.agents.values();
  const supervisor = [...emulator.state.agents.values()].find(({ role }) => role === "SUPERVISOR");
  if (agent === undefined || supervisor === undefined) throw new Error("nobody is at the desk");
  /** Waits until pushes have arrived, and their effects are done. */
  async function rest(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) {
      await emulator.pushes.idle();
      for (const { id } of record.read((t) => t.handoffs.list({}, 100))) await world.dispatcher.idle(id);
    }
  }
  const session = (name = "s1") => record.read((t) => t.sessions.find(BOT, name));
  const last = () => world.conversations().at(-1);
  return {
    ...world,
    agent: agent.id,
    supervisor: supervisor.id,
    rest,
    session,
    last,
    async handOver(given: object = {}) {
      const { answer, received } = await world.deliver({ ...ask, ...given });
      await rest();
      world.move(1_000);
      return { answer, id: received.handoffId ?? "" };
    },
    async atDesk(act: (id: string) => unknown) {
      world.move(1_000);
      act(last()?.id ?? "");
      await rest();
    },
    ledger: (id: string) => record.read((t) => t.handoffs.ledger(id)),
    stepsOf: (id: string) =>
      record.read((t) => t.handoffs.ledger(id))?.steps.map(({ name, state }) => `${name} ${state}`) ?? [],
  };
}

describe("the circle of a handoff", () => {
  it("goes from the bot to the queue, to the agent, and back to the bot", async () => {
    const circle = createCircle();
    const { id } = await circle.handOver();
    expect(circle.session()?.control).toBe("queue");

    await circle.atDesk((it) => circle.emulator.desk.take(it, circle.agent));
    expect(circle.session()).toMatchObject({ control: "agent", agentId: circle.agent });
    expect(circle.handoff(id)).toMatchObject({ state: "assigned", agentId: circle.agent });
    const during = await circle.deliver({ type: "customer.message", text: "are you there?" });
    expect(during.answer).toMatchObject({ outcome: "accepted", control: "agent", message: null });

    await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, "SOLVED"));
    expect(circle.handoff(id)).toMatchObject({ state: "returned", returnedBecause: "solved" });
    expect(circle.session()).toMatchObject({ control: "bot", conversationId: null, epoch: 2 });
    expect(circle.last()?.tags).toEqual(["customer_asked"]);

    const next = await circle.deliver({ type: "customer.message", text: "one more thing" });
    expect(next.answer).toMatchObject({ control: "bot", message: "You are back with the bot." });
    expect((await circle.deliver({ type: "customer.message", text: "and" })).answer.message).toBeNull();
  });

  it("counts fallbacks anew after the hand-back", async () => {
    const circle = createCircle();
    await circle.deliver({ type: "bot.fallback" });
    await circle.handOver();
    await circle.atDesk((it) => circle.emulator.desk.take(it, circle.agent));
    await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, "CLOSED"));
    expect((await circle.deliver({ type: "bot.fallback" })).answer).toMatchObject({ control: "bot", handoffId: null });
  });

  it("opens a new conversation, linked to the old one, for the next escalation", async () => {
    const circle = createCircle();
    await circle.handOver();
    const old = circle.last()?.id;
    await circle.atDesk((it) => circle.emulator.desk.take(it, circle.agent));
    await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, "CLOSED"));
    const { id, answer } = await circle.handOver({ id: "again" });
    expect(answer.handoffState).toBe("routed");
    expect(circle.last()).toMatchObject({ metadata: { baton_previous_conversation: old } });
    expect(circle.last()?.id).not.toBe(old);
    expect(circle.last()?.summary).toMatch(new RegExp(`continues ${old} \\[ho-${id}\\]$`));
    expect(circle.handoff(id)?.continues).toBe(old);
  });

  it("goes back to a solved conversation within the flow's grace, to the agent who has it", async () => {
    const circle = createCircle({ handBack: { graceSeconds: 600 } });
    await circle.handOver();
    const old = circle.last()?.id;
    await circle.atDesk((it) => circle.emulator.desk.take(it, circle.agent));
    await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, "SOLVED"));
    const { id, answer } = await circle.handOver({ id: "again" });
    expect(circle.conversations()).toHaveLength(1);
    expect(circle.last()).toMatchObject({ id: old, status: "OPEN", agentId: circle.agent, routes: 1 });
    expect(answer).toMatchObject({ handoffState: "assigned", control: "agent" });
    expect(circle.handoff(id)?.state).toBe("assigned");
  });

  it("opens a new one after the grace, or where the old one is closed", async () => {
    for (const [status, wait] of [["SOLVED", 601_000] as const, ["CLOSED", 1_000] as const]) {
      const circle = createCircle({ handBack: { graceSeconds: 600 } });
      await circle.handOver();
      await circle.atDesk((it) => circle.emulator.desk.take(it, circle.agent));
      await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, status));
      circle.move(wait);
      await circle.handOver({ id: "again" });
      expect(circle.conversations()).toHaveLength(2);
    }
  });

  it("goes on with the agent where a solved conversation is opened again", async () => {
    const circle = createCircle();
    const { id } = await circle.handOver();
    await circle.atDesk((it) => circle.emulator.desk.take(it, circle.agent));
    await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, "SOLVED"));
    await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, "OPEN"));
    expect(circle.handoff(id)).toMatchObject({ state: "assigned", returnedBecause: null });
    expect(circle.session()).toMatchObject({ control: "agent", epoch: 1, conversationId: circle.last()?.id });
  });

  it("waits for the end of the conversation where the flow says so", async () => {
    const circle = createCircle({ handBack: { when: "closed" } });
    const { id } = await circle.handOver();
    await circle.atDesk((it) => circle.emulator.desk.take(it, circle.agent));
    await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, "SOLVED"));
    expect(circle.handoff(id)?.state).toBe("assigned");
    await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, "CLOSED"));
    expect(circle.handoff(id)).toMatchObject({ state: "returned", returnedBecause: "closed" });
  });

  it("adds a note where a handoff is asked for again, and routes once", async () => {
    const circle = createCircle();
    const { id } = await circle.handOver();
    await circle.deliver({ ...ask, reason: "still waiting", summary: "It is about order 12." });
    await circle.pass(2_000);
    expect(circle.last()).toMatchObject({ routes: 1 });
    expect(circle.last()?.notes).toHaveLength(2);
    expect(circle.last()?.notes[1]?.content).toBe(
      `Further messages (UTC, from 2026-11-23)
Asked again by bot ${BOT} 10:00: still waiting
    Summary: It is about order 12.

[ho-${id}/1]`,
    );
    await circle.atDesk((it) => circle.emulator.desk.take(it, circle.agent));
    const again = await circle.deliver({ ...ask, reason: "really" });
    expect(again.answer).toMatchObject({ control: "agent", handoffId: id });
    await circle.pass(2_000);
    expect(circle.last()).toMatchObject({ routes: 1, agentId: circle.agent });
    expect(circle.last()?.notes).toHaveLength(3);
  });

  it("names in its texts the conversation that it made", async () => {
    const circle = createCircle({ handBack: { message: "Rate us: https://x.invalid/rate?c={{conversationId}}" } });
    await circle.handOver();
    await circle.atDesk((it) => circle.emulator.desk.take(it, circle.agent));
    await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, "SOLVED"));
    const { answer } = await circle.deliver({ type: "customer.message", text: "thanks" });
    expect(answer.message).toBe(`Rate us: https://x.invalid/rate?c=${circle.last()?.id}`);
  });

  it("leaves a chat to the person of whom a push told between a route that was refused and its repetition", async () => {
    const circle = createCircle();
    circle.emulator.faults.add({ kind: "status", status: 429, operation: "route" });
    const { received } = await circle.deliver(ask);
    circle.emulator.desk.take(circle.last()?.id ?? "", circle.agent);
    await circle.rest();
    await circle.pass(1_000);
    await circle.pass(1_000);
    expect(circle.last()).toMatchObject({ agentId: circle.agent, routes: 0 });
    expect(circle.handoff(received.handoffId ?? "")).toMatchObject({ state: "assigned", agentId: circle.agent });
  });

  it("is over where it may have been routed and a note finds its conversation closed", async () => {
    const circle = createCircle();
    circle.emulator.settings.closedContext = "refuse";
    circle.emulator.faults.add({ kind: "status", status: 500, when: "after", operation: "route" });
    const { received } = await circle.deliver(ask);
    circle.emulator.pushes.stop();
    circle.emulator.desk.setStatus(circle.last()?.id ?? "", circle.supervisor, "CLOSED");
    await circle.deliver({ ...ask, reason: "still waiting" });
    expect(circle.handoff(received.handoffId ?? "")).toMatchObject({ state: "returned", returnedBecause: "closed" });
    expect(circle.conversations()).toHaveLength(1);
  });

  it("takes no tag off a conversation that it closes itself", async () => {
    const circle = createCircle({ waiting: [{ afterSeconds: 10, giveBack: true }] });
    const { id } = await circle.handOver();
    await circle.pass(10_000);
    await circle.rest();
    expect(circle.handoff(id)).toMatchObject({ state: "returned", returnedBecause: "waited" });
    expect(circle.last()?.status).toBe("CLOSED");
    expect(circle.operations()).not.toContain("removeTag");
  });

  it("does not open again what it closed itself, where a push of before comes late", async () => {
    const circle = createCircle({ waiting: [{ afterSeconds: 10, giveBack: true }] });
    const { id } = await circle.handOver();
    const timestamp = new Date(circle.now()).toISOString();
    circle.emulator.settings.pushDropRate = 1;
    await circle.pass(10_000);
    await circle.rest();
    circle.emulator.settings.pushDropRate = 0;
    const assignee = { id: circle.agent, role: "AGENT" };
    const payload = { id: circle.last()?.id, assignee };
    circle.emulator.pushes.push({ type: "CONVERSATION_ASSIGNMENT_UPDATED", timestamp, payload });
    await circle.rest();
    expect(circle.handoff(id)).toMatchObject({ state: "returned", returnedBecause: "waited" });
    expect(circle.session()?.control).toBe("bot");
  });

  it("leaves its tags to the next round in the same conversation", async () => {
    const circle = createCircle({ handBack: { removeTags: ["bot_handoff"], graceSeconds: 600 } });
    const { id } = await circle.handOver();
    await circle.atDesk((it) => circle.emulator.desk.take(it, circle.agent));
    circle.emulator.faults.add({ kind: "reset", operation: "removeTag" });
    await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, "SOLVED"));
    await circle.handOver({ id: "again" });
    await circle.pass(60_000);
    await circle.pass(60_000);
    expect(circle.conversations()).toHaveLength(1);
    expect(circle.last()?.tags).toContain("bot_handoff");
    expect(circle.stepsOf(id)).toContain("untag:bot_handoff skipped");
  });

  it("takes a tag off once, also where somebody else was faster", async () => {
    const circle = createCircle();
    await circle.handOver();
    await circle.atDesk((it) => circle.emulator.desk.take(it, circle.agent));
    await circle.emulator.fetch(
      new Request(`https://x.invalid/ccaas/1/conversations/${circle.last()?.id}/tags/bot_handoff`, {
        method: "DELETE",
        headers: { authorization: "App k" },
      }),
    );
    await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, "SOLVED"));
    expect(circle.operations().filter((operation) => operation === "removeTag")).toHaveLength(2);
  });

  it("goes back to no conversation that it closed itself", async () => {
    const circle = createCircle({
      handBack: { graceSeconds: 600 },
      waiting: [{ afterSeconds: 10, giveBack: true }],
    });
    await circle.handOver();
    circle.emulator.pushes.stop();
    await circle.pass(10_000);
    await circle.rest();
    const { answer } = await circle.handOver({ id: "again" });
    expect(answer.handoffState).toBe("routed");
    expect(circle.conversations()).toHaveLength(2);
    expect(circle.emulator.calls.filter(({ status }) => status === 400)).toEqual([]);
  });

  it("leaves a chat to the person who took it from the bot, without a handoff", async () => {
    const circle = createCircle();
    const made = await circle.emulator.fetch(
      new Request("https://x.invalid/ccaas/1/conversations", {
        method: "POST",
        headers: { authorization: "App k", "content-type": "application/json" },
        body: "{}",
      }),
    );
    const { id } = (await made.json()) as { id: string };
    await circle.deliver({ type: "customer.message", text: "hi", conversationId: id });
    await circle.atDesk((it) => circle.emulator.desk.take(it, circle.agent));
    const answer = (await circle.deliver({ type: "bot.fallback" })).answer;
    await circle.deliver({ type: "bot.fallback" });
    expect(answer).toMatchObject({ control: "agent", handoffId: null });
    expect(circle.record.read((t) => t.handoffs.list({}, 10))).toEqual([]);
    await circle.atDesk((it) => circle.emulator.desk.setStatus(it, circle.agent, "CLOSED"));
    expect(circle.session()).toMatchObject({ control: "bot", epoch: 2, facts: { fallbacks: 0 } });
  });
});
