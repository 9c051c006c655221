import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createWorld, SECRET } from "../support/world.ts";

const headers = { authorization: `Bearer ${SECRET}` };
const message = { id: "m1", type: "customer.message", session: "s1", text: "hello" };

/** Bodies are texts, since a literal could not hold these. */
function createTarget() {
  const world = createWorld();
  const send = (path: string, init: RequestInit = {}) =>
    world.request(`/v1/bots/shop-assistant${path}`, { ...init, headers: { ...headers, ...init.headers } });
  const post = (body: string | Uint8Array<ArrayBuffer>, path = "/events", more: Record<string, string> = {}) =>
    send(path, { method: "POST", body, headers: more });
  const outcomeOf = async (response: Response) => ((await response.json()) as { outcome: string }).outcome;
  return { world, send, post, outcomeOf };
}
const withField = (name: string, json: string) => JSON.stringify(message).replace(/}$/, `,"${name}":${json}}`);

describe("ids", () => {
  it("stay apart, whatever they are made of: none becomes another's, and none is refused", async () => {
    const { world, post } = createTarget();
    const odd = [
      "9007199254740993",
      "9007199254740992",
      "7",
      '"e\\ud800"',
      '"e\\ud801"',
      '"a\\u0000b"',
      '"é"',
      '"a\\nb"',
    ];
    const long = [`"${"x".repeat(201)}"`, `"${"x".repeat(202)}"`];
    for (const json of [...odd, ...long]) {
      expect((await post(withField("id", json))).status, json).toBe(200);
      expect((await post(withField("session", json))).status, json).toBe(200);
      expect((await post(`{"uniqueSessionId":${json},"text":"x"}`, "/webhooks/answers")).status, json).toBe(200);
    }
    const sessions = new Set(
      world.record.read((t) => t.events.list(100)).map(({ body }) => String(Reflect.get(Object(body), "session"))),
    );
    expect(sessions.size).toBe(1 + odd.length + long.length);
    for (const session of sessions) expect(session).toMatch(/^[\x21-\x7e]{1,200}$/);
  });

  it.each(['""', '"."', '".."', '" "', "null", '"N/A"', '"{{session}}"', '{"toString":"x"}', "true"])(
    "name no session where they would be everybody's: %s",
    async (json) => {
      const { world, post } = createTarget();
      expect((await post(withField("session", json))).status).toBe(422);
      expect((await post(`{"uniqueSessionId":${json},"text":"x"}`, "/webhooks/answers")).status).toBe(422);
      expect(world.record.read((t) => t.events.list(1))).toEqual([]);
    },
  );

  it.each(['"."', '".."', '"a/b"', '"a\\\\b"', '"../../sms/2/text"', '"//evil.example"', '"a\\u0000"'])(
    "of a conversation never become another path: %s",
    async (json) => {
      const { world, post } = createTarget();
      const asked = withField("conversationId", json).replace("hello", "a human, please");
      expect(await (await post(asked)).json()).toMatchObject({ handoffState: "routed", leftOut: ["conversationId"] });
      expect(world.operations()[0]).toBe("createConversation");
    },
  );

  it("of a conversation stay one part of the path, whatever else they hold", async () => {
    const { world, post } = createTarget();
    const body = { ...message, type: "handoff.requested", conversationId: "a?b#c%2F..;x=1" };
    expect(await (await post(JSON.stringify(body))).json()).toMatchObject({ handoffState: "routed" });
    expect(world.emulator.calls[0]?.path).toBe("/ccaas/1/conversations/a%3Fb%23c%252F..%3Bx%3D1");
  });

  it.each([
    ["/sessions/..%2f..%2fhandoffs", 404],
    ["/sessions/%00", 404],
    ["/sessions/%E0%A4%A", 404],
    ["/handoffs/%27%20OR%201=1", 404],
    ["/handoffs/__proto__", 404],
  ])("in the address lead nowhere else: %s", async (path, status) => {
    const { send } = createTarget();
    expect((await send(path)).status).toBe(status);
  });

  it.each(["__proto__", "constructor", "..%2fshop-assistant", "%00"])(
    "of a bot that is none are nobody's: %s",
    async (bot) => {
      const { world } = createTarget();
      const answer = await world.request(`/v1/bots/${bot}/events`, { method: "POST", headers, body: "{}" });
      expect(answer.status).toBe(401);
    },
  );
});

