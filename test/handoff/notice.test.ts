import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { createWorld, SECRET } from "../support/world.ts";

const TRANSFER = "I am passing you to a colleague. They can see what we have said so far.";

function createStage(options: Parameters<typeof createWorld>[1] = {}) {
  const world = createWorld((fetch) => fetch, options);
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const response = await world.request(`/v1/bots/shop-assistant${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { message: string | null; handoffState: string; control: string };
  };
  let id = 0;
  const say = (text: string, headers?: Record<string, string>) => {
    id += 1;
    return post("/events", { id: `m-${id}`, type: "customer.message", session: "s1", text }, headers);
  };
  return { world, post, say };
}

describe("a transfer that is proved after the answer", () => {
  it("is told once, with the next answer", async () => {
    const { world, say } = createStage();
    expect(await say("agent", { prefer: "respond-async" })).toMatchObject({ handoffState: "pending", message: null });
    await world.pass(5_000);
    expect((await say("hello? anybody?")).message).toBe(TRANSFER);
    expect((await say("hello?")).message).toBeNull();
  });

  it("is told once where the same event comes again", async () => {
    const { world, post, say } = createStage();
    const ask = { id: "a", type: "customer.message", session: "s1", text: "agent" };
    await post("/events", ask, { prefer: "respond-async" });
    await world.pass(5_000);
    expect((await post("/events", ask)).message).toBe(TRANSFER);
    expect((await say("hello?")).message).toBeNull();
  });

  it("is not told again where the answer waited for it", async () => {
    const { say } = createStage();
    expect((await say("agent")).message).toBe(TRANSFER);
    expect((await say("hello?")).message).toBeNull();
  });

  it("is told where it was set aside, and went on later", async () => {
    const { world, say } = createStage();
    world.emulator.faults.add({ kind: "status", status: 403, operation: "createConversation", times: 1 });
    expect(await say("agent")).toMatchObject({ handoffState: "parked", message: null });
    expect((await say("are you there?")).message).toBeNull();
    const [handoff] = world.record.read((t) => t.handoffs.list({}, 1));
    await world.operate(`/handoffs/${handoff?.id}/retry`);
    await world.pass(60_000);
    expect(world.handoff(handoff?.id ?? "")?.state).toBe("routed");
    expect((await say("hello?")).message).toBe(TRANSFER);
    expect((await say("hello?")).message).toBeNull();
  });

  it("is not told once an agent has the customer, nor once the bot has them back", async () => {
    for (const status of ["open", "closed"] as const) {
      const { world, say } = createStage();
      await say("agent", { prefer: "respond-async" });
      await world.pass(5_000);
      const [handoff] = world.record.read((t) => t.handoffs.list({}, 1));
      const assignee = status === "open" ? ({ kind: "human", id: "ana", name: null } as const) : undefined;
      const word = { at: world.now() + 1, status, ...(assignee && { assignee }) };
      await world.service.receiveState("default", handoff?.conversationId ?? "", word);
      expect((await say("hello?")).message).toBeNull();
    }
  });

  it("is told by the callback where the flow has one", async () => {
    const flow = defineFlow({
      name: "told",
      bots: ["shop-assistant"],
      conversation: { topic: "Chat {{session}}" },
      message: TRANSFER,
      rules: [{ reason: "asked", when: { event: "customer.message", text: { contains: ["agent"] } } }],
      callbacks: { url: "https://bot.invalid/", events: ["handoff.routed"] },
    });
    const { world, say } = createStage({ flows: [flow] });
    await say("agent", { prefer: "respond-async" });
    await world.pass(5_000);
    const [handoff] = world.record.read((t) => t.handoffs.list({}, 1));
    const told = world.record.read((t) => t.callbacks.ofHandoff(handoff?.id ?? ""));
    expect(told.map(({ data }) => data?.message)).toEqual([TRANSFER]);
    expect((await say("hello?")).message).toBeNull();
  });
});

describe("that nobody is there", () => {
  it("is told with the next answer where it was found out after the answer", async () => {
    const flow = defineFlow({
      name: "busy",
      bots: ["shop-assistant"],
      conversation: { topic: "Chat {{session}}", queue: "Support" },
      message: TRANSFER,
      noAgent: { do: "decline", message: "All my colleagues are busy." },
      rules: [{ reason: "asked", when: { event: "customer.message", text: { contains: ["agent"] } } }],
    });
    const { world, say } = createStage({ flows: [flow] });
    for (const { id } of world.emulator.state.agents.values()) {
      await world.emulator.fetch(
        new Request(`https://x.invalid/ccaas/1/agents/${id}/status`, {
          method: "PUT",
          headers: { authorization: "App k", "content-type": "application/json" },
          body: JSON.stringify({ status: "AWAY" }),
        }),
      );
    }
    expect((await say("agent", { prefer: "respond-async" })).message).toBeNull();
    await world.pass(5_000);
    expect(await say("hello?")).toMatchObject({ control: "bot", message: "All my colleagues are busy." });
    expect((await say("hello?")).message).toBeNull();
  });
});
