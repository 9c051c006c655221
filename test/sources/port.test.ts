import { describe, expect, it } from "vitest";
import { createDoor } from "../support/door.ts";
import { parrot } from "./parrot/parrot.ts";

const post = (body: unknown, headers: Record<string, string> = {}) =>
  createDoor({ sources: new Map([["parrot", parrot]]) }).post("/webhooks/parrot", body, headers);
const read = async (pending: ReturnType<typeof post>) => {
  const { status, text, headers } = await pending;
  return { status, body: JSON.parse(text) as unknown, type: headers.get("content-type") };
};

describe("a source that is added", () => {
  it("answers in its own form", async () => {
    expect(await read(post({ cage: "c1", squawk: "hello" }))).toMatchObject({
      status: 200,
      body: { perch: "bot", say: null },
    });
    expect(await read(post({ cage: "c1", squawk: "a human, please" }))).toMatchObject({
      status: 200,
      body: { perch: "queue", say: expect.stringContaining("colleague") },
    });
  });

  it("has an answer of its own for what says nothing of use", async () => {
    expect(await read(post({ cage: "c1", squawk: "" }))).toMatchObject({ status: 200, body: { perch: "quiet" } });
  });

  it("sees the headers", async () => {
    expect(await read(post({ squawk: "hello" }, { "x-cage": "c2" }))).toMatchObject({ body: { perch: "bot" } });
  });

  it("refuses in its own form, whatever the reason", async () => {
    expect(await read(post("{"))).toEqual({
      status: 422,
      body: { feathers: "The body cannot be read" },
      type: "application/json",
    });
    expect(await read(post({ squawk: "hello" }))).toMatchObject({
      status: 422,
      body: { feathers: expect.any(String) },
    });
    expect(await read(post({ cage: "c1", squawk: "x".repeat(2_000) }))).toMatchObject({
      status: 413,
      body: { feathers: "The body is too large" },
    });
    expect(await read(post({ cage: [[[["c1"]]]] }))).toMatchObject({ status: 422 });
    expect(await read(post({}, { authorization: "Bearer wrong" }))).toMatchObject({
      status: 401,
      body: { feathers: expect.any(String) },
    });
  });

  it("leaves the others as they are", async () => {
    const reply = await createDoor().webhook("parrot", {});
    expect([reply.status, reply.text]).toEqual([404, expect.stringContaining("unknown-source")]);
  });
});
