import { createHmac } from "node:crypto";
import { Hono } from "hono";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { toHeaders } from "../../../src/callbacks/envelope.ts";
import { callbackId, callbackTypes } from "../../../src/events/callback-types.ts";
import { createReadBody } from "../../../src/http/access/read-body.ts";
import type { Env } from "../../../src/http/answer.ts";
import { createWorld, SECRET } from "../../support/world.ts";

const BOT = "/v1/bots/shop-assistant";
const bearer = { authorization: `Bearer ${SECRET}` };
const outcomesOf = async (answer: Response) =>
  [(await answer.json()) as { outcome: string }].flat().map(({ outcome }) => outcome);

/** Sends requests signed by Standard Webhooks. */
function createSender() {
  const world = createWorld();
  const send = (path: string, body: unknown, id: string, prefix = "webhook") => {
    const text = JSON.stringify(body);
    const at = new Date(world.now());
    const signature = new Webhook(SECRET, { format: "raw" }).sign(id, at, text);
    const headers = {
      [`${prefix}-id`]: id,
      [`${prefix}-timestamp`]: String(Math.floor(at.getTime() / 1_000)),
      [`${prefix}-signature`]: signature,
    };
    return world.request(`${BOT}${path}`, { method: "POST", headers, body: text });
  };
  return { world, send };
}
const said = (session: string, text = "hello") => ({ type: "customer.message", session, text });

describe("a signed delivery's id", () => {
  it.each(["webhook", "svix"])(
    "is that of an event which has none: sent again it is a duplicate, by %s-id",
    async (prefix) => {
      const { send } = createSender();
      const send1 = (id: string) => send("/events", said("s1"), id, prefix);
      expect(await outcomesOf(await send1("msg_1"))).toEqual(["accepted"]);
      await send("/events", said("s1", "and more"), "msg_2", prefix);
      expect(await outcomesOf(await send1("msg_1"))).toEqual(["duplicate"]);
      // The customer says it once more.
      expect(await outcomesOf(await send1("msg_3"))).toEqual(["accepted"]);
    },
  );

  it("keeps a request for a handoff from opening another one, also after the hand-back", async () => {
    const { world, send } = createSender();
    const ask = () => send("/handoffs", { session: "s1", reason: "refund" }, "msg_1");
    expect((await ask()).status).toBe(201);
    await world.operate("/handoffs/01H0001/cancel");
    await send("/events", said("s1"), "msg_2");
    const again = (await (await ask()).json()) as { outcome: string; handoffId: string };
    expect(again).toMatchObject({ outcome: "duplicate", handoffId: "01H0001" });
    expect(world.conversations()).toHaveLength(1);
  });

  it("is that of each event of a batch, with its place; an event's own id stays", async () => {
    const { send } = createSender();
    const batch = [said("s1"), said("s1"), { ...said("s1"), id: "own" }];
    expect(await outcomesOf(await send("/events", batch, "msg_1"))).toEqual(["accepted", "accepted", "accepted"]);
    expect(await outcomesOf(await send("/events", batch, "msg_1"))).toEqual(["duplicate", "duplicate", "duplicate"]);
    expect(await outcomesOf(await send("/events", { ...said("s1"), id: "own" }, "msg_9"))).toEqual(["duplicate"]);
  });

  it("says nothing in another session, and nothing with other words", async () => {
    const { send } = createSender();
    for (const body of [said("s1"), said("s2"), said("s1", "bye")]) {
      expect(await outcomesOf(await send("/events", body, "msg_1"))).toEqual(["accepted"]);
    }
  });

  it("is taken from no header that nothing signs", async () => {
    const { world } = createSender();
    const post = (session: string) =>
      world.request(`${BOT}/events`, {
        method: "POST",
        headers: { ...bearer, "webhook-id": "msg_1" },
        body: JSON.stringify(said(session)),
      });
    await post("s1");
    await world.request(`${BOT}/events`, { method: "POST", headers: bearer, body: JSON.stringify(said("s1", "x")) });
    expect(await outcomesOf(await post("s1"))).toEqual(["accepted"]);
  });
});

