import { createHmac } from "node:crypto";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createDoor, type Door, expectHandedOver } from "../support/door.ts";
import { SECRET } from "../support/world.ts";

const event = { id: "1", type: "customer.message", session: "s", text: "agent" };
const body = JSON.stringify(event);

describe("Prefer", () => {
  /** A door whose platform is down, so that nothing is routed before the clock moves. */
  function createSlowDoor() {
    const door = createDoor();
    door.emulator.faults.add({ operation: "createConversation", kind: "refuse" });
    return door;
  }
  async function isAnsweredAfter(door: Door, prefer: string, ms: number): Promise<boolean> {
    let isAnswered = false;
    const answer = door.post("/events", event, { prefer }).then((reply) => {
      isAnswered = true;
      return reply;
    });
    await expect.poll(() => door.handoff("01H0001")?.state).toBe("pending");
    await door.rest();
    const before = isAnswered;
    await door.later(ms);
    expect((await answer).status).toBeLessThan(300);
    return before;
  }

  it.each([
    "respond-async, wait=10",
    "wait=10, respond-async",
    "WAIT=10,Respond-Async",
    "respond-async; wait=5, wait=10",
    'wait="10"',
    "wait = 10",
    "wait=400",
    "handling=lenient, wait=10",
  ])("waits by %j", async (prefer) => {
    expect(await isAnsweredAfter(createSlowDoor(), prefer, 5_000)).toBe(false);
  });

  it.each(["respond-async", "wait=0", "respond-async, foo"])("does not wait by %j", async (prefer) => {
    expect(await isAnsweredAfter(createSlowDoor(), prefer, 5_000)).toBe(true);
  });

  it("answers 202 after the wait where it may answer later", async () => {
    const door = createDoor();
    door.emulator.faults.add({ operation: "createConversation", kind: "refuse", times: 20 });
    const answer = door.post("/handoffs", { session: "s" }, { prefer: "respond-async, wait=2" });
    await expect.poll(() => door.handoff("01H0001")?.state).toBe("pending");
    await door.later(3_000, 500);
    const reply = await answer;
    expect([reply.status, reply.headers.get("location")]).toEqual([202, expect.stringContaining("/handoffs/01H0001")]);
  });
});

describe("a body that is compressed", () => {
  const send = (door: Door, bytes: Uint8Array, encoding: string) =>
    door.send("/events", { method: "POST", headers: { "content-encoding": encoding }, body: new Uint8Array(bytes) });

  it("is read from gzip, x-gzip and deflate", async () => {
    for (const [encoding, bytes] of [
      ["gzip", gzipSync(body)],
      ["x-gzip", gzipSync(body)],
      ["GZIP", gzipSync(body)],
      ["deflate", deflateSync(body)],
      ["identity", Buffer.from(body)],
    ] as const) {
      expectHandedOver(await send(createDoor(), bytes, encoding));
    }
  });

  it("is refused where it would grow beyond the limit", async () => {
    const bomb = gzipSync(JSON.stringify({ ...event, text: "x".repeat(40_000_000) }));
    expect((await send(createDoor(), bomb, "gzip")).status).toBe(413);
    const deflated = deflateSync(Buffer.alloc(100_000_000));
    expect((await send(createDoor(), deflated, "deflate")).status).toBe(413);
  });

  it("is refused with 415 in another encoding", async () => {
    for (const encoding of ["br", "zstd", "compress"]) {
      const reply = await send(createDoor(), brotliCompressSync(body), encoding);
      expect(reply.status).toBe(415);
      expect(reply.headers.get("accept-encoding")).toContain("gzip");
    }
  });

  it("is refused where it is not what it says", async () => {
    const reply = await send(createDoor(), Buffer.from(body), "gzip");
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
  });

  it("is signed as it goes over the wire", async () => {
    const bytes = gzipSync(body);
    const sign = (signed: Uint8Array | string) => createHmac("sha256", SECRET).update(signed).digest("hex");
    const request = (door: Door, signature: string) =>
      door.request("/v1/bots/shop-assistant/events", {
        method: "POST",
        headers: { "content-encoding": "gzip", "x-hub-signature": `SHA256=${signature}` },
        body: new Uint8Array(bytes),
      });
    expect((await request(createDoor(), sign(bytes))).status).toBe(200);
    expect((await request(createDoor(), sign(body))).status).toBe(401);
  });
});

