import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hmacSettingsSchema } from "../../src/auth/hmac-header.ts";
import { toSecretKeys } from "../../src/auth/secret-keys.ts";
import { createVerify } from "../../src/auth/verify.ts";
import type { EmulatorOptions } from "../../src/emulator/app.ts";
import type { Push } from "../../src/emulator/pushes/payload.ts";
import { createAccount } from "./create-account.ts";

const URL_OF_OURS = "https://baton.example/v1/infobip/default/events";
const EVERYTHING = { pushTypes: "all" as const };

interface Received {
  url: string;
  headers: Headers;
  text: string;
  body: Push;
  at: number;
}

/** An account with a subscriber that records its pushes. */
function createListener(
  options: EmulatorOptions & { answer?: (n: number) => number | "broken"; random?: () => number } = {},
) {
  const { answer = () => 200, random, ...rest } = options;
  const received: Received[] = [];
  const account = createAccount({
    ...rest,
    ...(random !== undefined && { random }),
    deliver: async (request) => {
      const text = await request.text();
      const { url, headers } = request;
      received.push({ url, headers, text, body: JSON.parse(text), at: account.clock.now });
      const status = answer(received.length);
      if (status === "broken")
        throw new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ECONNRESET" }) });
      return new Response(null, { status });
    },
  });
  return {
    ...account,
    received,
    pushes: account.emulator.pushes,
    types: () => received.map(({ body }) => body.type),
    last: () => received.at(-1)?.body,
  };
}

/** Returns the values in turn, again and again. */
function drawing(...values: number[]): () => number {
  let n = -1;
  return () => {
    n += 1;
    return values[n % values.length] ?? 0;
  };
}

