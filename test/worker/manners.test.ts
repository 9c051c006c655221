import { exports } from "cloudflare:workers";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const EVENTS = "/v1/bots/shop-assistant/events";
const bearer = { authorization: "Bearer development-secret" };
const text = JSON.stringify({ type: "customer.message", id: "packed", session: "packed", text: "hello" });

const request = (path: string, init?: RequestInit) =>
  exports.default.fetch(new Request(`http://127.0.0.1${path}`, init));
const post = (body: string | Uint8Array<ArrayBuffer>, coding: string) =>
  request(EVENTS, { method: "POST", headers: { ...bearer, "content-encoding": coding }, body });

describe("on Workers, a compressed body", () => {
  it.each([
    ["gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["deflate, gzip", gzipSync(deflateSync(text))],
  ])("is read: %s", async (coding, body) => {
    const answer = await post(body, coding);
    expect([answer.status, ((await answer.json()) as { control: string }).control]).toEqual([200, "bot"]);
  });

  it.each<[string, number, string | Uint8Array<ArrayBuffer>]>([
    ["gzip", 413, gzipSync(new Uint8Array(60_000_000))],
    ["deflate", 413, deflateSync(new Uint8Array(60_000_000))],
    ["gzip", 400, text],
    ["gzip", 400, gzipSync(text).subarray(0, -9)],
    ["br", 415, brotliCompressSync(text)],
  ])("is refused as on Node: %s, %i", async (coding, status, body) => {
    const answer = await post(body, coding);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
  });
});

it("takes a slash too many for none, and says which methods an address takes", async () => {
  expect((await request(`/${EVENTS}/`, { method: "POST", headers: bearer, body: text })).status).toBe(200);
  const other = await request(EVENTS, { method: "PUT", headers: bearer });
  expect([other.status, other.headers.get("allow")]).toEqual([405, "OPTIONS, POST"]);
});

it("has no metrics, and tells operators where to look instead", async () => {
  expect((await request("/metrics")).status).toBe(401);
  const answer = await request("/metrics", { headers: { authorization: "Bearer development-operator" } });
  expect([answer.status, await answer.json()]).toMatchObject([
    404,
    { type: "urn:baton:problem:no-metrics", detail: expect.stringContaining("/console") },
  ]);
});
