import { describe, expect, it } from "vitest";
import { CLOSED, createAccount, noSuchId, START } from "./create-account.ts";

async function tagged(account: ReturnType<typeof createAccount>, tags: string[], fields: object = {}) {
  const id = await account.open(fields);
  for (const tagName of tags) await account.call("POST", `/conversations/${id}/tags`, { tagName });
  return id;
}

describe("route", () => {
  it("takes the assignee off and applies the first rule that fits", async () => {
    const account = createAccount();
    const id = await tagged(account, ["bot_handoff", "unhappy"], { agentId: account.agentId("Ana Horvat") });
    const routed = await account.call("POST", `/conversations/${id}/route`);
    expect(routed.body).toMatchObject({
      id,
      agentId: null,
      queueId: account.queueId("Complaints"),
      priority: "URGENT",
    });
    expect(account.emulator.state.conversations.get(id)?.routes).toBe(1);
  });

  it("accepts an empty object and unknown query parameters", async () => {
    const { call, open } = createAccount();
    expect((await call("POST", `/conversations/${await open()}/route?piIntegrator=1`, {})).status).toBe(200);
  });

  it("un-assigns a person again when repeated", async () => {
    const { call, emulator, open, agentId } = createAccount();
    const id = await open();
    await call("POST", `/conversations/${id}/route`);
    await call("PUT", `/conversations/${id}/assignee`, { agentId: agentId("Ana Horvat") });
    await call("POST", `/conversations/${id}/route`);
    expect(emulator.state.conversations.get(id)).toMatchObject({ agentId: null, routes: 2 });
  });

  it("answers as it is set to", async () => {
    const { call, emulator, open } = createAccount();
    const route = async () => (await call("POST", `/conversations/${await open()}/route`)).body;
    expect(await route()).toHaveProperty("id");
    emulator.settings.routeBody = "page";
    expect(await route()).toMatchObject({ conversations: [{ status: "OPEN" }], pagination: { totalItems: 1 } });
    emulator.settings.routeBody = "object";
    expect(await route()).toEqual({});
    emulator.settings.routeBody = "empty";
    expect(await route()).toBe("");
  });

  it("sends what no rule fits to the default queue, to none, or leaves it, as set", async () => {
    const { call, emulator, open, queueId } = createAccount();
    const route = async () => {
      const id = await open({ queueId: queueId("VIP") });
      return (await call("POST", `/conversations/${id}/route`)).body.queueId;
    };
    expect(await route()).toBe(queueId("General"));
    emulator.settings.noRuleMatch = "none";
    expect(await route()).toBeNull();
    emulator.settings.noRuleMatch = "keep";
    expect(await route()).toBe(queueId("VIP"));
  });

  it("leaves a queue that was set before where set so", async () => {
    const account = createAccount({ settings: { routeKeepsQueue: true } });
    const queueId = account.queueId("VIP");
    const id = await tagged(account, ["unhappy"], { queueId, agentId: account.agentId("Ana Horvat") });
    const routed = await account.call("POST", `/conversations/${id}/route`);
    expect(routed.body).toMatchObject({ queueId, agentId: null, priority: "NORMAL" });
  });

  it("refuses a closed and an unknown conversation, simulated or not", async () => {
    const { call, open } = createAccount();
    const closed = await open({ status: "CLOSED" });
    for (const [method, path] of [
      ["POST", "route"],
      ["GET", "simulate-routing"],
    ] as const) {
      expect((await call(method, `/conversations/${closed}/${path}`)).body).toEqual(CLOSED);
      expect((await call(method, `/conversations/X/${path}`)).body).toEqual(noSuchId("X"));
    }
  });

  it("is simulated without any effect", async () => {
    const account = createAccount();
    const id = await tagged(account, ["unhappy"]);
    const before = account.emulator.state.conversations.get(id);
    const simulated = await account.call("GET", `/conversations/${id}/simulate-routing`);
    expect(simulated.body).toEqual({ id, queueId: account.queueId("Complaints"), priority: "URGENT" });
    expect(account.emulator.state.conversations.get(id)).toBe(before);
    expect(account.emulator.calls.at(-1)?.effect).toBe(false);
  });
});

describe("routing rules", () => {
  it("are shown in order, replaced as a whole, and deleted", async () => {
    const account = createAccount();
    const { call, queueId } = account;
    const before = await call("GET", "/routing");
    expect(before.body.routes.map(({ order }: { order: number }) => order)).toEqual([1, 2, 3, 4]);
    expect(before.body.pagination).toEqual({ totalItems: 4, page: 0, limit: 999, orderBy: "order:ASC" });
    const rule = { queueId: queueId("VIP"), expression: { $eq: { "conversation.topic": "gold" } } };
    const put = await call("PUT", "/routing", [rule]);
    expect(put.body).toEqual({ statusCode: "SUCCESS", message: "Routing added successfully." });
    expect((await call("GET", "/routing?enabled=true")).body.routes).toMatchObject([
      { ...rule, priority: "NORMAL", enabled: true, queueName: "VIP", routeOnlyDuringWorkingHours: false },
    ]);
    const id = await account.open({ topic: "gold" });
    expect((await call("POST", `/conversations/${id}/route`)).body.queueId).toBe(queueId("VIP"));
    expect((await call("DELETE", "/routing")).body.message).toBe("Routing deleted successfully.");
    expect((await call("POST", `/conversations/${id}/route`)).body.queueId).toBe(queueId("General"));
  });

  it("are refused with an operator or a queue nobody knows", async () => {
    const { call, queueId } = createAccount();
    const bad = { queueId: queueId("VIP"), expression: { $like: { "conversation.topic": "gold" } } };
    expect((await call("PUT", "/routing", [bad])).status).toBe(400);
    expect((await call("PUT", "/routing", bad)).status).toBe(400);
    const lost = { queueId: "Q", expression: { $eq: { "conversation.topic": "gold" } } };
    expect((await call("PUT", "/routing", [lost])).body).toEqual(noSuchId("Q"));
  });

  it("look at the channel of the last message", async () => {
    const { call, open, queueId } = createAccount();
    const expression = { $eq: { "message.channel": "WHATSAPP" } };
    await call("PUT", "/routing", [{ queueId: queueId("VIP"), expression }]);
    const id = await open();
    const message = { from: "1", to: "2", channel: "WHATSAPP", contentType: "TEXT", content: { text: "hi" } };
    await call("POST", `/conversations/${id}/messages`, message);
    expect((await call("POST", `/conversations/${id}/route`)).body.queueId).toBe(queueId("VIP"));
  });

  it("are in force only while their queue exists and, where asked for, is open", async () => {
    const { call, clock, open, queueId } = createAccount();
    const expression = { $neq: { "conversation.topic": "never" } };
    const support = queueId("Support");
    await call("PUT", "/routing", [{ queueId: support, expression, routeOnlyDuringWorkingHours: true }]);
    const route = async () => (await call("POST", `/conversations/${await open()}/route`)).body.queueId;
    expect(await route()).toBe(support);
    clock.now = START + 12 * 3_600_000;
    expect(await route()).toBe(queueId("General"));
    clock.now = START;
    await call("DELETE", `/queues/${support}`);
    expect(await route()).toBe(queueId("General"));
  });
});
