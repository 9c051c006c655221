import { describe, expect, it } from "vitest";
import { type Answer, type Body, classifyResponse } from "../../src/infobip/classify-response.ts";
import { conversationSchema, metadataSchema, routeAnswerSchema, statusCodeSchema } from "../../src/infobip/schema.ts";
import { fc } from "../fuzz/fast-check.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const whole = (body: unknown): Body => ({
  kind: "whole",
  text: typeof body === "string" ? body : JSON.stringify(body),
});
const answer = (status: number, body: Body = whole(""), retryAfter: string | null = null): Answer => ({
  status,
  retryAfter,
  body,
});
const closed = {
  requestError: { serviceException: { messageId: "BAD_REQUEST", text: "Closed conversation cannot be changed" } },
};
const cut: Body = { kind: "cut", why: "connection-lost", detail: "ECONNRESET" };

describe("judge", () => {
  it.each([200, 201, 202, 299])("takes a %i whose body has the shape as ok", (status) => {
    expect(
      classifyResponse(answer(status, whole({ id: "c1", status: "OPEN", extra: 1 })), conversationSchema, NOW),
    ).toEqual({
      kind: "ok",
      value: { id: "c1", status: "OPEN" },
    });
  });

  it.each<[string, Body, string]>([
    ["HTML", whole("<html>"), "not JSON"],
    ["half of a JSON", whole('{"id":'), "not JSON"],
    ["nothing", whole(" \n"), "no body"],
    ["too much", { kind: "too-large" }, "over the size cap"],
    ["another shape", whole({ id: "c1", status: 7 }), "status: "],
    ["an error body", whole(closed), "an error body under a success"],
  ])("does not know what a 200 with %s means", (_, body, detail) => {
    const verdict = classifyResponse(answer(200, body), conversationSchema, NOW);
    expect(verdict).toMatchObject({ kind: "unknown", why: "unreadable", detail: expect.stringContaining(detail) });
  });

  it("says where the shape is wrong without quoting what was there", () => {
    const verdict = classifyResponse(answer(200, whole({ id: "c1", status: "+385 91 234" })), conversationSchema, NOW);
    expect(JSON.stringify(verdict)).not.toContain("385");
  });

  it("does not let an error body pass where nearly anything would do", () => {
    for (const schema of [routeAnswerSchema, statusCodeSchema, metadataSchema]) {
      expect(classifyResponse(answer(200, whole(closed)), schema, NOW)).toMatchObject({
        kind: "unknown",
        why: "unreadable",
      });
    }
  });

  it("takes a 200 that carries ERROR as refused, whatever else it has", () => {
    const body = whole({ statusCode: "ERROR", message: "No", id: "c1", status: "OPEN" });
    expect(classifyResponse(answer(200, body), conversationSchema, NOW)).toEqual({
      kind: "refused",
      refusal: { reason: "error-answer", text: "No" },
    });
  });

  it("reads a refusal by what it says", () => {
    expect(classifyResponse(answer(400, whole(closed)), conversationSchema, NOW)).toEqual({
      kind: "refused",
      refusal: { reason: "closed" },
    });
  });

  it("looks up rather than gives up when the reason of a refusal was lost on the way", () => {
    for (const status of [200, 400, 404, 422]) {
      expect(classifyResponse(answer(status, cut), conversationSchema, NOW)).toMatchObject({
        kind: "unknown",
        why: "connection-lost",
        detail: "ECONNRESET",
      });
    }
  });

  it("needs no body for what the status alone says", () => {
    const reasons = [401, 403, 413, 429].map((status) => {
      const verdict = classifyResponse(answer(status, cut, "7"), conversationSchema, NOW);
      return verdict.kind === "refused" ? verdict.refusal : verdict;
    });
    expect(reasons).toEqual([
      { reason: "unauthorized", status: 401 },
      { reason: "unauthorized", status: 403 },
      { reason: "too-large" },
      { reason: "throttled", retryAfterMs: 7_000 },
    ]);
  });

  it.each([300, 301, 302, 303, 304, 307, 308, 402, 406, 408, 409, 418, 423, 424, 425, 499])(
    "does not know what a %i means, whatever the body",
    (status) => {
      for (const body of [whole({ id: "c1", status: "OPEN" }), whole(closed), whole("")]) {
        expect(classifyResponse(answer(status, body), conversationSchema, NOW)).toMatchObject({
          why: "unexpected-status",
        });
      }
    },
  );

  it("does not know what became of a 5xx, even one that sounds like a refusal, and keeps when to come back", () => {
    expect(classifyResponse(answer(503, whole(closed), "30"), conversationSchema, NOW)).toEqual({
      kind: "unknown",
      why: "server-error",
      retryAfterMs: 30_000,
      detail: null,
    });
  });

  it("classes every status, whatever the body: only a 2xx is ok, never is a 5xx or a redirect refused", () => {
    const bodies = fc.oneof(fc.json(), fc.string(), fc.constant(JSON.stringify(closed)));
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), bodies, fc.option(fc.string()), (status, body, retryAfter) => {
        const { kind } = classifyResponse(answer(status, whole(body), retryAfter), statusCodeSchema, NOW);
        if (kind === "ok") expect(Math.floor(status / 100)).toBe(2);
        if (kind === "refused") expect([2, 4]).toContain(Math.floor(status / 100));
        if (status >= 500) expect(kind).toBe("unknown");
      }),
    );
  });
});
