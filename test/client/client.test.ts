import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { toCloudEvent, toHeaders } from "../../src/callbacks/envelope.ts";
import { BatonProblem, createBatonClient } from "../../src/client/client.ts";
import type { Callback } from "../../src/model/callback.ts";
import { createWorld, SECRET } from "../support/world.ts";
import { makeTypes } from "./make-types.ts";

function createClient(secret = SECRET, fetch?: typeof globalThis.fetch) {
  const world = createWorld();
  const own: typeof globalThis.fetch = async (input, init) => world.service.fetch(new Request(input, init));
  const baton = createBatonClient({ url: "http://baton.invalid/", bot: "shop-assistant", secret, fetch: fetch ?? own });
  return { world, baton, own };
}
const now = { waitSeconds: 0 };

describe("the client", () => {
  it("reports events, one or several, and gives each an id", async () => {
    const { world, baton } = createClient();
    const one = await baton.send({ type: "customer.message", session: "chat-1", text: "hello" });
    expect(one).toMatchObject({ outcome: "accepted", control: "bot", handoffId: null });
    const several = await baton.send([
      { type: "bot.message", session: "chat-1", text: "Hi" },
      { type: "session.started", session: "" },
    ]);
    expect(several).toMatchObject([{ outcome: "accepted" }, { type: "urn:baton:problem:invalid-event", status: 422 }]);
    const events = world.record.read((t) => t.events.page(1, 0, { events: 10, bytes: 10_000 })).events;
    expect(events.map(({ eventId }) => eventId)).toEqual([
      expect.stringMatching(/^[0-9a-f-]{36}$/),
      expect.any(String),
    ]);
  });

  it("asks for a person, and tells who has the customer", async () => {
    const { world, baton } = createClient();
    expect(await baton.session("chat-1")).toBeNull();
    const asked = { session: "chat-1", reason: "wants a refund", messages: [{ role: "user", content: "My money" }] };
    const answer = await baton.handoff(asked, { ...now, idempotencyKey: "k1" });
    expect(answer).toMatchObject({ outcome: "accepted", control: "queue" });
    expect(await baton.handoff(asked, { ...now, idempotencyKey: "k1" })).toEqual(answer);
    await world.pass(0);
    expect(await baton.session("chat-1")).toMatchObject({ control: "queue", handoff: { state: "routed" } });
  });

  it("sends again what got no answer, and it has one effect", async () => {
    const { world, own } = createClient();
    let calls = 0;
    const { baton } = createClient(SECRET, async (input, init) => {
      calls += 1;
      if (calls === 1) {
        await own(input, init);
        throw new TypeError("the connection broke");
      }
      if (calls === 2) return new Response("busy", { status: 503, headers: { "retry-after": "0" } });
      return own(input, init);
    });
    const answer = await baton.handoff({ session: "chat-1" }, now);
    expect([calls, answer.control]).toEqual([3, "queue"]);
    expect(world.record.read((t) => t.handoffs.list({}, 10))).toHaveLength(1);
  });

  it("tells a refusal by its problem, and does not repeat it", async () => {
    let calls = 0;
    const { own } = createClient();
    const { baton } = createClient("wrong", (input, init) => {
      calls += 1;
      return own(input, init);
    });
    const refused = await baton.send({ type: "bot.message", session: "s", text: "x" }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BatonProblem);
    expect(refused).toMatchObject({ status: 401, problem: { type: "urn:baton:problem:unauthenticated" } });
    expect(calls).toBe(1);
  });

  it("has the types that the OpenAPI document says: `npm run client:types` makes them anew", async () => {
    const document: unknown = await (await createWorld().request("/openapi.json")).json();
    const plain = (text: string): string => text.replace(/[\s"|;()]/g, "");
    const kept = readFileSync(new URL("../../src/client/api.ts", import.meta.url), "utf8");
    expect(plain(kept)).toBe(plain(makeTypes(document)));
  });
});

describe("a callback", () => {
  const at = Date.now();
  const data = {
    bot: "shop-assistant",
    session: "chat-1",
    handoffId: "01H",
    state: "routed",
    control: "queue",
  } as const;
  const body = toCloudEvent({ id: "cb-1", bot: "shop-assistant", type: "handoff.routed", createdAt: at } as Callback, {
    ...data,
    reason: null,
    conversationId: "C1",
    message: "Čekajte, molim",
  });
  const signed = (secrets = [SECRET], time = at) => toHeaders("cb-1", body, secrets, time) ?? {};
  const whsec = `whsec_${btoa("a secret of enough bytes")}`;

  it.each([
    ["plain headers", { headers: signed(), body }],
    ["a Headers object and bytes", { headers: new Headers(signed()), body: new TextEncoder().encode(body) }],
    ["a request", new Request("http://bot.invalid", { method: "POST", headers: signed(), body })],
    ["one of several secrets", { headers: signed(["older", SECRET]), body }],
  ])("is read where the bot's secret signed it: %s", async (_, received) => {
    const callback = await createClient().baton.verifyCallback(received);
    expect(callback).toMatchObject({ type: "handoff.routed", data: { control: "queue", message: "Čekajte, molim" } });
  });

  it("is taken as the guide says", async () => {
    const guide = readFileSync(new URL("../../docs/connect/client.md", import.meta.url), "utf8");
    const [, code = ""] = /```javascript\n([\s\S]*?)```/.exec(guide) ?? [];
    const run = new Function("baton", "request", "resume", `return (async () => {\n${code}\n})();`);
    const { baton } = createClient();
    const resumed: unknown[] = [];
    const take = (headers: Record<string, string>, text: string): Promise<Response> =>
      run(baton, new Request("http://bot.invalid", { method: "POST", headers, body: text }), (it: unknown) =>
        resumed.push(it),
      );
    expect((await take({}, body)).status).toBe(401);
    const returned = body.replace("handoff.routed", "handoff.returned");
    expect((await take(toHeaders("cb-1", returned, [SECRET], at) ?? {}, returned)).status).toBe(204);
    expect(resumed).toEqual(["chat-1"]);
  });

  it("is read by a secret of Standard Webhooks", async () => {
    expect(await createClient(whsec).baton.verifyCallback({ headers: signed([whsec]), body })).not.toBeNull();
  });

  it.each([
    ["another secret", { headers: signed(["another"]), body }],
    ["another body", { headers: signed(), body: body.replace("queue", "bot") }],
    ["another id", { headers: { ...signed(), "webhook-id": "cb-2" }, body }],
    ["an old one", { headers: signed([SECRET], at - 301_000), body }],
    ["one of the future", { headers: signed([SECRET], at + 360_000), body }],
    ["no headers", { headers: {}, body }],
    ["a signature that is none", { headers: { ...signed(), "webhook-signature": "v1,%%%" }, body }],
  ])("is nothing with %s", async (_, received) => {
    expect(await createClient().baton.verifyCallback(received)).toBeNull();
  });
});
