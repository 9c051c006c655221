import { describe, expect, it } from "vitest";
import { createDoor } from "../support/door.ts";
import { OPERATOR_TOKEN } from "../support/world.ts";

const NEXT = "must be what the page before told as next";

describe("a query of an operator", () => {
  it.each([
    ["GET", "/v1/handoffs?limit=0", "limit", expect.stringContaining(">=1")],
    ["GET", "/v1/handoffs?state=lost", "state", expect.stringContaining('"parked"')],
    ["GET", "/v1/handoffs?bot=a&bot=b", "bot", expect.stringContaining("array")],
    ["POST", "/v1/handoffs/retry?limit=x", "limit", expect.any(String)],
    ["GET", "/v1/audit?before=-1", "before", expect.stringContaining(">=0")],
    ["GET", "/v1/bots/shop-assistant/sessions/chat-1/export?after=x", "after", NEXT],
    ["GET", "/v1/bots/shop-assistant/sessions/chat-1/export?after=1.5", "after", NEXT],
    ["GET", "/v1/tail/none?after=-1", "after", NEXT],
    ["POST", "/v1/tail?bot=a&bot=b", "bot", expect.stringContaining("array")],
  ])("%s %s is refused by a problem that names the field", async (method, path, field, message) => {
    const door = createDoor();
    const answer = await door.request(path, { method, headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect([answer.status, await answer.json()]).toEqual([
      422,
      {
        type: "urn:baton:problem:invalid-event",
        title: expect.any(String),
        status: 422,
        issues: [{ field, message }],
        requestId: expect.any(String),
      },
    ]);
  });

  it("is looked at only once the operator is known", async () => {
    const door = createDoor();
    expect((await door.request("/v1/handoffs?limit=0")).status).toBe(401);
  });

  it("is not looked at where there is no such act", async () => {
    const door = createDoor();
    const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` };
    expect((await door.request("/v1/handoffs/lose?limit=x", { method: "POST", headers })).status).toBe(405);
  });
});