describe("a body in another wrapping", () => {
  it("may begin with a byte order mark", async () => {
    for (const path of ["/events", "/webhooks/answers"]) {
      const given = path === "/events" ? body : '{"uniqueSessionId":"s","text":"agent"}';
      expectHandedOver(await createDoor().post(path, `\ufeff${given}`));
    }
  });

  it("may be of up to a mebibyte", async () => {
    const text = "x".repeat(900_000);
    expectHandedOver(await createDoor().ask({ session: "s", summary: text }));
    expect((await createDoor().ask({ session: "s", summary: "x".repeat(6_000_000) })).status).toBe(413);
  });
});

describe("an address", () => {
  it("may end with a slash", async () => {
    for (const path of ["/events/", "/handoffs/", "/webhooks/answers/"]) {
      const door = createDoor();
      const reply = await door.post(
        path,
        path.includes("answers")
          ? { uniqueSessionId: "s", text: "agent" }
          : { ...event, ...(path === "/handoffs/" && { type: undefined }) },
      );
      expect(reply.status, path).toBeLessThan(300);
    }
    const door = createDoor();
    await door.events(event);
    expect((await door.send("/sessions/s/")).status).toBe(200);
  });

  it("says which methods it takes", async () => {
    const door = createDoor();
    for (const [path, method, allow] of [
      ["/events", "GET", "POST"],
      ["/events", "PUT", "POST"],
      ["/handoffs", "DELETE", "POST"],
      ["/webhooks/answers", "GET", "POST"],
      ["/sessions/s", "POST", "GET"],
    ] as const) {
      const reply = await door.send(path, { method });
      expect([path, method, reply.status]).toEqual([path, method, 405]);
      expect(reply.headers.get("allow")).toContain(allow);
      expect(reply.headers.get("content-type")).toContain("application/problem+json");
    }
    expect((await door.send("/nothing-here")).status).toBe(404);
  });

  it("says so of the platform's and the operators' as well", async () => {
    const door = createDoor();
    for (const [path, method] of [
      ["/v1/infobip/default/events", "GET"],
      ["/v1/handoffs", "PUT"],
      ["/livez", "POST"],
    ]) {
      const response = await door.request(path ?? "", { method: method ?? "GET" });
      expect([path, response.status]).toEqual([path, 405]);
    }
  });
});

describe("a signature", () => {
  const key = Buffer.from(SECRET, "utf8");
  function signed(prefix: "svix" | "webhook", at: number): Record<string, string> {
    const timestamp = String(Math.floor(at / 1_000));
    const signature = createHmac("sha256", key).update(`msg_1.${timestamp}.${body}`).digest("base64");
    return {
      [`${prefix}-id`]: "msg_1",
      [`${prefix}-timestamp`]: timestamp,
      [`${prefix}-signature`]: `v1,${signature}`,
    };
  }
  const request = (door: Door, headers: Record<string, string>) =>
    door.request("/v1/bots/shop-assistant/events", { method: "POST", headers, body });

  it("is taken under both names of the same scheme", async () => {
    for (const prefix of ["svix", "webhook"] as const) {
      const door = createDoor();
      expect((await request(door, signed(prefix, door.now()))).status).toBe(200);
      expect((await request(door, signed(prefix, door.now() - 301_000))).status).toBe(401);
      expect((await request(door, { ...signed(prefix, door.now()), [`${prefix}-id`]: "msg_2" })).status).toBe(401);
    }
  });

  it("is taken with its prefix in either case", async () => {
    const digest = createHmac("sha256", key).update(body).digest("hex");
    for (const value of [`SHA256=${digest}`, `sha256=${digest}`]) {
      expect((await request(createDoor(), { "x-hub-signature": value })).status).toBe(200);
    }
  });
});
