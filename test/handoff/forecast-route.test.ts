import { describe, expect, it } from "vitest";
import { createWorld } from "../support/world.ts";

const POST = { method: "POST", headers: { authorization: "App k", "content-type": "application/json" } };

async function createOffice() {
  const world = createWorld();
  const { emulator } = world;
  const call = async (method: string, path: string, body?: object) =>
    emulator.fetch(
      new Request(`https://emulator.invalid/ccaas/1${path}`, {
        ...{ ...POST, method },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
  const queues = [...emulator.state.queues.values()];
  const [first, second] = queues;
  if (first === undefined || second === undefined) throw new Error("the emulator has two queues");
  const ruleTo = (queueId: string, expression: object, name: string) => ({ name, queueId, expression });
  const rules = async (...all: object[]) => expect((await call("PUT", "/routing", all as object)).ok).toBe(true);
  const ask = (question: object) =>
    world.service.core.forecastRoute("default", { conversationId: null, tags: [], queue: null, ...question });
  return { world, first, second, ruleTo, rules, ask };
}
const tagged = (tag: string) => ({ $eq: { "conversation.tags": tag } });

describe("where an account would route", () => {
  it("goes through its rules by the tags, and asks whether an agent of that queue is available", async () => {
    const { first, second, ruleTo, rules, ask, world } = await createOffice();
    await rules(ruleTo(first.id, tagged("vip"), "Gold"), ruleTo(second.id, tagged("bot_handoff"), "Bots"));
    const before = world.operations().length;
    expect(await ask({ tags: ["bot_handoff"] })).toMatchObject({
      kind: "asked",
      simulated: null,
      rules: { ok: true, value: { possible: [], certain: { rule: "'Bots'", queue: second.name } } },
      wanted: null,
      agents: { queue: second.name, isAnybody: { ok: true } },
    });
    // Nothing but reading.
    expect(
      world
        .operations()
        .slice(before)
        .filter((operation) => !/^(get|list|is)/.test(operation ?? "")),
    ).toEqual([]);
  });

  it("takes the platform's own simulation of a conversation that is there, and says so where it is not", async () => {
    const { first, ruleTo, rules, ask, world } = await createOffice();
    await rules(ruleTo(first.id, tagged("vip"), "Gold"));
    const id = await world.open();
    expect(await ask({ conversationId: id })).toMatchObject({ simulated: { ok: true } });
    expect(await ask({ conversationId: "none" })).toMatchObject({
      simulated: { ok: false, error: "it knows no such id" },
    });
  });

  it("tells whether the queue that the flow names is there", async () => {
    const { second, ask } = await createOffice();
    expect(await ask({ queue: second.name })).toMatchObject({ wanted: { ok: true, value: second.name } });
    expect(await ask({ queue: "Nowhere" })).toMatchObject({ wanted: { ok: true, value: null } });
  });

  it("does not ask an account that refuses our credentials, and says which part could not be read", async () => {
    const { ask, world } = await createOffice();
    world.emulator.faults.add({ operation: "getRouting", kind: "status", status: 503, times: 1 });
    expect(await ask({})).toMatchObject({ rules: { ok: false, error: "it failed (503)" } });
    world.emulator.faults.add({ operation: "listQueues", kind: "status", status: 401, times: 1 });
    expect(await ask({})).toMatchObject({ rules: { ok: true } });
    expect(await ask({})).toEqual({ kind: "not-asked", because: "refused" });
    expect(await world.service.core.forecastRoute("other", { conversationId: null, tags: [], queue: null })).toEqual({
      kind: "not-asked",
      because: "not-configured",
    });
  });
});
