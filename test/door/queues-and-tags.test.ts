import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createDoor, type Door, expectHandedOver, leftOutOf } from "../support/door.ts";

const ask = { session: "s", reason: "wants a refund" };
const flowWith = (more: Partial<FlowInput>) =>
  defineFlow({
    name: "shop",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat" },
    rules: [{ reason: "customer-asked", when: { event: "handoff.requested" } }],
    ...more,
  });
const queueOf = (door: Door) => door.queueNamed(door.last().queueId);

async function shown(door: Door, id: string | null | undefined): Promise<Record<string, unknown>> {
  return JSON.parse((await door.send(`/handoffs/${id}`)).text) as Record<string, unknown>;
}

describe("a queue that is named", () => {
  it.each(["VIP", "Complaints"])("is where the chat ends: %s", async (queue) => {
    const door = createDoor();
    const reply = await door.ask({ ...ask, queue });
    expectHandedOver(reply);
    await door.later(5_000);
    expect(queueOf(door)).toBe(queue);
    expect(door.last().routes).toBe(1);
    expect(await shown(door, reply.body.handoffId)).toMatchObject({ queue });
    expect(leftOutOf(reply)).toEqual([]);
  });

  it("may be named by its id", async () => {
    const door = createDoor();
    const vip = [...door.emulator.state.queues.values()].find(({ name }) => name === "VIP")?.id;
    expectHandedOver(await door.ask({ ...ask, queue: vip }));
    await door.later(5_000);
    expect(queueOf(door)).toBe("VIP");
  });

  it("may be named by a flow and by a rule", async () => {
    for (const more of [
      { conversation: { topic: "Chat", queue: "VIP" } },
      { rules: [{ reason: "x", when: { event: "handoff.requested" }, queue: "VIP" }] },
    ] satisfies Partial<FlowInput>[]) {
      const door = createDoor({ flows: [flowWith({ tags: ["unhappy"], ...more })] });
      await door.ask(ask);
      await door.later(5_000);
      expect(queueOf(door)).toBe("VIP");
    }
  });

  it("is left alone where the flow says so", async () => {
    const conversation = { topic: "Chat", queue: "VIP", keepQueue: "leave" } as const;
    const door = createDoor({ flows: [flowWith({ tags: ["unhappy"], conversation })] });
    await door.ask(ask);
    await door.later(5_000);
    expect(queueOf(door)).toBe("Complaints");
  });

  it("does not take a chat from a human who was faster", async () => {
    const door: Door = createDoor({
      platform: (fetch) => async (request) => {
        const isRoute = new URL(request.url).pathname.endsWith("/route");
        const answer = await fetch(request);
        if (isRoute) door.emulator.desk.take(door.last().id, door.agentNamed("Ana Horvat"));
        return answer;
      },
    });
    await door.ask({ ...ask, queue: "VIP" });
    await door.later(10_000);
    expect(door.last()).toMatchObject({ agentId: door.agentNamed("Ana Horvat"), routes: 1 });
  });

  it.each(["Statuss", "Suport", "No such queue", "5EED000000000000000000000000DEAD"])(
    "is left out where nobody has it: %s",
    async (queue) => {
      const door = createDoor();
      const reply = await door.ask({ ...ask, queue });
      expectHandedOver(reply);
      await door.later(5_000);
      expect(queueOf(door)).toBe("Support");
      const handoff = await shown(door, reply.body.handoffId);
      expect(handoff.queue).toBeNull();
      expect(JSON.stringify(handoff.leftOut)).toContain(queue);
      expect(leftOutOf(reply)).toContain("queue");
    },
  );

  it("of a flow is left out where nobody has it, and the chat is routed", async () => {
    const door = createDoor({ flows: [flowWith({ conversation: { topic: "Chat", queue: "Suport" } })] });
    const reply = await door.ask(ask);
    expectHandedOver(reply);
    expect((await shown(door, reply.body.handoffId)).queue).toBeNull();
  });
});

describe("tags", () => {
  it.each(["bot-handoff", "vip customer!", "naručeno/hitno", "a:b"])(
    "that the platform refuses cannot be a flow's: %s",
    (tag) => {
      expect(() => flowWith({ tags: [tag] })).toThrow(/tags/);
      const rules = [{ reason: "x", when: { event: "handoff.requested" as const }, tags: [tag] }];
      expect(() => flowWith({ rules })).toThrow(/tags/);
    },
  );

  it.each(["vip-customer", "a/b", "hitno!"])("that the platform refuses are left out: %s", async (tag) => {
    const door = createDoor();
    door.emulator.settings.tagCharacters = "strict";
    const reply = await door.ask({ ...ask, tags: [tag, "vip"] });
    expectHandedOver(reply);
    expect(leftOutOf(reply)).toEqual([expect.stringMatching(/^tags/)]);
    const handoff = await shown(door, reply.body.handoffId);
    expect(handoff.tags).toEqual(expect.arrayContaining(["bot_handoff", "vip"]));
    expect(handoff.tags).not.toContain(tag);
    expect(JSON.stringify(handoff.leftOut)).toContain(tag);
    expect([...door.last().tags].sort()).toEqual([...(handoff.tags as string[])].sort());
  });

  it("that the platform takes are put on", async () => {
    const door = createDoor();
    expectHandedOver(await door.ask({ ...ask, tags: ["v.i.p", "a_b", "X9"] }));
    expect(door.last().tags).toEqual(expect.arrayContaining(["v.i.p", "a_b", "X9"]));
  });

  it.each(["addTag", "createNote"] as const)(
    "and notes are tried again after a 200 that says ERROR: %s",
    async (operation) => {
      const door = createDoor();
      door.emulator.faults.add({ operation, kind: "error-answer", times: 2 });
      const reply = await door.ask({ ...ask, tags: ["vip"] });
      expectHandedOver(reply);
      await door.later(120_000);
      expect(door.last().tags).toEqual(expect.arrayContaining(["bot_handoff", "customer_asked", "vip"]));
      expect(door.notesOf(door.last())).toHaveLength(1);
      expect(door.last().routes).toBe(1);
    },
  );

  it("hold nobody up, however often the platform says ERROR", async () => {
    const door = createDoor();
    door.emulator.faults.add({ operation: "addTag", kind: "error-answer", times: 50 });
    const reply = await door.ask({ ...ask, tags: ["vip"] });
    expectHandedOver(reply);
    await door.later(600_000);
    const handoff = await shown(door, reply.body.handoffId);
    expect(handoff.state).toBe("routed");
    expect(handoff.tags).toEqual([]);
    expect(JSON.stringify(handoff.leftOut)).toContain("vip");
  });
});
