import { createHmac } from "node:crypto";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createWorld, OPERATOR_TOKEN, SECRET } from "../support/world.ts";

const BOT = "/v1/bots/shop-assistant";
const bearer = { authorization: `Bearer ${SECRET}` };
const message = { id: "m1", type: "customer.message", session: "s1", text: "hello" };
const packed = gzipSync(JSON.stringify(message));

const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = bearer): RequestInit => ({
  method: "POST",
  headers,
  body,
});
const kindOf = async (answer: Response) => ((await answer.json()) as { type: string }).type;

describe("a compressed body", () => {
  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
  ])("is read: %s", async (coding, compress) => {
    const world = createWorld();
    const body = compress(JSON.stringify(message));
    const answer = await world.request(`${BOT}/events`, post(body, { ...bearer, "content-encoding": coding }));
    expect([answer.status, await answer.json()]).toMatchObject([200, { outcome: "accepted" }]);
  });

  it("is read at every address that takes one", async () => {
    const world = createWorld();
    const gzipped = (body: object) => post(gzipSync(JSON.stringify(body)), { ...bearer, "content-encoding": "gzip" });
    const statuses = await Promise.all([
      world.request(`${BOT}/handoffs`, gzipped({ session: "s2" })),
      world.request(`${BOT}/webhooks/flow`, gzipped({ phoneNumber: "385912345678", text: "hi" })),
      world.request("/v1/infobip/default/events", gzipped({ type: "SOMETHING_NEW", payload: {} })),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([201, 200, 200]);
  });

  it("is signed as it is on the wire, before anything is unpacked", async () => {
    const world = createWorld();
    const headers = { "content-encoding": "gzip" };
    const signatureOf = (bytes: Uint8Array | string) =>
      `SHA256=${createHmac("sha256", SECRET).update(bytes).digest("hex")}`;
    const sent = (signature: string) =>
      world.request(`${BOT}/events`, post(packed, { ...headers, "x-hub-signature": signature }));
    expect((await sent(signatureOf(packed))).status).toBe(200);
    expect((await sent(signatureOf(packed).replace("SHA256", "sha256"))).status).toBe(200);
    expect((await sent(signatureOf(JSON.stringify(message)))).status).toBe(401);
    const bomb = post(gzipSync(new Uint8Array(50_000_000)), headers);
    expect((await world.request(`${BOT}/events`, bomb)).status).toBe(401);
  });

  it("may be as large as one that is not compressed, and no larger", async () => {
    const world = createWorld();
    const sized = (length: number) => {
      const frame = JSON.stringify({ ...message, extra: "" }).length;
      return JSON.stringify({ ...message, extra: "x".repeat(length - frame) });
    };
    const gzipped = (length: number) => post(gzipSync(sized(length)), { ...bearer, "content-encoding": "gzip" });
    const limit = 1024 * 1024;
    expect((await world.request(`${BOT}/events`, post(sized(limit)))).status).toBe(200);
    expect((await world.request(`${BOT}/events`, gzipped(limit))).status).toBe(200);
    for (const init of [post(sized(limit + 1)), gzipped(limit + 1)]) {
      const answer = await world.request(`${BOT}/events`, init);
      expect([answer.status, await answer.json()]).toMatchObject([
        413,
        { type: "urn:baton:problem:body-too-large", detail: `At most ${limit} bytes are taken.` },
      ]);
    }
  });

  it("in a coding that is not read is refused with those that are", async () => {
    const world = createWorld();
    const body = brotliCompressSync(JSON.stringify(message));
    const answer = await world.request(`${BOT}/events`, post(body, { ...bearer, "content-encoding": "br" }));
    expect([answer.status, answer.headers.get("accept-encoding"), answer.headers.get("content-type")]).toEqual([
      415,
      "gzip, deflate",
      "application/problem+json",
    ]);
    expect(await kindOf(answer)).toBe("urn:baton:problem:unknown-encoding");
  });

  it("that is broken is refused as one that cannot be read", async () => {
    const world = createWorld();
    for (const body of [packed.subarray(0, -9), JSON.stringify(message)]) {
      const answer = await world.request(`${BOT}/events`, post(body, { ...bearer, "content-encoding": "gzip" }));
      expect([answer.status, await kindOf(answer)]).toEqual([400, "urn:baton:problem:unreadable-body"]);
    }
  });
});