describe("a push", () => {
  it("shows the conversation after the change, in the documented envelope", async () => {
    const { pushes, open, call, agentId, queueId, received, types, last } = createListener();
    pushes.subscribe({ url: URL_OF_OURS });
    const id = await open({ topic: "Order 7", queueId: queueId("Support") });
    await call("POST", `/conversations/${id}/tags`, { tagName: "unhappy" });
    await call("PUT", `/conversations/${id}/assignee`, { agentId: agentId("Ana Horvat") });
    await pushes.settled();
    expect(types()).toEqual(["CONVERSATION_CREATED", "CONVERSATION_ASSIGNMENT_UPDATED"]);
    expect(received[0]?.url).toBe(URL_OF_OURS);
    expect(received[0]?.headers.get("content-type")).toBe("application/json");
    expect(received[0]?.body.payload).toMatchObject({
      assignee: { id: null, name: null, email: null, role: null },
      customer: { id: null, name: null, personId: null },
      form: { id: null, name: null },
    });
    expect(last()).toEqual({
      type: "CONVERSATION_ASSIGNMENT_UPDATED",
      timestamp: "2026-03-02T10:00:00.000+00:00",
      payload: {
        id,
        shortId: "1",
        status: "OPEN",
        queue: { id: queueId("Support"), name: "Support" },
        priority: "NORMAL",
        channel: "NO_CHANNEL",
        direction: "OUTBOUND",
        assignee: {
          id: agentId("Ana Horvat"),
          name: "Ana Horvat",
          email: "ana.horvat@example.com",
          role: "AGENT",
        },
        customer: { id: null, name: null, personId: null },
        form: { id: null, name: null },
        tags: [{ id: expect.stringMatching(/^5EED/), name: "unhappy" }],
        invoker: { type: "SYSTEM", id: null, name: null },
        topic: "Order 7",
        summary: null,
        timestamp: "2026-03-02T10:00:00.000+00:00",
      },
    });
  });

  it("says who a bot and a supervisor are", async () => {
    const { pushes, open, botId, agentId, call, last } = createListener();
    pushes.subscribe({ url: URL_OF_OURS });
    const id = await open();
    for (const [who, role] of [
      [botId("Shop assistant"), "BOT"],
      [agentId("Marta Silva"), "SUPERVISOR"],
    ] as const) {
      await call("PUT", `/conversations/${id}/assignee`, { agentId: who });
      await pushes.settled();
      expect(last()?.payload.assignee).toMatchObject({ id: who, role });
    }
  });

  it("carries what its type has beside the conversation", async () => {
    const { emulator, pushes, open, call, agentId, received } = createListener({ settings: EVERYTHING });
    pushes.subscribe({ url: URL_OF_OURS });
    const ana = agentId("Ana Horvat");
    const id = await open();
    const path = `/conversations/${id}`;
    await call("POST", `${path}/tags`, { tagName: "unhappy" });
    await call("DELETE", `${path}/tags/unhappy`);
    await call("POST", `${path}/notes`, { content: "Asked for a person" });
    await call("POST", `${path}/messages`, {
      from: "shop",
      to: "385",
      channel: "WHATSAPP",
      contentType: "TEXT",
      content: { text: "hi" },
    });
    emulator.desk.take(id, ana);
    emulator.desk.reply(id, ana, "Hello");
    emulator.desk.setStatus(id, ana, "CLOSED");
    await call("PUT", `/agents/${ana}/status`, { status: "BUSY" });
    await pushes.settled();
    const payloads = (type: string) =>
      received.filter(({ body }) => body.type === type).map(({ body }) => body.payload);
    const tag = { id: expect.any(String), name: "unhappy" };
    expect(payloads("CONVERSATION_TAG_ADDED")).toMatchObject([{ id, addedTag: tag, tags: [tag] }]);
    expect(payloads("CONVERSATION_TAG_REMOVED")).toMatchObject([{ id, removedTag: tag, tags: [] }]);
    expect(payloads("CONVERSATION_NOTE_ADDED")).toMatchObject([
      { note: { id: expect.any(String), type: "INTERNAL", content: "Asked for a person" } },
    ]);
    expect(payloads("OUTBOUND_MESSAGE")).toMatchObject([
      {
        message: { from: "shop", to: "385", conversationId: id, content: { text: "hi" } },
        invoker: { type: "SYSTEM" },
      },
      { message: { content: { text: "Hello" } }, invoker: { type: "AGENT", id: ana, name: "Ana Horvat" } },
    ]);
    expect(payloads("CONVERSATION_ASSIGNMENT_UPDATED")).toMatchObject([{ invoker: { type: "AGENT", id: ana } }]);
    expect(payloads("CONVERSATION_STATUS_UPDATED")).toMatchObject([
      {
        status: "CLOSED",
        formFields: [],
        sentiment: 0,
        lastMessage: { from: "shop", to: "385", direction: "OUTBOUND", channel: "WHATSAPP" },
      },
    ]);
    expect(payloads("CONVERSATION_AGENT_STATUS_CHANGED")).toEqual([
      {
        id: ana,
        email: "ana.horvat@example.com",
        role: "AGENT",
        status: { id: expect.any(String), name: "Busy", group: "BUSY" },
        invoker: { type: "SYSTEM", id: null, name: null },
      },
    ]);
  });

  it("tells of what happens at a desk: who writes, who did it, and what is gone", async () => {
    const { emulator, pushes, open, agentId, received, types } = createListener({ settings: EVERYTHING });
    pushes.subscribe({ url: URL_OF_OURS });
    const ana = agentId("Ana Horvat");
    const id = await open();
    emulator.desk.write(id, { text: "Hello", from: "385", to: "shop", channel: "WHATSAPP", name: "Iva" });
    emulator.desk.take(id, ana);
    emulator.desk.setStatus(id, ana, "SOLVED");
    emulator.desk.write(id, { text: "Thanks" });
    emulator.desk.assign(id, ana, null);
    emulator.desk.setAvailability(ana, "AWAY");
    emulator.desk.setAvailability(ana, "AWAY");
    emulator.desk.remove(id, ana);
    await pushes.settled();
    expect(types()).toEqual([
      "CONVERSATION_CREATED",
      "CONVERSATION_CUSTOMER_UPDATED",
      "INBOUND_MESSAGE",
      "CONVERSATION_ASSIGNMENT_UPDATED",
      "CONVERSATION_STATUS_UPDATED",
      "INBOUND_MESSAGE",
      "CONVERSATION_STATUS_UPDATED",
      "CONVERSATION_ASSIGNMENT_UPDATED",
      "CONVERSATION_AGENT_STATUS_CHANGED",
      "CONVERSATION_DELETED",
    ]);
    const payloads = received.map(({ body }) => body.payload);
    const byAna = { type: "AGENT", id: ana, name: "Ana Horvat" };
    expect(payloads[2]).toMatchObject({
      direction: "INBOUND",
      customer: { id: expect.any(String), name: "Iva" },
      message: { from: "385", to: "shop", content: { text: "Hello" } },
    });
    expect(payloads[6]).toMatchObject({ status: "OPEN", invoker: { type: "SYSTEM" } });
    expect(payloads[7]).toMatchObject({ assignee: { id: null }, invoker: byAna });
    expect(payloads[8]).toMatchObject({ id: ana, status: { group: "AWAY" }, invoker: byAna });
    expect(payloads[9]).toMatchObject({ id, formFields: [], sentiment: 0, invoker: byAna });
  });

  it.each([
    ["nulls", { id: null, name: null }],
    ["empty", {}],
    ["null", null],
  ] as const)("shows what is not there as %s", async (pushAbsent, shown) => {
    const { pushes, open, last } = createListener({ settings: { pushAbsent } });
    pushes.subscribe({ url: URL_OF_OURS });
    await open();
    await pushes.settled();
    expect(last()?.payload.queue).toEqual(shown);
    expect(last()?.payload.form).toEqual(shown);
  });

  it("is one for each subscription, of what that named", async () => {
    const { emulator, pushes, open, call, received } = createListener();
    pushes.subscribe({ id: "one", url: "https://one.example/", events: ["CONVERSATION_CREATED"] });
    pushes.subscribe({ id: "two", url: "https://two.example/", events: ["CONVERSATION_STATUS_UPDATED"] });
    const change = async () => call("PATCH", `/conversations/${await open()}`, { status: "SOLVED", topic: "t" });
    await change();
    await pushes.settled();
    expect(received.map(({ url, body }) => [url, body.type])).toEqual([
      ["https://one.example/", "CONVERSATION_CREATED"],
      ["https://two.example/", "CONVERSATION_STATUS_UPDATED"],
    ]);
    emulator.settings.pushTypes = "all";
    received.length = 0;
    await change();
    await pushes.settled();
    expect(received).toHaveLength(6);
  });

  it("is none without anybody who delivers", async () => {
    const { emulator, open } = createAccount();
    emulator.pushes.subscribe({ url: URL_OF_OURS });
    await open();
    await emulator.pushes.settled();
    expect(emulator.pushes.log).toEqual([]);
  });
});

