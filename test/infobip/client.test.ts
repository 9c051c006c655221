import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { toBaseUrl } from "../../src/infobip/base-url.ts";
import { createConversationsClient } from "../../src/infobip/client.ts";
import { refusalOf } from "../../src/infobip/errors.ts";
import { notSentCode } from "../../src/infobip/network-error.ts";
import { retryAfterMs } from "../../src/infobip/retry-after.ts";
import { createNodeTransport, type NodeTransport } from "../../src/infobip/transport/node-transport.ts";
import { fc } from "../fuzz/fast-check.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const CONVERSATION = { id: "c1", status: "OPEN", topic: "t", agentId: null };
const exception = (messageId: string, text: string) => ({ requestError: { serviceException: { messageId, text } } });

let server: Server | undefined;
let transport: NodeTransport | undefined;
afterEach(async () => {
  await transport?.close();
  server?.closeAllConnections();
  server?.close();
  transport = undefined;
  server = undefined;
});

interface Seen {
  method: string | undefined;
  url: string | undefined;
  body: string;
  headers: IncomingMessage["headers"];
}

async function clientOf(answer: (seen: Seen, response: ServerResponse) => void, timeoutMs = 2_000) {
  const seen: Seen[] = [];
  const started = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = {
      method: request.method,
      url: request.url,
      body: Buffer.concat(chunks).toString(),
      headers: request.headers,
    };
    seen.push(one);
    answer(one, response);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  transport = createNodeTransport();
  const { port } = started.address() as AddressInfo;
  const client = createConversationsClient({
    baseUrl: `http://127.0.0.1:${port}`,
    apiKey: "key",
    fetch: transport.fetch,
    transport: transport.exchange,
    now: () => NOW,
    timeoutMs,
  });
  return { client, seen };
}

const json = (response: ServerResponse, body: unknown, status = 200, headers = {}): void => {
  response.writeHead(status, { "content-type": "application/json", "x-request-id": "r1", ...headers });
  response.end(JSON.stringify(body));
};

describe("the client over real sockets", () => {
  it("creates with the documented request", async () => {
    const { client, seen } = await clientOf((_, response) => json(response, CONVERSATION));
    const outcome = await client.create({ topic: "t", priority: "HIGH" });
    expect(outcome).toMatchObject({ kind: "ok", value: { id: "c1" }, call: { status: 200, requestId: "r1" } });
    expect(seen[0]).toMatchObject({
      method: "POST",
      url: "/ccaas/1/conversations",
      headers: { authorization: "App key", accept: "application/json", "content-type": "application/json" },
    });
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({ topic: "t", priority: "HIGH" });
  });

  it("routes without a body and takes whatever the answer holds", async () => {
    const answers = [CONVERSATION, { conversations: [CONVERSATION] }, {}, null];
    const { client, seen } = await clientOf((_, response) => {
      const answer = answers[seen.length - 1];
      if (answer === null) response.writeHead(200).end();
      else json(response, answer);
    });
    const outcomes = [
      await client.route("c1"),
      await client.route("c1"),
      await client.route("c1"),
      await client.route("c1"),
    ];
    expect(outcomes.map((outcome) => outcome.kind === "ok" && (outcome.value?.id ?? null))).toEqual([
      "c1",
      "c1",
      null,
      null,
    ]);
    expect(seen[0]).toMatchObject({ method: "POST", url: "/ccaas/1/conversations/c1/route", body: "" });
  });

  it("keeps an id inside its part of the path, and sends nothing for one that is a path", async () => {
    const { client, seen } = await clientOf((_, response) => json(response, CONVERSATION));
    await client.get("../../sms/2 ü");
    expect(seen[0]?.url).toBe("/ccaas/1/conversations/..%2F..%2Fsms%2F2%20%C3%BC");
    expect(await client.get("..")).toMatchObject({ kind: "refused", refusal: { reason: "invalid" } });
    expect(seen).toHaveLength(1);
  });

  it("reads a list to its last page, with the plus of a date encoded", async () => {
    const items = Array.from({ length: 1_500 }, (_, index) => ({ ...CONVERSATION, id: `c${index}` }));
    const { client, seen } = await clientOf((one, response) => {
      const query = new URL(one.url ?? "", "http://x").searchParams;
      const from = Number(query.get("page")) * Number(query.get("limit"));
      json(response, {
        conversations: items.slice(from, from + Number(query.get("limit"))),
        pagination: { totalItems: 1_500, page: Number(query.get("page")), limit: 999 },
      });
    });
    const outcome = await client.list({ createdAfterMs: NOW, status: ["OPEN", "WAITING"] });
    expect(outcome.kind === "ok" && outcome.value.length).toBe(1_500);
    expect(seen).toHaveLength(15);
    expect(seen[0]?.url).toContain("status=OPEN&status=WAITING&createdAfter=2026-11-23T10%3A00%3A00.000%2B0000");
  });

  it.each<[string, (response: ServerResponse) => void, object]>([
    ["a 500", (r) => json(r, exception("GENERAL_ERROR", "Something"), 500), { kind: "unknown", why: "server-error" }],
    ["a 502 in HTML", (r) => r.writeHead(502).end("<html>"), { kind: "unknown", why: "server-error" }],
    ["a 200 that is no JSON", (r) => r.writeHead(200).end("<html>"), { kind: "unknown", why: "unreadable" }],
    ["a 200 of another shape", (r) => json(r, { id: 7 }), { kind: "unknown", why: "unreadable" }],
    ["a 200 far too large", (r) => r.writeHead(200).end("x".repeat(1_100_000)), { kind: "unknown", why: "unreadable" }],
    ["a redirect", (r) => r.writeHead(302, { location: "/x" }).end(), { kind: "unknown", why: "unexpected-status" }],
    ["a lost connection", (r) => r.destroy(), { kind: "unknown", why: "connection-lost" }],
    ["silence", () => undefined, { kind: "unknown", why: "timeout" }],
    ["half an answer", (r) => r.writeHead(200).write("{"), { kind: "unknown", why: "timeout" }],
    [
      "a 200 with ERROR",
      (r) => json(r, { statusCode: "ERROR", message: "m" }),
      { kind: "refused", refusal: { reason: "error-answer", text: "m" } },
    ],
    [
      "a 401",
      (r) => json(r, exception("UNAUTHORIZED", "Unauthorized"), 401),
      { kind: "refused", refusal: { reason: "unauthorized", status: 401 } },
    ],
    [
      "a 429",
      (r) => json(r, {}, 429, { "retry-after": "7" }),
      { kind: "refused", refusal: { reason: "throttled", retryAfterMs: 7_000 } },
    ],
  ])("classes %s", async (_, answer, expected) => {
    const { client } = await clientOf((_seen, response) => answer(response), 200);
    expect(await client.get("c1")).toMatchObject(expected);
  });

  it("knows that a refused connection sent nothing", async () => {
    const { client } = await clientOf((_, response) => json(response, CONVERSATION));
    server?.close();
    server?.closeAllConnections();
    expect(await client.get("c1")).toMatchObject({
      kind: "refused",
      refusal: { reason: "not-sent", code: "ECONNREFUSED" },
    });
  });
});

