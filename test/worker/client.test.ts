import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createBatonClient } from "../../src/client/client.ts";

it("lets a bot on Workers ask for a person, and tell who has the customer", async () => {
  const baton = createBatonClient({
    ...{ url: "http://127.0.0.1", bot: "shop-assistant", secret: "development-secret" },
    fetch: async (input, init) => exports.default.fetch(new Request(input, init)),
  });
  expect(await baton.session("client-1")).toBeNull();
  const answer = await baton.handoff({ session: "client-1", reason: "the customer asked" });
  expect(answer).toMatchObject({ outcome: "accepted", control: "queue" });
  expect(await baton.session("client-1")).toMatchObject({ control: "queue", handoff: { id: answer.handoffId } });
  const unsigned = {
    headers: { "webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,x" },
    body: "{}",
  };
  expect(await baton.verifyCallback(unsigned)).toBeNull();
});
