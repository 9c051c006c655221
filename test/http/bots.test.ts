import { describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { createWorld, OPERATOR_TOKEN, SECRET } from "../support/world.ts";

const bearer = { authorization: `Bearer ${SECRET}` };

function createService() {
  const world = createWorld();
  const request = (path: string, init: RequestInit = {}) =>
    world.request(`/v1/bots/shop-assistant${path}`, { ...init, headers: { ...bearer, ...init.headers } });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    request(path, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
  return { world, request, post };
}

/** Waits until the request is in, and nothing more can be done for its handoff until the clock moves. */
async function untilPending(world: ReturnType<typeof createWorld>): Promise<void> {
  await expect.poll(() => world.handoff("01H0001")?.state).toBe("pending");
  await world.dispatcher.idle("01H0001");
}
const message = { id: "m1", type: "customer.message", session: "s1", text: "hello" };

describe("POST /events", () => {
  it("answers one event with one flat object, and a batch with an array in its order", async () => {
    const { post } = createService();
    expect(await (await post("/events", message)).json()).toEqual({
      outcome: "accepted",
      control: "bot",
      handoffId: null,
      handoffState: null,
      reason: null,
      conversationId: null,
      message: null,
    });
    const batch = await post("/events", [message, { ...message, id: "m2", text: "a human, please" }]);
    expect(await batch.json()).toMatchObject([
      { outcome: "duplicate" },
      { outcome: "accepted", handoffState: "routed" },
    ]);
  });

  it("keeps the good events of a batch, and says in its place what is wrong with a bad one", async () => {
    const { world, post } = createService();
    const batch = await post("/events", [
      message,
      { ...message, id: "m2", type: "secret-type" },
      { ...message, id: "m3" },
    ]);
    expect(batch.status).toBe(200);
    const text = await batch.text();
    expect(JSON.parse(text)).toMatchObject([
      { outcome: "accepted" },
      { type: "urn:baton:problem:invalid-event", title: expect.any(String), status: 422, issues: [{ field: "type" }] },
      { outcome: "accepted" },
    ]);
    expect(text).not.toContain("secret-type");
    expect(world.record.read((t) => t.sessions.find("shop-assistant", "s1"))).not.toBeNull();
    const none = await post("/events", [{ ...message, type: "?" }, 7]);
    expect([none.status, await none.json()]).toMatchObject([422, { issues: [{ field: "0.type" }, { field: "1" }] }]);
  });

  it("answers a duplicate with the handoff of the first, as things stand now", async () => {
    const { world, post } = createService();
    const asking = { ...message, text: "a human, please" };
    world.emulator.faults.add({ operation: "createConversation", kind: "refuse" });
    const first = post("/events", asking, { prefer: "respond-async" });
    expect(await (await first).json()).toMatchObject({ outcome: "accepted", handoffState: "pending" });
    await untilPending(world);
    await world.pass(500);
    const again = await post("/events", asking);
    expect([again.status, await again.json()]).toMatchObject([
      200,
      { outcome: "duplicate", handoffId: "01H0001", handoffState: "routed", message: expect.any(String) },
    ]);
    expect(world.conversations()).toHaveLength(1);
  });

  it("answers at once when asked to", async () => {
    const { post } = createService();
    const answer = await post("/events", { ...message, text: "agent" }, { prefer: "respond-async" });
    expect(await answer.json()).toMatchObject({ handoffState: "pending", control: "queue", message: null });
  });

  it("waits through a retry, and answers when the handoff is routed", async () => {
    const { world, post } = createService();
    world.emulator.faults.add({ operation: "createConversation", kind: "refuse" });
    const answer = post("/events", { ...message, text: "agent" });
    await untilPending(world);
    await world.pass(500);
    expect(await (await answer).json()).toMatchObject({ handoffState: "routed" });
  });

  it("shuts up while somebody else has the customer", async () => {
    const { post } = createService();
    await post("/events", { ...message, text: "agent" });
    const next = await post("/events", { ...message, id: "m2", text: "are you an agent?" });
    expect(await next.json()).toMatchObject({ outcome: "accepted", control: "queue", handoffId: null, message: null });
  });
});

describe("POST /webhooks/{source}", () => {
  it("hands over for an Answers chatbot", async () => {
    const { world, post } = createService();
    const answer = await post("/webhooks/answers", {
      uniqueSessionId: "u1",
      displayName: "Ana",
      lastReceivedTextMessage: "my card is 4111 1111 1111 1111",
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ handoffState: "routed", reason: "customer-asked" });
    const [conversation] = world.conversations();
    expect(conversation?.topic).toBe("Chat with Ana");
    expect(conversation?.notes[0]?.content).toContain("[card number]");
  });

  it("counts a payload without an id as the same for ten minutes", async () => {
    const { world, post } = createService();
    const fallback = { sessionId: "u1", type: "bot.fallback" };
    const outcome = async () =>
      ((await (await post("/webhooks/answers", fallback)).json()) as { outcome: string }).outcome;
    expect([await outcome(), await outcome()]).toEqual(["accepted", "duplicate"]);
    await world.pass(10 * 60_000);
    expect(await outcome()).toBe("accepted");
  });

  it("records what says nothing we use, and answers 200", async () => {
    const { post } = createService();
    const outbound = {
      id: "x",
      channel: "VIBER",
      from: "a",
      to: "b",
      direction: "OUTBOUND",
      conversationId: "c",
      contentType: "TEXT",
      content: { text: "hi" },
    };
    const answer = await post("/webhooks/infobip-bot", outbound);
    expect([answer.status, await answer.json()]).toMatchObject([200, { outcome: "ignored" }]);
  });
});

describe("POST /handoffs", () => {
  it("answers 201 once routed, with the handoff's address, which the bot can read", async () => {
    const { post, request } = createService();
    const answer = await post("/handoffs", { session: "s1", reason: "refund" });
    expect(answer.status).toBe(201);
    const location = answer.headers.get("location") ?? "";
    expect(location).toBe("/v1/bots/shop-assistant/handoffs/01H0001");
    const shown = await (await request("/handoffs/01H0001")).json();
    expect(shown).toMatchObject({
      state: "routed",
      steps: [
        { name: "conversation", state: "done", attempts: [{ outcome: "ok", status: 200 }] },
        { name: "tag:bot_handoff" },
        { name: "tag:customer_asked" },
        { name: "note" },
        { name: "metadata" },
        { name: "route" },
        { name: "sweep", state: "skipped" },
      ],
    });
    expect(await (await request("/sessions/s1")).json()).toMatchObject({
      control: "queue",
      handoff: { id: "01H0001" },
    });
  });

  it("answers 202 where the platform takes its time", async () => {
    const { world, post } = createService();
    world.emulator.faults.add({ operation: "createConversation", times: 100, kind: "refuse" });
    const answer = post("/handoffs", { session: "s1" });
    await untilPending(world);
    await world.pass(8_000);
    expect((await answer).status).toBe(202);
  });

  it("takes a request whose id was another event's", async () => {
    const { post } = createService();
    await post("/events", message);
    const answer = await post("/handoffs", { session: "s1", id: message.id });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ outcome: "accepted", handoffState: "routed" });
  });

  it("gives the first answer again for the same key, and refuses the key with another body", async () => {
    const { world, post } = createService();
    const key = { "idempotency-key": '"k1"' };
    const first = await post("/handoffs", { session: "s1" }, key);
    const again = await post("/handoffs", { session: "s1" }, key);
    expect(await again.text()).toBe(await first.text());
    expect([first.status, again.status, again.headers.get("idempotency-replayed")]).toEqual([201, 201, "true"]);
    expect((await post("/handoffs", { session: "s2" }, key)).status).toBe(422);
    expect(world.conversations()).toHaveLength(1);
  });
});