describe("an HMAC header", () => {
  const hmac = (body: string) => ({
    "x-hub-signature": `SHA256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
  });

  it.each(["GET", "HEAD"])("opens nothing that has no body: %s", async (method) => {
    const world = createWorld();
    await world.deliver({ type: "customer.message", session: "s1", text: "hello" });
    for (const path of ["/sessions/s1", "/handoffs/01H0001"]) {
      expect((await world.request(`${BOT}${path}`, { method, headers: hmac("") })).status).toBe(401);
    }
    expect((await world.request(`${BOT}/sessions/s1`, { method, headers: bearer })).status).toBe(200);
  });
});

describe("a question for a session", () => {
  it("may have the session in its body, signed, so that no URL holds a customer's phone", async () => {
    const world = createWorld();
    await world.deliver({ type: "customer.message", session: "385912345678", text: "hello" });
    const ask = (body: string, headers: Record<string, string> = bearer) =>
      world.request(`${BOT}/sessions/query`, { method: "POST", headers, body });
    const body = '{"session":"385912345678"}';
    const signed = { "x-hub-signature": `SHA256=${createHmac("sha256", SECRET).update(body).digest("hex")}` };
    for (const headers of [bearer, signed]) {
      const answer = await ask(body, headers);
      expect([answer.status, await answer.json()]).toMatchObject([200, { session: "385912345678", control: "bot" }]);
    }
    expect((await ask('{"session":"nobody"}')).status).toBe(404);
    expect((await ask("{}")).status).toBe(422);
    expect((await ask(body, { authorization: "Bearer a-guess" })).status).toBe(401);
  });
});

describe("a callback of ours", () => {
  it.each(callbackTypes)("proves nothing where it is posted back: %s", async (type) => {
    const world = createWorld();
    const body = JSON.stringify({ session: "s1", type: "handoff.requested", id: "x" });
    const headers = toHeaders(callbackId("01H0001", type, world.now()), body, [SECRET], world.now()) ?? {};
    for (const path of ["/events", "/handoffs", "/webhooks/answers", "/webhooks/flow"]) {
      const answer = await world.request(`${BOT}${path}`, { method: "POST", headers, body });
      expect([answer.status, await answer.json()]).toMatchObject([403, { type: "urn:baton:problem:own-callback" }]);
    }
    const asked = await world.request(`${BOT}/sessions/s1`, {
      headers: toHeaders(`01H-${type.replace(".", "-")}-1-2`, "", [SECRET], world.now()) ?? {},
    });
    expect(asked.status).toBe(403);
    expect(world.record.read((t) => t.events.list(1))).toEqual([]);
  });
});

describe("a body", () => {
  /** Counts the chunks that are read. */
  function createStream(chunks: number, chunkBytes = 1_024) {
    const taken = { chunks: 0 };
    const body = new ReadableStream(
      {
        pull(controller) {
          if (taken.chunks === chunks) return controller.close();
          taken.chunks += 1;
          controller.enqueue(new Uint8Array(chunkBytes));
        },
      },
      { highWaterMark: 0 },
    );
    return { body, taken };
  }
  const post = (headers: Record<string, string>, body: ReadableStream): RequestInit =>
    ({ method: "POST", headers, body, duplex: "half" }) as RequestInit;

  it.each([
    ["without credentials", `${BOT}/events`, {}],
    ["with a wrong bearer token", `${BOT}/events`, { authorization: "Bearer a-guess" }],
    ["with wrong Basic credentials", `${BOT}/handoffs`, { authorization: `Basic ${btoa("shop-assistant:guess")}` }],
    ["signed for a bot that is none", "/v1/bots/nobody/events", { "x-hub-signature": "SHA256=00" }],
    ["signed for an account that is none", "/v1/infobip/nobody/events", { "x-hub-signature": "SHA256=00" }],
    ["signed long ago", `${BOT}/events`, { "webhook-id": "m", "webhook-timestamp": "1", "webhook-signature": "v1,x" }],
  ])("is not read %s", async (_, path, headers) => {
    const world = createWorld();
    const { body, taken } = createStream(10);
    expect((await world.request(path, post(headers, body))).status).toBe(401);
    expect(taken.chunks).toBe(0);
  });

  it("is read no further than its limit, which only pushes of a configured account have higher", async () => {
    const world = createWorld();
    const read = async (path: string, headers: Record<string, string>) => {
      const { body, taken } = createStream(6_000);
      const { status } = await world.request(path, post(headers, body));
      return { status, kB: taken.chunks };
    };
    expect(await read(`${BOT}/events`, bearer)).toEqual({ status: 413, kB: 1_025 });
    expect(await read("/v1/infobip/default/events", bearer)).toEqual({ status: 413, kB: 4_097 });
    const declared = { "content-length": String(2 * 1_024 * 1_024) };
    const large = (path: string) => world.request(path, { method: "POST", headers: declared });
    expect((await large("/v1/infobip/nobody/events")).status).toBe(413);
    expect((await large("/v1/infobip/default/events")).status).toBe(401);
  });

  it("waits for no other: beyond what is held of all of them it is answered 503, and strangers take nobody's place", async () => {
    const readBody = createReadBody(100 * 1_024);
    const app = new Hono<Env>();
    app.post("/:who", async (c) => {
      c.set("maxBodyBytes", 1_024 * 1_024);
      const read = await readBody(c, c.req.param("who") === "known");
      return c.text(read.ok ? "read" : read.error.kind);
    });
    const gate = Promise.withResolvers<void>();
    const held = new ReadableStream({
      async start(controller) {
        controller.enqueue(new Uint8Array(90 * 1_024));
        await gate.promise;
        controller.close();
      },
    });
    const send = async (who: string, body: ReadableStream) => (await app.request(`/${who}`, post({}, body))).text();
    const first = send("stranger", held);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await send("stranger", createStream(20).body)).toBe("too-many-bodies");
    expect(await send("known", createStream(20).body)).toBe("read");
    gate.resolve();
    expect(await first).toBe("read");
    expect(await send("stranger", createStream(20).body)).toBe("read");
  });

  it("counts in its bot's quota by its bytes, too", async () => {
    const world = createWorld(undefined, { botEventsPerSecond: 1 });
    const attributes = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`a${n}`, "x".repeat(4_000)]));
    const event = { ...said("s1"), attributes };
    const send = (body: object) =>
      world.request(`${BOT}/events`, { method: "POST", headers: bearer, body: JSON.stringify(body) });
    // 160 kB count as ten events.
    expect((await send({ ...event, attributes: { ...attributes, a0: "" } })).headers.get("ratelimit")).toBe(
      '"bot";r=0;t=10',
    );
    expect((await send(said("s2"))).status).toBe(429);
  });
});

describe("every answer", () => {
  it.each([
    ["GET", "/livez", {}],
    ["GET", `${BOT}/sessions/s1`, bearer],
    ["GET", `${BOT}/sessions/s1`, {}],
    ["POST", `${BOT}/events`, bearer],
    ["PUT", `${BOT}/events`, bearer],
    ["OPTIONS", `${BOT}/events`, {}],
    ["GET", "/nowhere", {}],
    ["HEAD", "/v1/handoffs", {}],
    ["GET", "/v1/audit", {}],
  ])("is kept by nobody, and is what it says it is: %s %s", async (method, path, headers) => {
    const answer = await createWorld().request(path, { method, headers });
    expect([answer.headers.get("cache-control"), answer.headers.get("x-content-type-options")], path).toEqual([
      "no-store",
      "nosniff",
    ]);
  });
});