describe("the proof", () => {
  const signed = async (settings: EmulatorOptions["settings"], subscription: object) => {
    const { pushes, open, received } = createListener(settings === undefined ? {} : { settings });
    pushes.subscribe({ url: URL_OF_OURS, ...subscription });
    await open();
    await pushes.settled();
    const [first] = received;
    if (first === undefined) throw new Error("nothing was pushed");
    return first;
  };
  const hmac = (algorithm: "HMAC_SHA_1" | "HMAC_SHA_512" | "HMAC_MD5") => ({
    security: { type: "HMAC", credentials: { secretKey: "s", algorithm } },
  });

  it("is absent unless the subscription asks for one", async () => {
    const { headers } = await signed(undefined, {});
    expect([...headers.keys()]).toEqual(["content-type"]);
  });

  it("is what the product itself takes for one", async () => {
    const verify = createVerify({ hmac: hmacSettingsSchema.parse({}), now: () => 0 });
    const keys = [toSecretKeys("default", "a secret")];
    const proofs = [
      { secret: "a secret" },
      { security: { type: "BASIC", credentials: { username: "default", password: "a secret" } } },
      { security: { type: "CUSTOM" }, headers: { Authorization: "Bearer a secret" } },
    ];
    const methods = [];
    for (const proof of proofs) {
      const { headers, text } = await signed(undefined, proof);
      methods.push(verify(keys, { headers, body: Buffer.from(text) }));
    }
    expect(methods).toMatchObject([
      { value: { method: "hmac" } },
      { value: { method: "basic" } },
      { value: { method: "bearer" } },
    ]);
  });

  it("has the header, the prefix, the encoding and the algorithm it is given", async () => {
    const settings = { pushHmacHeader: "X-Signature", pushHmacEncoding: "base64" as const };
    const sha1 = await signed(settings, hmac("HMAC_SHA_1"));
    expect(sha1.headers.get("x-signature")).toBe(`SHA1=${createHmac("sha1", "s").update(sha1.text).digest("base64")}`);
    const sha512 = await signed({ ...settings, pushHmacPrefix: "" }, hmac("HMAC_SHA_512"));
    expect(sha512.headers.get("x-signature")).toBe(createHmac("sha512", "s").update(sha512.text).digest("base64"));
    const md5 = await signed({}, hmac("HMAC_MD5"));
    expect(md5.headers.get("x-hub-signature")).toBe(`MD5=${createHmac("md5", "s").update(md5.text).digest("hex")}`);
  });
});

