import { describe, expect, it } from "vitest";
import { createWorld, SECRET } from "../support/world.ts";

const BOT = "shop-assistant";

function createBot(bot = BOT) {
  const world = createWorld();
  const send = async (path: string, body: string) => {
    const headers = { authorization: `Bearer ${SECRET}` };
    const answer = await world.request(`/v1/bots/${bot}${path}`, { method: "POST", headers, body });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const get = (path: string) =>
    world.request(`/v1/bots/${bot}${path}`, { headers: { authorization: `Bearer ${SECRET}` } });
  return { world, send, get };
}

describe("a body that a flow pasted together", () => {
  it("hands over a customer who writes two lines and a quote, and is counted without a word of it", async () => {
    const { world, send } = createBot();
    const answer = await send(
      "/webhooks/answers",
      '{"uniqueSessionId":"u-1","lastReceivedTextMessage":"I said "agent"\ntwice"}',
    );
    expect(answer).toMatchObject({ status: 200, body: { control: "queue", handoffState: "routed" } });
    const told = world.lines.filter(({ message }) => message.includes("mended"));
    expect(told).toMatchObject([{ level: "info", fields: { bot: BOT, source: "answers", count: 1 } }]);
    expect(JSON.stringify(told)).not.toContain("twice");
  });

  it("is an alert that names the bot where it cannot be read", async () => {
    const { world, send } = createBot();
    expect((await send("/webhooks/flow", "hello")).status).toBe(400);
    expect(world.lines).toContainEqual(
      expect.objectContaining({ level: "error", fields: expect.objectContaining({ bot: BOT, source: "flow" }) }),
    );
  });
});

describe("what is left out", () => {
  const long = { orderId: "A-1", history: "x".repeat(5_000) };

  it("is a list in the answer to our own schema, and stands only where something was", async () => {
    const { send } = createBot();
    const asked = await send("/handoffs", JSON.stringify({ session: "s", priority: "soon", attributes: long }));
    expect(asked).toMatchObject({ status: 201, body: { leftOut: ["attributes.history", "priority"] } });
    expect((await send("/handoffs", JSON.stringify({ session: "t", priority: "high" }))).body).not.toHaveProperty(
      "leftOut",
    );
  });

  it("is a text in the answer to a flow, and said again to a duplicate", async () => {
    const { send } = createBot();
    const body = JSON.stringify({ uniqueSessionId: "u-1", conversationId: "a b", attributes: long });
    const first = await send("/webhooks/answers", body);
    expect(first.body).toMatchObject({ outcome: "accepted", leftOut: "conversationId,attributes.history" });
    expect((await send("/webhooks/answers", body)).body).toMatchObject({
      outcome: "duplicate",
      leftOut: first.body.leftOut,
    });
  });
});

it("finds a session by the name its bot has for it", async () => {
  const { send, get } = createBot();
  const session = `teams chat ${"ž".repeat(250)}`;
  await send("/events", JSON.stringify({ id: "1", type: "customer.message", session, text: "hi" }));
  expect((await get(`/sessions/${encodeURIComponent(session)}`)).status).toBe(200);
  await send("/webhooks/flow", JSON.stringify({ phoneNumber: "+385 91 234 5999", text: "call me" }));
  expect((await get(`/sessions/${encodeURIComponent("00385 91 234 5999")}`)).status).toBe(200);
});

it("shows an order's number with all its digits", async () => {
  const { world, send } = createBot();
  await send("/webhooks/answers", '{"uniqueSessionId":"u-1","text":"agent","orderId":3012345678901234567}');
  expect(JSON.stringify(world.emulator.calls)).toContain("Order 3012345678901234567");
});

it("takes a body inside a text, and a list of one", async () => {
  const { send } = createBot();
  const body = '{"uniqueSessionId":"u-1","text":"agent"}';
  expect((await send("/webhooks/answers", JSON.stringify(body))).body).toMatchObject({ control: "queue" });
  expect((await send("/webhooks/answers", `\ufeff[${body.replace("u-1", "u-2")}]`)).body).toMatchObject({
    control: "queue",
  });
});

it("lets the words of a request fire the rule that is for them", async () => {
  const { send } = createBot("bank-assistant");
  const words = { uniqueSessionId: "u-1", lastReceivedTextMessage: "I lost my card, block it!" };
  expect((await send("/webhooks/answers", JSON.stringify(words))).body.reason).toMatch(/card/);
});
