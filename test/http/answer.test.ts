import { expect, it } from "vitest";
import { createWorld, SECRET } from "../support/world.ts";

const event = JSON.stringify({ id: "e1", type: "customer.message", session: "s1", text: "hello" });
const authorization = `Bearer ${SECRET}`;

it.each([
  ["GET", "/livez", {}],
  ["HEAD", "/livez", {}],
  ["GET", "/readyz", {}],
  ["GET", "/nowhere", {}],
  ["GET", "/v1/handoffs", {}],
  ["GET", "/v1/bots/shop-assistant/sessions/s1", {}],
  ["POST", "/v1/bots/shop-assistant/events", { headers: { authorization }, body: event }],
  ["POST", "/v1/bots/shop-assistant/events", { headers: { authorization }, body: "no JSON" }],
  ["POST", "/v1/bots/shop-assistant/handoffs", { headers: { authorization }, body: JSON.stringify({ session: "s2" }) }],
  ["POST", "/v1/infobip/default/events", { body: "{}" }],
])("says in the answer to %s %s which request it answers", async (method, path, more) => {
  const world = createWorld();
  const given = await world.request(path, {
    method,
    ...more,
    headers: { ...(more as { headers?: object }).headers, "x-request-id": "mine" },
  });
  expect(given.headers.get("x-request-id")).toBe("mine");
  const own = await world.request(path, { method, ...more });
  expect(own.headers.get("x-request-id")).toMatch(/^\S+$/);
  expect(own.headers.get("content-type")).toMatch(/^application\/(problem\+)?json$/);
});
