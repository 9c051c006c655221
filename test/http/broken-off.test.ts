import { expect, it } from "vitest";
import { createWorld, SECRET } from "../support/world.ts";

it("takes nothing of a body that breaks off, and counts it as the caller's failure, not as ours", async () => {
  const world = createWorld();
  const body = new ReadableStream({
    pull: (controller) => controller.error(Object.assign(new Error("aborted"), { code: "ECONNRESET" })),
  });
  const headers = { authorization: `Bearer ${SECRET}` };
  const response = await world.request("/v1/bots/shop-assistant/events", {
    method: "POST",
    headers,
    body,
    duplex: "half",
  });
  expect(response.status).toBe(400);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(world.operations()).toEqual([]);
});