describe("pushes in trouble", () => {
  const three = async ({ pushes, open, call }: ReturnType<typeof createListener>) => {
    pushes.subscribe({ url: URL_OF_OURS });
    const id = await open();
    await call("PATCH", `/conversations/${id}`, { status: "WAITING" });
    await call("PATCH", `/conversations/${id}`, { status: "SOLVED" });
  };
  const statuses = (received: Received[]) => received.map(({ body }) => body.payload.status);

  it("are repeated, the same byte by byte", async () => {
    const listener = createListener({ settings: { pushRepeats: 3 } });
    await three(listener);
    await listener.pushes.settled();
    expect(statuses(listener.received)).toEqual(
      [..."OOOWWWSSS"].map((it) => ({ O: "OPEN", W: "WAITING", S: "SOLVED" })[it]),
    );
    expect(new Set(listener.received.map(({ text }) => text)).size).toBe(3);
  });

  it("are held and come in another order, the same for the same draws", async () => {
    const listener = createListener({
      settings: { pushHoldMs: 500, pushOrder: "shuffled" },
      random: drawing(0.9, 0.1, 0.5),
    });
    await three(listener);
    await listener.pushes.settled();
    expect(statuses(listener.received)).toEqual(["WAITING", "SOLVED", "OPEN"]);
  });

  it("come together in arrays", async () => {
    const listener = createListener({ settings: { pushHoldMs: 500, pushBatch: 2 } });
    await three(listener);
    await listener.pushes.settled();
    const sizes = listener.received.map(({ text }) => JSON.parse(text).length);
    expect(sizes).toEqual([2, 1]);
  });

  it("come late, each by its own time, and still one after the other", async () => {
    const listener = createListener({ settings: { pushDelayMs: { min: 1_000, max: 3_000 } }, random: drawing(1, 0) });
    await three(listener);
    await listener.pushes.settled();
    expect(statuses(listener.received)).toEqual(["OPEN", "WAITING", "SOLVED"]);
    expect(listener.received[0]?.at).toBe(listener.clock.now);
  });

  it("get lost with a rate, and are recorded as that", async () => {
    const listener = createListener({ settings: { pushDropRate: 0.5 }, random: drawing(0.6, 0.4, 0.6) });
    await three(listener);
    await listener.pushes.settled();
    expect(statuses(listener.received)).toEqual(["OPEN", "SOLVED"]);
    expect(listener.pushes.log.map(({ outcome }) => outcome).sort()).toEqual(["accepted", "accepted", "dropped"]);
  });

  it("are sent again after the documented times, and not for ever", async () => {
    const answers = ["broken", 500, 404, 302, 201] as const;
    const listener = createListener({ answer: (n) => answers[n - 1] ?? 200 });
    listener.pushes.subscribe({ url: URL_OF_OURS });
    await listener.open();
    await listener.pushes.settled();
    const start = listener.received[0]?.at ?? 0;
    expect(listener.received.map(({ at }) => (at - start) / 60_000)).toEqual([0, 1, 3, 8, 18]);
    expect(
      listener.pushes.log.map(({ attempt, status, error, outcome, retryAt }) => [
        attempt,
        status ?? error,
        outcome,
        retryAt !== null,
      ]),
    ).toEqual([
      [1, "ECONNRESET", "unanswered", true],
      [2, 500, "refused", true],
      [3, 404, "refused", true],
      [4, 302, "refused", true],
      [5, 201, "refused", false],
    ]);
  });

  it("are held up by none that waits to be sent again", async () => {
    const listener = createListener({ answer: (n) => (n === 1 ? 503 : 200) });
    await three(listener);
    await listener.pushes.settled();
    expect(statuses(listener.received)).toEqual(["OPEN", "WAITING", "SOLVED", "OPEN"]);
  });

  it("end with their subscription, and with the emulator", async () => {
    const listener = createListener({ answer: () => 503 });
    await three(listener);
    await listener.pushes.idle();
    listener.pushes.stop();
    await listener.pushes.settled();
    expect(listener.received).toHaveLength(3);
    await listener.open();
    await listener.pushes.settled();
    expect(listener.received).toHaveLength(3);
  });

  it("wait in a limited number", async () => {
    const listener = createListener({ settings: { maxPushes: 2, pushHoldMs: 10 } });
    await three(listener);
    await listener.pushes.settled();
    expect(statuses(listener.received)).toEqual(["OPEN", "WAITING"]);
    expect(listener.pushes.log).toHaveLength(2);
  });
});

describe("the control surface", () => {
  it("shows the pushes, and pushes whatever it is given", async () => {
    const { pushes, open, send, last } = createListener();
    pushes.subscribe({ url: URL_OF_OURS });
    await open();
    await pushes.settled();
    const strange = { type: "CONVERSATION_DREAMT_OF", payload: { id: "x", queue: null } };
    expect((await send("POST", "/emulator/pushes", strange)).status).toBe(202);
    await pushes.settled();
    expect(last()).toEqual({ ...strange, timestamp: expect.any(String) });
    const shown = await send("GET", "/emulator/pushes?after=1");
    expect(shown.body.pushes).toMatchObject([
      { n: 2, subscriptionId: "subscription", outcome: "accepted", status: 200, attempt: 1 },
    ]);
    expect((await send("GET", "/emulator/pushes?after=x")).status).toBe(400);
    expect((await send("POST", "/emulator/pushes", { type: "x" })).status).toBe(400);
  });

  it("changes how they go out while they do", async () => {
    const { pushes, open, send, received } = createListener();
    pushes.subscribe({ url: URL_OF_OURS });
    expect((await send("PATCH", "/emulator/settings", { pushRepeats: 2 })).body).toMatchObject({ pushRepeats: 2 });
    expect((await send("PATCH", "/emulator/settings", { pushHmacPrefix: "a\nb" })).status).toBe(400);
    await open();
    await pushes.settled();
    expect(received).toHaveLength(2);
  });
});
