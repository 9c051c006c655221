import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { createWorld, SECRET } from "../support/world.ts";

const flow = defineFlow({
  name: "two-bots",
  bots: ["storm", "calm", "late"],
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
  const createStorm = (maxPending: number) => {
    const limited = createLimited({ maxPending });
    limited.world.emulator.faults.add({ operation: "createConversation", kind: "refuse", times: 1_000 });
    const ask = (bot: string, session: string) => limited.post(bot, { session, id: session }, "/handoffs");
    return { ...limited, ask };
  };

  it("takes no more handoffs of a bot than half of all, says whose places are taken, and takes what opens none", async () => {
    const { world, event, post, ask } = createStorm(4);
    for (const session of ["a", "b"]) expect((await ask("storm", session)).status).toBe(202);
    const third = await ask("storm", "c");
    expect([third.status, third.headers.get("retry-after")]).toEqual([503, "30"]);
    expect(await third.json()).toMatchObject({
      type: "urn:baton:problem:backlog-full",
      detail: expect.stringMatching(/^This bot's share of the places is taken/),
    });
    expect((await post("storm", event({ session: "c" }))).status).toBe(200);
    // A request that joins an open handoff opens none.
    const again = event({ type: "handoff.requested", session: "a", text: undefined });
    expect(await (await post("storm", again)).json()).toMatchObject({ handoffId: "01H0001" });

    world.emulator.faults.clear();
    await world.pass(60_000);
    await world.pass(1_000);
    expect(await (await ask("storm", "c")).json()).toMatchObject({ outcome: "accepted", control: "queue" });
  });

  it("lets no flooding bot shut another out", async () => {
    const { ask } = createStorm(50);
    const storm = [];
    for (let n = 0; n < 60; n += 1) storm.push((await ask("storm", `s${n}`)).status);
    expect(storm).toEqual([...Array(25).fill(202), ...Array(35).fill(503)]);
    for (let n = 0; n < 25; n += 1) expect((await ask("calm", `c${n}`)).status).toBe(202);
  });

  it("has a place for a bot that has none, though the others hold them all", async () => {
    const { ask } = createStorm(4);
    for (const bot of ["storm", "calm"])
      for (const n of [1, 2]) expect((await ask(bot, `${bot}${n}`)).status).toBe(202);
    expect((await ask("late", "l1")).status).toBe(202);
    const second = await ask("late", "l2");
    expect([second.status, await second.json()]).toMatchObject([
      503,
      { detail: expect.stringMatching(/^The places of all bots are taken/) },
    ]);
  });

  it("counts what an earlier run left", async () => {
    const { world, ask } = createStorm(4);
    for (const session of ["a", "b"]) await ask("storm", session);
    const next = createWorld(undefined, {
      flows: [flow],
      settings: { maxPending: 4 },
      record: world.record,
      handoffsBefore: 9,
    });
    const again = await next.request("/v1/bots/storm/handoffs", {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, prefer: "respond-async" },
      body: JSON.stringify({ session: "c" }),
    });
    expect(again.status).toBe(503);
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
