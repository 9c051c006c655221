import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dryRunViewSchema } from "../../src/http/views/dry-run-view.ts";
import { createWorld, OPERATOR_TOKEN, SECRET } from "../support/world.ts";

const operators = [
  { name: "ana", token: OPERATOR_TOKEN, mayAct: true },
  { name: "grafana", token: "a-token-that-may-read", mayAct: false },
];
const FLOW = "/flows/retail-support/explain";
const asking = { type: "customer.message", session: "try", text: "a human, please", attributes: { orderId: "4711" } };

function createOffice() {
  const world = createWorld(undefined, { operators });
  const ask = async (path: string, body: unknown, token = OPERATOR_TOKEN, headers = {}) => {
    const answer = await world.request(`/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, ...headers },
      body: body instanceof Uint8Array ? Uint8Array.from(body) : typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  };
  const explain = async (query: string, body: unknown, headers = {}) => {
    const answer = await ask(FLOW + query, body, OPERATOR_TOKEN, headers);
    expect(answer.status).toBe(200);
    return dryRunViewSchema.parse(answer.body);
  };
  const audited = async () => (await world.operate("/audit", "GET")).json();
  return { world, ask, explain, audited };
}

describe("a dry run of a flow", () => {
  it("tells the decision, the rules with their conditions, and the calls that would be made", async () => {
    const { explain } = createOffice();
    const { events, ...about } = await explain("", asking);
    expect(about).toEqual({ flow: "retail-support", bot: "shop-assistant", source: "baton", refused: [] });
    expect(events).toMatchObject([
      {
        ...{ type: "customer.message", session: "try", leftOut: [], joins: false, route: null },
        decision: {
          ...{ reason: "customer-asked", course: "now", priority: "HIGH", queue: null },
          tags: ["bot_handoff", "customer_asked"],
          message: "I am passing you to a colleague. They can see what we have said so far.",
        },
      },
    ]);
    const { rules = [], calls, decision } = events[0] ?? {};
    const fired = rules.filter((rule) => rule.fired);
    expect(fired).toMatchObject([{ rule: decision?.rule, held: true }]);
    expect(fired[0]?.when.flat()).toContainEqual(
      expect.objectContaining({ key: "text", saw: expect.any(String), held: true }),
    );
    const failed = rules.find(({ reason }) => reason === "unhappy");
    expect(failed).toMatchObject({ held: false, fired: false });
    expect(failed?.when.flat()).toContainEqual({ key: "sentiment", expected: { below: -0.6 }, saw: null, held: false });
    expect(calls).toMatchObject([
      { step: "conversation", requests: ["POST /ccaas/1/conversations"], text: "Order 4711", only: null },
      { step: "tag:bot_handoff", requests: ["POST /ccaas/1/conversations/{id}/tags"] },
      { step: "tag:customer_asked" },
      { step: "note" },
      { step: "metadata" },
      { step: "route", requests: ["POST /ccaas/1/conversations/{id}/route"], only: null },
      { step: "sweep", only: "answer-lost" },
    ]);
  });

  it("explains an event that no rule holds for, and a series of which one escalates", async () => {
    const { explain } = createOffice();
    const one = await explain("", { ...asking, text: "Where is my order?" });
    expect(one.events).toMatchObject([{ decision: null, calls: [] }]);
    const series = [1, 2, 3, 4].map((id) => ({
      id: `f${id}`,
      type: "bot.fallback",
      session: "try",
      text: "the thing",
    }));
    const { events, refused } = await explain("", [...series, { type: "nonsense", session: "try" }]);
    expect(events).toMatchObject([
      { decision: null },
      { decision: null },
      { decision: { reason: "bot-lost" }, joins: false },
      { joins: true, calls: [] },
    ]);
    expect(refused).toMatchObject([{ field: "type" }]);
  });

  it("stores and sends nothing, and is no act", async () => {
    const { ask, world, audited } = createOffice();
    const before = world.operations().length;
    for (const query of ["", "?live=false", "?source=handoffs"])
      expect((await ask(FLOW + query, asking)).status).toBe(200);
    await world.pass(60_000);
    expect(world.operations().length).toBe(before);
    const bot = { headers: { authorization: `Bearer ${SECRET}` } };
    expect((await world.request("/v1/bots/shop-assistant/sessions/try", bot)).status).toBe(404);
    expect(await audited()).toMatchObject({ entries: [] });
  });

  it("reads what a source posts, pasted, large, as a form, compressed, or as a request for a handoff", async () => {
    const { explain } = createOffice();
    const pasted = '{"uniqueSessionId":"u","lastReceivedTextMessage":"a "human"\nplease",}';
    expect((await explain("?source=answers", pasted)).events).toMatchObject([{ decision: { course: "now" } }]);
    const form = "uniqueSessionId=u&lastReceivedTextMessage=a+human";
    expect((await explain("?source=answers", form)).events).toMatchObject([{ session: "u" }]);
    expect((await explain("?source=handoffs", { session: "u" })).events).toMatchObject([{ type: "handoff.requested" }]);
    const tracker = { sender_id: "u", latest_message: { text: "a human" }, events: [{ event: "x".repeat(2_000_000) }] };
    const large = { next_action: "action_human_handoff", sender_id: "u", tracker };
    expect((await explain("?source=rasa", large)).events).toMatchObject([{ decision: { course: "now" } }]);
    const packed = gzipSync(JSON.stringify(asking));
    const { events } = await explain("?bot=shop-assistant", packed, { "content-encoding": "gzip" });
    expect(events).toMatchObject([{ decision: { reason: "customer-asked" } }]);
  });

  it("asks the account where it would route, for those who may act alone", async () => {
    const { ask, explain, world } = createOffice();
    const conversationId = await world.open();
    const { events } = await explain("?live=true", { ...asking, conversationId });
    expect(events).toMatchObject([
      {
        route: {
          ...{ asked: true, wanted: null },
          simulated: { queue: expect.toSatisfy((queue) => queue === null || typeof queue === "string") },
          rules: { possible: expect.any(Array) },
        },
      },
    ]);
    const named = await explain("?live=true&conversation=none", { ...asking, conversationId });
    expect(named.events).toMatchObject([{ route: { simulated: { failed: "it knows no such id" } } }]);
    const read = "a-token-that-may-read";
    expect(await ask(`${FLOW}?live=true`, asking, read)).toMatchObject({ status: 403 });
    expect(await ask(FLOW, asking, read)).toMatchObject({ status: 200 });
    const writing = world.operations().filter((operation) => !/^(get|list|is|simulate)/.test(operation ?? ""));
    expect(writing).toEqual(["createConversation"]);
  });

  it.each([
    ["no token", FLOW, asking, "", 401, "unauthenticated"],
    ["no such flow", "/flows/nothing/explain", asking, OPERATOR_TOKEN, 404, "not-found"],
    ["a bot of another flow", `${FLOW}?bot=bank-assistant`, asking, OPERATOR_TOKEN, 422, "invalid-event"],
    ["no such source", `${FLOW}?source=nothing`, asking, OPERATOR_TOKEN, 404, "unknown-source"],
    ["no JSON", FLOW, "{", OPERATOR_TOKEN, 400, "unreadable-body"],
    ["no session", FLOW, { ...asking, session: "" }, OPERATOR_TOKEN, 422, "invalid-event"],
    ["too large a body", FLOW, "x".repeat(4_200_000), OPERATOR_TOKEN, 413, "body-too-large"],
  ])("answers %s with a problem", async (_, path, body, token, status, kind) => {
    const { ask } = createOffice();
    expect(await ask(path, body, token)).toMatchObject({ status, body: { type: `urn:baton:problem:${kind}` } });
  });
});
