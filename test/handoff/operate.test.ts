import { describe, expect, it } from "vitest";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested", reason: "wants a refund" };
const ID = "01H0001";
const refuse = (operation: "createConversation" | "route") =>
  ({ operation, kind: "status", status: 400, text: "No." }) as const;

/** A handoff that the platform refused for good at an essential step. */
async function parkedAt(operation: "createConversation" | "route") {
  const world = createWorld();
  world.emulator.faults.add(refuse(operation));
  await world.deliver(ask);
  expect(world.handoff(ID)).toMatchObject({ state: "parked", parkedFor: "person" });
  return world;
}

/** A platform that holds the answer to one request until the test releases it. */
function withLateAnswer(isMeant: (request: Request) => boolean) {
  let answerNow = (): void => undefined;
  const wait = new Promise<void>((resolve) => {
    answerNow = resolve;
  });
  const world = createWorld((fetch) => async (request) => {
    const response = await fetch(request);
    if (isMeant(request)) await wait;
    return response;
  });
  return { world, answerNow };
}

describe("cancel and a crash", () => {
  it("leave what several creates made to the next start, which closes it", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "createConversation", kind: "reset", when: "before", times: 2 });
    await world.deliver(ask);
    await world.pass(world.settings.quietMs);
    await world.pass(world.settings.quietMs);
    expect(world.record.read((t) => t.handoffs.ledger(ID))?.steps[0]?.sends).toBeGreaterThan(1);
    await world.service.stop();
    await world.operate(`/handoffs/${ID}/cancel`);
    const next = createWorld((fetch) => fetch, { record: world.record });
    await next.service.resume();
    await next.pass(world.settings.lateMs + 60_000);
    expect(next.operations()).toContain("listConversations");
    expect(next.record.read((t) => t.handoffs.ledger(ID))?.steps.at(-1)).toMatchObject({
      name: "sweep",
      state: "done",
    });
  });
});

describe("retry", () => {
  it("begins with a new conversation where every one before was closed", async () => {
    // An agent closes each conversation as soon as it has its note.
    const world = createWorld((fetch) => async (request) => {
      const response = await fetch(request);
      const id = request.url.split("/")[6] ?? "";
      const isLast = world.conversations().length <= world.settings.maxReplacements + 1;
      if (request.url.endsWith("/notes") && isLast) world.emulator.desk.setStatus(id, supervisor, "CLOSED");
      return response;
    });
    const supervisor = [...world.emulator.state.agents.values()].find(({ role }) => role === "SUPERVISOR")?.id ?? "";
    await world.deliver(ask);
    for (let n = 0; n < 10; n += 1) await world.pass(1_000);
    expect(world.handoff(ID)).toMatchObject({ state: "parked", parkedFor: "person" });
    const closed = world.conversations().at(-1)?.id ?? "";
    const toClosed = () => world.emulator.calls.filter(({ path }) => path.includes(closed)).length;
    const before = toClosed();
    await world.operate(`/handoffs/${ID}/retry`);
    await world.dispatcher.idle(ID);
    expect(world.handoff(ID)?.state).toBe("routed");
    expect(toClosed()).toBe(before);
  });

  it.each(["createConversation", "route"] as const)(
    "goes on from a refused %s, under the same token, and repeats nothing that is done",
    async (operation) => {
      const world = await parkedAt(operation);
      const answer = await world.operate(`/handoffs/${ID}/retry`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ id: ID, state: "pending", control: "queue", parkedBecause: null });
      await world.dispatcher.idle(ID);
      expect(world.handoff(ID)?.state).toBe("routed");
      expect(world.conversations()).toHaveLength(1);
      expect(world.conversations()[0]).toMatchObject({ summary: expect.stringContaining(`[ho-${ID}]`) });
      expect(world.conversations()[0]?.notes).toHaveLength(1);
    },
  );

  it("looks first for what may have happened, and begins the schedule anew", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "createConversation", kind: "reset", when: "after" });
    world.emulator.faults.add({ operation: "listConversations", kind: "refuse", times: 500 });
    await world.deliver(ask);
    for (let hour = 0; hour < 26; hour += 1) await world.pass(3_600_000);
    expect(world.handoff(ID)?.state).toBe("parked");
    await world.operate(`/handoffs/${ID}/retry`);
    await world.pass(world.settings.quietMs);
    expect(world.handoff(ID)?.state).toBe("pending");
    world.emulator.faults.clear();
    await world.pass(world.settings.slowestRetryMs);
    expect(world.handoff(ID)?.state).toBe("routed");
    expect(world.conversations()).toHaveLength(1);
  });

  it("answers 409 with the states that allow it, and 404 for no handoff", async () => {
    const world = createWorld();
    await world.deliver(ask);
    const answer = await world.operate(`/handoffs/${ID}/retry`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([409, "application/problem+json"]);
    expect(await answer.json()).toMatchObject({
      type: "urn:baton:problem:wrong-state",
      state: "routed",
      allowed: ["parked"],
    });
    expect((await world.operate("/handoffs/nobody/retry")).status).toBe(404);
  });

  it("is for operators only", async () => {
    const world = await parkedAt("route");
    for (const act of ["retry", "cancel"]) {
      expect((await world.request(`/v1/handoffs/${ID}/${act}`, { method: "POST" })).status).toBe(401);
    }
    expect(world.handoff(ID)?.state).toBe("parked");
  });
});