it("ends in an outcome whatever the platform answers", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 200, max: 599 }), fc.oneof(fc.json(), fc.string()), async (status, body) => {
      const hasBody = ![204, 205, 304].includes(status);
      const client = createConversationsClient({
        baseUrl: "https://x.example",
        apiKey: "k",
        now: () => NOW,
        fetch: async () => new Response(hasBody ? body : null, { status }),
      });
      const outcome = await client.create({});
      if (status >= 500) expect(outcome.kind).toBe("unknown");
      expect(["ok", "refused", "unknown"]).toContain(outcome.kind);
    }),
    { numRuns: 200 },
  );
});

it.each([
  [400, exception("BAD_REQUEST", "Closed conversation cannot be changed"), "closed"],
  [400, exception("NOT_FOUND", "Invalid tagName 'vip' given! No such entity exists."), "unknown-tag"],
  [400, exception("NOT_FOUND", "Invalid id 'x' given! No such entity exists."), "unknown-id"],
  [404, exception("NOT_FOUND", "Not found"), "unknown-id"],
  [400, exception("BAD_REQUEST", "Tag already exists."), "tag-exists"],
  [400, { statusCode: "ERROR", message: "Closed conversation cannot be changed" }, "closed"],
  [400, exception("BAD_REQUEST", "Invalid request body."), "invalid"],
  [413, undefined, "too-large"],
  [403, undefined, "unauthorized"],
])("reads %i %j as %s", (status, body, reason) => {
  expect(refusalOf(status, body, null).reason).toBe(reason);
});

it("reads Retry-After in seconds and as a date, at most ten minutes, and nothing absurd", () => {
  const read = (header: string | null) => retryAfterMs(header, NOW);
  expect([
    read("5"),
    read("Mon, 23 Nov 2026 10:00:30 GMT"),
    read("99999"),
    read("-1"),
    read("soon"),
    read(null),
  ]).toEqual([5_000, 30_000, 600_000, null, null, null]);
});

it("takes a failure for not sent only when every cause says so", () => {
  const failed = (...codes: string[]) => ({ cause: { errors: codes.map((code) => ({ code })) } });
  expect(notSentCode(failed("ECONNREFUSED", "ECONNREFUSED"))).toBe("ECONNREFUSED");
  expect(notSentCode(failed("ECONNREFUSED", "ECONNRESET"))).toBeNull();
  expect(notSentCode(failed("ECONNRESET"))).toBeNull();
  expect(notSentCode(new Error("fetch failed"))).toBeNull();
});

it("accepts a base URL in the forms that people paste", () => {
  expect(toBaseUrl(" XYZ.api.infobip.com/ ")).toEqual({ ok: true, value: "https://xyz.api.infobip.com" });
  expect(toBaseUrl("http://127.0.0.1:9000")).toEqual({ ok: true, value: "http://127.0.0.1:9000" });
  for (const bad of ["http://xyz.api.infobip.com", "https://u:p@x.example", "https://x.example/ccaas", "ftp://x", ""]) {
    expect(toBaseUrl(bad).ok, bad).toBe(false);
  }
});