describe("bodies", () => {
  it("may have keys of the prototype: they are attributes, or nothing", async () => {
    const { world, post } = createTarget();
    const attributes = '{"__proto__":"x","constructor":"y","orderId":"A-1"}';
    const answer = await post(
      withField("attributes", attributes).replace("hello", "a human").replace("{", '{"__proto__":{"text":"no"},'),
    );
    expect(await answer.json()).toMatchObject({ handoffState: "routed" });
    expect(world.conversations()[0]?.topic).toBe("Order A-1");
    expect(Object.prototype).not.toHaveProperty("text");
    expect(({} as Record<string, unknown>).orderId).toBeUndefined();
  });

  it("set nothing by keys that are none of an event, and hear which", async () => {
    const { world, post } = createTarget();
    const own = ["bot", "control", "handoffId", "handoffState", "epoch", "agentId", "account", "flow", "token"];
    const fields = Object.fromEntries(own.map((name) => [name, "web-assistant"]));
    const answer = await post(
      JSON.stringify({ id: "e1", type: "customer.message", session: "s1", text: "hello", ...fields }),
    );
    const read = (await answer.json()) as Record<string, unknown>;
    expect(read).toMatchObject({ outcome: "accepted", control: "bot", handoffId: null });
    expect(new Set(read.leftOut as string[])).toEqual(new Set(own));
    const [event] = world.record.read((t) => t.events.list(1));
    expect(Object.keys(Object(event?.body)).sort()).toEqual(["at", "id", "session", "text", "type"]);
    expect(world.record.read((t) => t.sessions.find("web-assistant", "s1"))).toBeNull();
  });

  it("count the last of two equal keys, for what it says and for what is the same", async () => {
    const { world, post, outcomeOf } = createTarget();
    expect(await outcomeOf(await post(withField("id", '"last"')))).toBe("accepted");
    expect(await outcomeOf(await post(JSON.stringify({ ...message, id: "last" })))).toBe("duplicate");
    expect(await outcomeOf(await post(JSON.stringify(message)))).toBe("accepted");
    await post(withField("session", '"other"').replace('"m1"', '"m2"'));
    expect(world.record.read((t) => t.sessions.find("shop-assistant", "other"))).not.toBeNull();
  });

  it("keep words that UTF-8 cannot write apart, and hand them over", async () => {
    const { world, post, outcomeOf } = createTarget();
    const spoken = (text: string) => `{"uniqueSessionId":"u1","type":"bot.fallback","text":"${text}"}`;
    for (const text of ["\\ud800", "\\ud801", "\\ufffd"]) {
      expect(await outcomeOf(await post(spoken(text), "/webhooks/answers"))).toBe("accepted");
    }
    expect(world.conversations()[0]?.tags).toContain("bot_lost");
  });

  it("may hold NUL and control characters in what was said", async () => {
    const { world, post } = createTarget();
    const said = JSON.stringify({ ...message, text: "a human\u0000please\u001b[31m\u202e" });
    expect(await (await post(said)).json()).toMatchObject({ handoffState: "routed" });
    expect(world.conversations()).toHaveLength(1);
  });

  it("leave out a tag that the platform takes for none, and no more", async () => {
    const { world, post } = createTarget();
    const tags = ["../x", "a\u0000b", "\ud800", "fine_one"];
    await post(JSON.stringify({ ...message, type: "handoff.requested", tags }));
    expect(world.conversations()[0]?.tags).toEqual(["bot_handoff", "customer_asked", "fine_one"]);
  });

  it.each<[string, string | Uint8Array<ArrayBuffer>, Record<string, string>]>([
    ["compressed, and not said to be", new Uint8Array(gzipSync(JSON.stringify(message))), {}],
    ["UTF-16", new Uint8Array(Buffer.from(JSON.stringify(message), "utf16le")), {}],
    ["with a byte order mark inside", `{"id":"m1"\ufeff}`, {}],
    ["NaN", '{"sentiment":NaN}', {}],
    ["two values", `${JSON.stringify(message)}${JSON.stringify(message)}`, {}],
  ])("are refused where they are no JSON: %s", async (_, body, more) => {
    const { post } = createTarget();
    expect((await post(body, "/events", more)).status).toBe(400);
  });

  it.each(["1e999", "-1e999"])("may have a number beyond all numbers: it is text, or left out: %s", async (number) => {
    const { world, post } = createTarget();
    const body = withField("attributes", `{"n":${number}}`).replace(/}$/, `,"sentiment":${number}}`);
    expect(await (await post(body)).json()).toMatchObject({ outcome: "accepted", leftOut: ["sentiment"] });
    const session = world.record.read((t) => t.sessions.find("shop-assistant", "s1"));
    expect(session?.facts.attributes).toEqual({ n: number });
  });

  it("are read whatever type they claim to be", async () => {
    const { post } = createTarget();
    expect((await post(JSON.stringify(message), "/events", { "content-type": "text/plain" })).status).toBe(200);
  });
});