describe("cancel", () => {
  it("sends nothing more, gives the chat back to the bot, and lets it escalate anew into the conversation that is there", async () => {
    const world = await parkedAt("route");
    const [conversation] = world.conversations();
    const answer = await world.operate(`/handoffs/${ID}/cancel`);
    expect(await answer.json()).toMatchObject({ state: "cancelled", control: "bot", conversationId: conversation?.id });
    const calls = world.operations().length;
    await world.pass(3_600_000);
    expect(world.operations()).toHaveLength(calls);
    expect(world.record.read((t) => t.sessions.find("shop-assistant", "s1"))).toMatchObject({
      control: "bot",
      epoch: 2,
    });
    const next = await world.deliver(ask);
    expect(next.answer).toMatchObject({
      handoffId: "01H0002",
      handoffState: "routed",
      conversationId: conversation?.id,
    });
    expect(world.conversations()).toHaveLength(1);
  });

  it("ends a wait for the next attempt, and is the same when it is repeated", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "createConversation", kind: "refuse", times: 100 });
    await world.deliver(ask);
    const waiting = world.dispatcher.settled(ID, 60_000);
    const first = await world.operate(`/handoffs/${ID}/cancel`);
    await waiting;
    const again = await world.operate(`/handoffs/${ID}/cancel`);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(await again.json()).toEqual(await first.json());
    await world.pass(3_600_000);
    expect(world.conversations()).toEqual([]);
  });

  it("records the late answer of what was on its way, and changes nothing by it", async () => {
    const { world, answerNow } = withLateAnswer(
      ({ method, url }) => method === "POST" && url.endsWith("/conversations"),
    );
    const delivered = world.deliver(ask);
    await expect.poll(() => world.operations()).toEqual(["createConversation"]);
    await world.operate(`/handoffs/${ID}/cancel`);
    answerNow();
    await delivered;
    expect(world.operations()).toEqual(["createConversation"]);
    expect(await (await world.operate(`/handoffs/${ID}`, "GET")).json()).toMatchObject({
      state: "cancelled",
      conversationId: world.conversations()[0]?.id,
      steps: [{ name: "conversation", state: "done", attempts: [{ outcome: "ok" }] }, {}, {}, {}, {}, {}, {}],
    });
    expect(world.record.read((t) => t.sessions.find("shop-assistant", "s1"))).toMatchObject({
      control: "bot",
      conversationId: null,
    });
  });

  it.each([
    ["of the credentials", { status: 401 }],
    ["that says it is closed", { status: 400, text: "Closed conversation cannot be changed." }],
  ])("is not undone by a late refusal %s", async (_, fault) => {
    const { world, answerNow } = withLateAnswer(({ url }) => url.endsWith("/route"));
    world.emulator.faults.add({ operation: "route", kind: "status", ...fault });
    const delivered = world.deliver(ask);
    await expect.poll(() => world.operations()).toContain("route");
    await world.operate(`/handoffs/${ID}/cancel`);
    answerNow();
    await delivered;
    expect(world.handoff(ID)).toMatchObject({
      state: "cancelled",
      parkedBecause: null,
      conversationId: world.conversations()[0]?.id,
    });
    expect(world.conversations()).toHaveLength(1);
  });

  it("answers 409 once the conversation is with people", async () => {
    const world = createWorld();
    await world.deliver(ask);
    const answer = await world.operate(`/handoffs/${ID}/cancel`);
    expect([answer.status, await answer.json()]).toMatchObject([409, { allowed: ["pending", "deferred", "parked"] }]);
    expect((await world.operate("/handoffs/nobody/cancel")).status).toBe(404);
  });
});
