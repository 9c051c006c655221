import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { beforeAll, expect, it } from "vitest";
import { TOLD_BOT } from "./flows.ts";
import { calls, request, stubFor } from "./objects.ts";

const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const network = globalThis.fetch;
const told: (string | null)[] = [];
let status = 503;

beforeAll(async () => {
  expect((await request("/readyz")).status).toBe(200);
  // The bot's own endpoint.
  globalThis.fetch = async (input, init) => {
    const sent = new Request(input, init);
    if (new URL(sent.url).host !== "bot.example") return network(sent);
    told.push(sent.headers.get("traceparent"));
    // A second try comes no sooner than this.
    return new Response(null, { status, headers: { "retry-after": "6" } });
  };
  return () => {
    globalThis.fetch = network;
  };
});

const ask = (session: string, traceparent: string) =>
  request(`/v1/bots/${TOLD_BOT}/handoffs`, {
    method: "POST",
    headers: { authorization: "Bearer development-secret", traceparent },
    body: JSON.stringify({ session }),
  });
const route = async (conversationId: string) =>
  (await calls()).find(({ path }) => path.endsWith(`${conversationId}/route`)) as { traceparent?: string } | undefined;

it("sends the trace of a request with its handoff's calls and callbacks, also by a later instance of the object", async () => {
  const answer = await ask("traced", TRACEPARENT);
  expect(answer.status).toBe(201);
  const { conversationId } = (await answer.json()) as { conversationId: string };
  expect((await route(conversationId))?.traceparent).toBe(TRACEPARENT);
  await expect.poll(() => told).toEqual([TRACEPARENT]);

  const stub = stubFor(TOLD_BOT, "traced");
  await evictDurableObject(stub);
  expect(told).toHaveLength(1);
  status = 200;
  await expect
    .poll(
      async () => {
        await runDurableObjectAlarm(stub);
        return told;
      },
      { interval: 500, timeout: 20_000 },
    )
    .toEqual([TRACEPARENT, TRACEPARENT]);
});

it("ignores an invalid one", async () => {
  told.length = 0;
  status = 200;
  const { conversationId } = (await (await ask("untraced", "00-1-2-3")).json()) as { conversationId: string };
  expect(await route(conversationId)).toBeDefined();
  expect((await route(conversationId))?.traceparent).toBeUndefined();
  await expect.poll(() => told).toEqual([null]);
});