describe("another method", () => {
  it.each([
    ["GET", `${BOT}/events`, "OPTIONS, POST"],
    ["PUT", `${BOT}/webhooks/answers`, "OPTIONS, POST"],
    ["DELETE", `${BOT}/handoffs`, "OPTIONS, POST"],
    ["POST", `${BOT}/handoffs/01H`, "GET, HEAD, OPTIONS"],
    ["PATCH", `${BOT}/sessions/s1`, "DELETE, GET, HEAD, OPTIONS"],
    ["GET", "/v1/infobip/default/events", "OPTIONS, POST"],
    ["POST", "/v1/handoffs", "GET, HEAD, OPTIONS"],
    ["GET", "/v1/handoffs/01H/retry", "OPTIONS, POST"],
    ["PUT", "/v1/flows/", "GET, HEAD, OPTIONS"],
    ["POST", "/livez", "GET, HEAD, OPTIONS"],
  ])("than those of the address is answered 405: %s %s", async (method, path, allow) => {
    const answer = await createWorld().request(path, { method });
    expect([answer.status, answer.headers.get("allow"), answer.headers.get("content-type")]).toEqual([
      405,
      allow,
      "application/problem+json",
    ]);
    expect(await answer.json()).toMatchObject({
      type: "urn:baton:problem:method-not-allowed",
      status: 405,
      requestId: expect.any(String),
    });
  });

  it("OPTIONS says which there are", async () => {
    const answer = await createWorld().request(`${BOT}/events`, { method: "OPTIONS" });
    expect([answer.status, answer.headers.get("allow"), await answer.text()]).toEqual([204, "OPTIONS, POST", ""]);
  });

  it("HEAD is GET without its body", async () => {
    const world = createWorld();
    const head = await world.request("/livez", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const other = await world.request(`${BOT}/events`, { method: "HEAD" });
    expect([other.status, other.headers.get("allow"), await other.text()]).toEqual([405, "OPTIONS, POST", ""]);
  });

  it("makes no address of one that is none, and lets nobody in", async () => {
    const world = createWorld();
    for (const path of ["/", "/v1", "/v1/bots", `${BOT}/other`, "/v1/handoffs/01H/other", "/v1/bots//events"]) {
      expect((await world.request(path, { method: "PUT" })).status).toBe(404);
    }
    for (const path of ["/v1/handoffs", "/v1/flows", "/v1/handoffs/01H", `${BOT}/sessions/s1/export`]) {
      expect((await world.request(path)).status).toBe(401);
      const allowed = await world.request(path, { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
      expect([200, 404]).toContain(allowed.status);
    }
  });
});

describe("a slash too many", () => {
  it.each([`${BOT}/events/`, `/${BOT}/events`, "//v1///bots/shop-assistant//events//"])(
    "at the end or beside another means nothing: %s",
    async (path) => {
      const answer = await createWorld().request(path, post(JSON.stringify(message)));
      expect([answer.status, await answer.json()]).toMatchObject([200, { outcome: "accepted" }]);
    },
  );

  it("leaves the limits of the address as they are", async () => {
    const world = createWorld();
    const push = post(JSON.stringify({ type: "SOMETHING_NEW", payload: { text: "x".repeat(2_000_000) } }));
    expect((await world.request("//v1/infobip/default/events/", push)).status).toBe(200);
  });
});

describe("Prefer", () => {
  const slow = () => {
    const world = createWorld();
    world.emulator.faults.add(...Array.from({ length: 50 }, () => ({ kind: "refuse" as const })));
    return world;
  };
  const asking = JSON.stringify({ session: "s1", reason: "wants a person" });

  it("respond-async with wait waits, and then is answered 202", async () => {
    const world = slow();
    const answering = world.request(`${BOT}/handoffs`, post(asking, { ...bearer, prefer: "respond-async, wait=10" }));
    let status: number | null = null;
    void answering.then((answer) => {
      status = answer.status;
    });
    await expect.poll(() => world.handoff("01H0001")?.state).toBe("pending");
    await world.pass(9_000);
    expect(status).toBeNull();
    await world.pass(2_000);
    const answer = await answering;
    expect([answer.status, answer.headers.get("preference-applied")]).toEqual([202, "respond-async, wait=10"]);
    expect(answer.headers.get("location")).toMatch(/^\/v1\/bots\/shop-assistant\/handoffs\//);
  });

  it("respond-async alone does not wait; a header for each means the same as one for both", async () => {
    const now = await slow().request(`${BOT}/handoffs`, post(asking, { ...bearer, prefer: "respond-async" }));
    expect([now.status, now.headers.get("preference-applied")]).toEqual([202, "respond-async"]);
    const headers = new Headers(bearer);
    headers.append("prefer", "respond-async");
    headers.append("prefer", "wait=0, return=minimal");
    const both = await slow().request(`${BOT}/handoffs`, { method: "POST", headers, body: asking });
    expect([both.status, both.headers.get("preference-applied")]).toEqual([202, "respond-async, wait=0"]);
  });

  it("is not spoken of where nothing of it was applied", async () => {
    const answer = await createWorld().request(`${BOT}/events`, post(JSON.stringify(message)));
    expect(answer.headers.has("preference-applied")).toBe(false);
  });
});
