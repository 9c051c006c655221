import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import type { OutgoingRequest } from "../../src/callbacks/sender.ts";
import type { AccountHealth } from "../../src/handoff/account/account-health.ts";
import { createAccountAlerts } from "../../src/worker/objects/account-alerts.ts";
import { createSessionRuntime } from "../../src/worker/session/session-runtime.ts";
import { ask, BOT, createEvent, OPERATOR, over, request, shown, take } from "./objects.ts";

const LOOK_MS = 30_000;
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const healthy: AccountHealth = {
  account: "default",
  since: 0,
  state: "open",
  heldUntil: null,
  lastFailure: null,
  lastSuccessAt: null,
  circuitOpenedAt: null,
  lastPushAt: null,
  unheardSince: null,
};

beforeAll(async () => {
  expect((await request("/readyz")).status).toBe(200);
});

/** The platform refuses to open the next conversation. */
const refuseNext = async (): Promise<void> => {
  const fault = { operation: "createConversation", kind: "status", status: 400 };
  const answer = await request("/emulator/faults", { method: "POST", body: JSON.stringify(fault) });
  expect(answer.ok).toBe(true);
};
const listed = async (): Promise<string[]> => {
  const answer = await request("/v1/handoffs?state=parked", { headers: OPERATOR });
  return ((await answer.json()) as { handoffs: { id: string }[] }).handoffs.map(({ id }) => id);
};

it("tells the webhook of a parked handoff, once, and when it is over, and keeps nothing then", async () => {
  await refuseNext();
  const { handoffId: id } = await take("to-be-parked", ask);
  await expect.poll(listed).toEqual([id]);
  await runInDurableObject(env.ACCOUNTS.getByName("alerts"), async (_, { storage }) => {
    let at = Date.now();
    const posts: OutgoingRequest[] = [];
    const create = () =>
      createAccountAlerts({
        ...{ account: "default", storage, d1: env.READ_MODEL, health: () => healthy },
        webhook: {
          url: "https://pager.example/alerts",
          secrets: ["the secret of the alerts' webhook"],
          send: async (message) => {
            posts.push(message);
            return { kind: "answered", status: 204, retryAfter: null };
          },
        },
        ...{ publicUrl: "https://baton.example", now: () => at, steady: () => at, log },
      });
    const told = () => posts.map(({ body }) => JSON.parse(body)).map(({ type, subject }) => `${type} ${subject}`);
    const alerts = create();
    // Nobody woke it.
    expect(await alerts.look()).toBeNull();
    expect([...(await storage.list())]).toEqual([]);
    expect(await alerts.open()).toEqual([]);

    await alerts.wakeAt(at + 1_000);
    expect(await alerts.look()).toBe(at + 1_000);
    expect(told()).toEqual([]);
    at += 1_000;
    expect(await alerts.look()).toBe(at + LOOK_MS);
    expect(told()).toEqual([`alert.opened handoff-parked/${id}`]);
    expect(posts[0]?.headers["webhook-signature"]).toMatch(/^v1,/);

    // Another instance goes on where this one was.
    const later = create();
    expect(await later.open()).toMatchObject([{ code: "handoff-parked", handoffId: id }]);
    at += LOOK_MS;
    expect(await later.look()).toBe(at + LOOK_MS);
    expect(told()).toHaveLength(1);
    await request(`/v1/handoffs/${id}/retry`, { method: "POST", headers: OPERATOR });
    await expect.poll(async () => (await shown(id ?? "")).state).toBe("routed");
    await expect.poll(listed).toEqual([]);
    at += LOOK_MS;
    expect(await later.look()).toBeNull();
    expect(await later.open()).toEqual([]);
    expect(told()).toEqual([`alert.opened handoff-parked/${id}`, `alert.over handoff-parked/${id}`]);
    expect([...(await storage.list())]).toEqual([]);
  });
});

it("is woken by a session that has an alert, and by nothing else", async () => {
  const woken: string[] = [];
  const stubOf = (name: string) =>
    new Proxy(env.ACCOUNTS.getByName(name), {
      get(target, method) {
        if (method === "lookForAlerts") return async () => void woken.push(name);
        return (...args: unknown[]) => Reflect.get(target, method)(...args);
      },
    });
  const accounts = over(env.ACCOUNTS as object, { getByName: stubOf } as object);
  const configured = {
    ...env,
    ACCOUNTS: accounts as typeof env.ACCOUNTS,
    ALERT_WEBHOOK_URL: "https://pager.example/alerts",
    ALERT_WEBHOOK_SECRETS: '["the secret of the alerts webhook"]',
  };
  await runInDurableObject(env.SESSIONS.get(env.SESSIONS.newUniqueId()), async (_, state) => {
    const home = createSessionRuntime(state, configured);
    const say = (session: string) =>
      home.take(BOT, "baton", [{ event: createEvent(session, ask), hasSenderId: true }], 3_000);
    await say("goes-well");
    expect(woken).toEqual([]);
  });
  await refuseNext();
  await runInDurableObject(env.SESSIONS.get(env.SESSIONS.newUniqueId()), async (_, state) => {
    const home = createSessionRuntime(state, configured);
    await home.take(BOT, "baton", [{ event: createEvent("goes-ill", ask), hasSenderId: true }], 3_000);
    await expect.poll(() => woken).toEqual(["default"]);
  });
});
