import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createWorld, SECRET } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const ID = "01H0001";
const CUSTOMER = "385912345678";

/** A flow whose texts Baton sends itself, in a conversation with a customer's message. */
async function createSending(more: Partial<FlowInput> = {}) {
  const flow = defineFlow({
    name: "sending",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat {{session}}" },
    message: "A colleague takes over.",
    texts: "send",
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    ...more,
  });
  const world = createWorld((fetch) => fetch, { flows: [flow], pushes: true });
  const { emulator } = world;
  const [agent] = emulator.state.agents.values();
  const call = async (path: string, method: string, body: unknown, headers = {}) =>
    (
      await emulator.fetch(
        new Request(`https://x.invalid/ccaas/1${path}`, {
          method,
          headers: { authorization: "App k", "content-type": "application/json", ...headers },
          body: JSON.stringify(body),
        }),
      )
    ).json() as Promise<{ id: string }>;
  const { id } = await call("/conversations", "POST", {});
  emulator.desk.write(id, { channel: "WHATSAPP", from: CUSTOMER, to: "shop", text: "hello" });
  const texts = () =>
    world
      .conversations()
      .flatMap(({ messages }) => messages.filter(({ direction }) => direction === "OUTBOUND"))
      .map(({ to, channel, content }) => [channel, to, (content as { text: string }).text]);
  const stepsOf = () =>
    world.record.read((t) => t.handoffs.ledger(ID))?.steps.map(({ name, state }) => `${name} ${state}`) ?? [];
  const rest = async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      await emulator.pushes.idle();
      await world.dispatcher.idle(ID);
    }
  };
  return { world, id, agent: agent?.id ?? "", texts, stepsOf, rest };
}

describe("texts that Baton sends itself", () => {
  it("are posted to where the customer wrote from, after the route, and not said by the bot too", async () => {
    const { world, id, texts } = await createSending();
    const { answer } = await world.deliver({ ...ask, conversationId: id });
    expect(answer).toMatchObject({ handoffState: "routed", message: null });
    expect(texts()).toEqual([["WHATSAPP", CUSTOMER, "A colleague takes over."]]);
    const operations = world.operations();
    expect(operations.indexOf("createMessage")).toBeGreaterThan(operations.indexOf("route"));
  });

  it("are not sent twice where the answer was lost", async () => {
    const { world, id, texts, stepsOf } = await createSending();
    world.emulator.faults.add({ kind: "reset", operation: "createMessage", when: "after" });
    await world.deliver({ ...ask, conversationId: id });
    await world.pass(10_000);
    expect(texts()).toHaveLength(1);
    expect(stepsOf()).toContain("text done");
  });

  const postTo =
    (world: Awaited<ReturnType<typeof createSending>>["world"]) =>
    async (body: object, headers = {}) =>
      (
        await world.request("/v1/bots/shop-assistant/events", {
          method: "POST",
          headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json", ...headers },
          body: JSON.stringify({ session: "s1", ...body }),
        })
      ).json();

  it("are the bot's to say where the customer wrote nothing, and the handoff is none the worse", async () => {
    const { world, stepsOf } = await createSending();
    const post = postTo(world);
    expect(await post({ id: "1", ...ask }, { prefer: "respond-async" })).toMatchObject({ message: null });
    await world.pass(1_000);
    expect(stepsOf()).toContain("text refused");
    const hello = { type: "customer.message", text: "hello?" };
    expect(await post({ id: "2", ...hello })).toMatchObject({ control: "queue", message: "A colleague takes over." });
    expect(await post({ id: "3", ...hello })).toMatchObject({ message: null });
  });

  it("come with this answer where the customer wrote nothing and whoever asked still waits, and with no other", async () => {
    const { world } = await createSending();
    const post = postTo(world);
    expect(await post({ id: "1", ...ask })).toMatchObject({
      handoffState: "routed",
      message: "A colleague takes over.",
    });
    expect(await post({ id: "2", type: "customer.message", text: "hello?" })).toMatchObject({ message: null });
  });

  it("are cut to what the platform takes", async () => {
    const { world, id, texts, stepsOf } = await createSending({
      message: `A colleague comes. ${"They read all of it first. ".repeat(200)}`,
    });
    await world.deliver({ ...ask, conversationId: id });
    expect(stepsOf()).toContain("text done");
    expect(texts()).toHaveLength(1);
    expect(String(texts()[0]?.[2]).length).toBeLessThanOrEqual(4_096);
  });

  it("are left to an agent who was faster", async () => {
    const { world, id, agent, texts, stepsOf } = await createSending();
    world.emulator.onCall(({ operation }) => {
      if (operation === "route") world.emulator.desk.take(id, agent);
    });
    await world.deliver({ ...ask, conversationId: id });
    await world.pass(1_000);
    expect(texts()).toEqual([]);
    expect(stepsOf()).not.toContain("text done");
    expect(world.handoff(ID)?.state).toBe("assigned");
  });

  it("reach a customer who waits, and one who is handed back", async () => {
    const { world, id, agent, texts, rest } = await createSending({
      waiting: [{ afterSeconds: 60, message: "Still looking." }],
      handBack: { message: "The bot is here again." },
    });
    await world.deliver({ ...ask, conversationId: id });
    await world.pass(60_000);
    world.move(1_000);
    world.emulator.desk.take(id, agent);
    await rest();
    world.move(1_000);
    world.emulator.desk.setStatus(id, agent, "SOLVED");
    await rest();
    expect(texts().map(([, , text]) => text)).toEqual([
      "A colleague takes over.",
      "Still looking.",
      "The bot is here again.",
    ]);
    const next = await world.deliver({ type: "customer.message", text: "ok" });
    expect(next.answer).toMatchObject({ control: "bot", message: null });
  });
});