describe("wrong input", () => {
  it.each<[string, number, string, RequestInit]>([
    ["/events", 400, "no JSON", { body: "{" }],
    ["/events", 400, "an empty body", { body: "" }],
    ["/events", 400, "invalid UTF-8", { body: new Uint8Array([0x22, 0xff, 0x22]) }],
    ["/events", 400, "a very deep body", { body: `${"[".repeat(50_000)}` }],
    ["/events", 422, "no object", { body: "7" }],
    ["/events", 422, "an unknown type", { body: JSON.stringify({ ...message, type: "secret-type" }) }],
    ["/events", 422, "no session", { body: JSON.stringify({ ...message, session: undefined }) }],
    ["/events", 413, "too much", { body: JSON.stringify({ ...message, text: "x".repeat(1_100_000) }) }],
    ["/webhooks/answers", 422, "no session", { body: "{}" }],
    ["/webhooks/nobody", 404, "an unknown source", { body: "{}" }],
    ["/handoffs", 422, "a bad key", { body: JSON.stringify({ session: "s" }), headers: { "idempotency-key": "a b" } }],
    ["/events", 401, "a wrong secret", { body: "{}", headers: { authorization: "Bearer secret" } }],
    ["/nothing", 404, "no such path", { body: "{}" }],
  ])("%s answers %i for %s, as a problem that echoes nothing", async (path, status, _, init) => {
    const { world, request } = createService();
    const answer = await request(path, { method: "POST", ...init });
    const text = await answer.text();
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    expect(JSON.parse(text)).toMatchObject({
      type: expect.stringMatching(/^urn:baton:problem:/),
      status,
      requestId: expect.any(String),
    });
    expect(text).not.toMatch(/secret-type|secret id|\.\.\/secret|xxxx/);
    expect(world.emulator.calls).toEqual([]);
  });

  it("shows a bot nothing of another's", async () => {
    const { world } = createService();
    const answer = await world.request("/v1/bots/other/sessions/s1", { headers: bearer });
    expect(answer.status).toBe(401);
  });
});

it("lists handoffs for operators only", async () => {
  const { world, post } = createService();
  await post("/handoffs", { session: "s1" });
  const operator = { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } };
  expect((await world.request("/v1/handoffs", { headers: bearer })).status).toBe(401);
  expect(await (await world.request("/v1/handoffs?state=routed", operator)).json()).toMatchObject({
    handoffs: [{ id: "01H0001", reason: "customer-asked" }],
    next: null,
  });
  expect((await world.request("/v1/handoffs?state=lost", operator)).status).toBe(422);
  expect((await world.request("/v1/handoffs/01H0001", operator)).status).toBe(200);
  expect((await (await world.request("/v1/flows", operator)).json()) as object).toMatchObject({
    flows: flows.map(({ name }) => ({ name })),
  });
  expect((await world.request("/readyz")).status).toBe(200);
});
