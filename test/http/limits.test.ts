import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { createWorld, SECRET } from "../support/world.ts";

const flow = defineFlow({
  name: "two-bots",
  bots: ["storm", "calm"],
  conversation: { topic: "Chat {{session}}" },
  rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
});

function createLimited(limits: { botEventsPerSecond?: number; maxPending?: number }) {
  const { botEventsPerSecond, maxPending } = limits;
  const world = createWorld((fetch) => fetch, {
    flows: [flow],
    ...(botEventsPerSecond && { botEventsPerSecond }),
    ...(maxPending && { settings: { maxPending } }),
  });
  let sent = 0;
  const event = (fields: object = {}) => {
    sent += 1;
    return { id: `m${sent}`, type: "customer.message", session: "s1", text: "hello", ...fields };
  };
  const post = (bot: string, body: unknown, path = "/events") =>
    world.request(`/v1/bots/${bot}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, prefer: "respond-async" },
      body: JSON.stringify(body),
    });
  return { world, event, post };
}

describe("a bot's quota", () => {
  it("lets ten seconds' worth through at once, then tells the bot to wait, and other bots notice nothing", async () => {
    const { world, event, post } = createLimited({ botEventsPerSecond: 1 });
    for (let n = 0; n < 9; n += 1) expect((await post("storm", event())).status).toBe(200);
    const last = await post("storm", event());
    expect([last.status, last.headers.get("ratelimit-policy"), last.headers.get("ratelimit")]).toEqual([
      200,
      '"bot";q=10;w=10',
      '"bot";r=0;t=10',
    ]);
    const over = await post("storm", event());
    expect([over.status, over.headers.get("retry-after"), over.headers.get("ratelimit")]).toEqual([
      429,
      "1",
      '"bot";r=0;t=10',
    ]);
    expect(await over.json()).toMatchObject({ type: "urn:baton:problem:quota-exceeded", status: 429 });
    expect((await post("calm", event())).status).toBe(200);
    await world.pass(1_000);
    expect((await post("storm", event())).status).toBe(200);
    expect((await post("storm", event())).status).toBe(429);
  });

  it("counts the events of a batch, and takes nothing for one that is refused", async () => {
    const { event, post } = createLimited({ botEventsPerSecond: 1 });
    expect((await post("storm", [event(), event(), event(), event(), event(), event()])).status).toBe(200);
    expect((await post("storm", [event(), event(), event(), event(), event()])).status).toBe(429);
    expect((await post("storm", [event(), event(), event(), event()])).status).toBe(200);
  });

  it("holds back nothing that was accepted", async () => {
    const { world, event, post } = createLimited({ botEventsPerSecond: 1 });
    world.emulator.faults.add({ operation: "createConversation", kind: "refuse" });
    await post("storm", event({ type: "handoff.requested", text: undefined }));
    for (let n = 0; n < 12; n += 1) await post("storm", event());
    await world.pass(500);
    expect(world.handoff("01H0001")?.state).toBe("routed");
  });

  it("is not used up by somebody who cannot prove to be the bot", async () => {
    const { world, event, post } = createLimited({ botEventsPerSecond: 1 });
    for (let n = 0; n < 20; n += 1) {
      const answer = await world.request("/v1/bots/storm/events", { method: "POST", body: JSON.stringify(event()) });
      expect(answer.status).toBe(401);
    }
    expect((await post("storm", event())).status).toBe(200);
  });
});

describe("the backlog", () => {
  it("takes no more handoffs than it may, says when to come back, and takes what opens none", async () => {
    const { world, event, post } = createLimited({ maxPending: 2 });
    world.emulator.faults.add({ operation: "createConversation", kind: "refuse", times: 100 });
    const asking = (session: string) => event({ type: "handoff.requested", session, text: undefined });
    await post("storm", asking("a"));
    await post("storm", asking("b"));
    const third = asking("c");
    for (const answer of [await post("storm", third), await post("calm", { session: "d" }, "/handoffs")]) {
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "30"]);
      expect(await answer.json()).toMatchObject({ type: "urn:baton:problem:backlog-full" });
    }
    expect((await post("storm", event({ session: "c" }))).status).toBe(200);
    // One that joins what is open opens none.
    expect(await (await post("storm", asking("a"))).json()).toMatchObject({ handoffId: "01H0001" });

    world.emulator.faults.clear();
    await world.pass(60_000);
    await world.pass(1_000);
    expect(await (await post("storm", third)).json()).toMatchObject({ outcome: "accepted", control: "queue" });
  });

  it("keeps nothing of a delivery that it refuses, so that it comes again in its order", async () => {
    const { world, event, post } = createLimited({ maxPending: 1 });
    world.emulator.faults.add({ operation: "createConversation", kind: "refuse", times: 100 });
    await post("storm", event({ type: "handoff.requested", session: "a", text: undefined }));
    const asking = event({ type: "handoff.requested", session: "b", text: undefined });
    const batch = [asking, event({ session: "b", text: "second" }), event({ session: "b", text: "third" })];
    expect((await post("storm", batch)).status).toBe(503);
    expect(world.record.read((t) => t.sessions.find("storm", "b"))).toBeNull();

    world.emulator.faults.clear();
    await world.pass(60_000);
    await world.pass(1_000);
    const outcomes = (await (await post("storm", batch)).json()) as { outcome: string }[];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted", "accepted"]);
  });
});
