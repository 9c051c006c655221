import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createWorld, SECRET } from "../support/world.ts";

const PATH = "/v1/infobip/default/events";
const push = (payload: object = {}, type = "CONVERSATION_STATUS_UPDATED") => ({
  type,
  timestamp: "2026-11-23T10:00:00.000+0000",
  payload: { id: "C-1", status: "OPEN", ...payload },
});

async function post(body: unknown, given: { headers?: Record<string, string>; path?: string } = {}) {
  const world = createWorld();
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const send = async (headers = given.headers ?? { authorization: `Bearer ${SECRET}` }) => {
    const response = await world.request(given.path ?? PATH, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: text,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const events = () => world.record.read((tables) => tables.events.list(100));
  return { world, send, events, text };
}

describe("the platform's pushes", () => {
  it("are recorded once, however often they come", async () => {
    const { send, events } = await post(push());
    expect(await send()).toEqual({ status: 200, body: { outcome: "accepted" } });
    expect(await send()).toEqual({ status: 200, body: { outcome: "duplicate" } });
    expect(events()).toMatchObject([
      {
        source: "conversations",
        type: "conversation.status",
        outcome: "accepted",
        body: { account: "default", wireType: "CONVERSATION_STATUS_UPDATED", conversationId: "C-1", status: "open" },
      },
    ]);
  });

  it("come in arrays too, answered in their order", async () => {
    const { send, events } = await post([push(), push({}, "SOMETHING_NEW"), push()]);
    expect((await send()).body).toEqual([{ outcome: "accepted" }, { outcome: "ignored" }, { outcome: "duplicate" }]);
    expect(events()).toHaveLength(2);
  });

  it("of a type nobody knows are recorded as ignored, with 200", async () => {
    const { send, events } = await post(push({}, "CONVERSATION_SANG"));
    expect(await send()).toEqual({ status: 200, body: { outcome: "ignored" } });
    expect(events()).toMatchObject([{ type: "CONVERSATION_SANG", outcome: "ignored" }]);
  });

  it("keep a customer's words only where the chat is a bot's whose flow keeps transcripts", async () => {
    const { world, send, events } = await post(
      push({ message: { id: "m", content: { text: "my card is 4111 1111 1111 1111" } } }, "INBOUND_MESSAGE"),
    );
    await send();
    expect(JSON.stringify(events())).not.toContain("my card");
    const ours = createWorld();
    await ours.deliver({ type: "customer.message", text: "hi", conversationId: "C-1" });
    await ours.request(PATH, {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}` },
      body: JSON.stringify(
        push({ message: { content: { text: "my card is 4111 1111 1111 1111" } } }, "INBOUND_MESSAGE"),
      ),
    });
    const stored = JSON.stringify(ours.record.read((tables) => tables.events.list(100)));
    expect(stored).toContain("my card is [card number]");
    expect(stored).not.toContain("4111");
    expect(JSON.stringify([...world.lines, ...ours.lines])).not.toContain("card");
  });

  it.each<[string, (text: string) => Record<string, string>]>([
    ["a bearer", () => ({ authorization: `Bearer ${SECRET}` })],
    ["Basic, with the account as user", () => ({ authorization: `Basic ${btoa(`default:${SECRET}`)}` })],
    [
      "an HMAC of the body",
      (text) => ({ "x-hub-signature": `SHA256=${createHmac("sha256", SECRET).update(text).digest("hex")}` }),
    ],
  ])("prove themselves by %s", async (_, headersFor) => {
    const { send, text } = await post(push());
    expect((await send(headersFor(text))).status).toBe(200);
  });

  it.each<[string, Record<string, string>]>([
    ["nothing", {}],
    ["another secret", { authorization: "Bearer wrong" }],
    ["another user", { authorization: `Basic ${btoa(`other:${SECRET}`)}` }],
    [
      "an HMAC of another body",
      { "x-hub-signature": `SHA256=${createHmac("sha256", SECRET).update("x").digest("hex")}` },
    ],
  ])("that prove themselves by %s are refused, and leave nothing", async (_, headers) => {
    const { world, send, events } = await post(push());
    expect((await send(headers)).status).toBe(401);
    expect(events()).toEqual([]);
    expect(world.record.read((tables) => tables.conversations.find("default", "C-1"))).toBeNull();
  });

  it("of an account that is not configured are refused like those of a wrong secret", async () => {
    const { send } = await post(push(), { path: "/v1/infobip/nobody/events" });
    expect((await send()).status).toBe(401);
  });

  it.each<[string, unknown, number]>([
    ["no JSON", "{", 400],
    ["no object", 7, 422],
    ["no type", { payload: { id: "a secret word" } }, 422],
    ["too many", Array.from({ length: 2_001 }, () => 7), 422],
  ])("with %s are a problem that holds nothing of them", async (_, body, status) => {
    const { send, events } = await post(body);
    const answer = await send();
    expect(answer).toMatchObject({ status, body: { type: expect.stringMatching(/^urn:baton:problem:/) } });
    expect(JSON.stringify(answer.body)).not.toContain("secret word");
    expect(events()).toEqual([]);
  });
});
