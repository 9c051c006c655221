import { describe, expect, it } from "vitest";
import { SUBSCRIBABLE_EVENTS } from "../../src/infobip/subscription-schema.ts";
import { createAccount, refusal } from "./create-account.ts";

const ROOT = "/subscriptions/1";
const OURS = `${ROOT}/subscription/CUSTOMER_ENGAGEMENT`;
const NOT_FOUND = refusal("NOT_FOUND", "Not found");
const HMAC = { type: "HMAC", credentials: { secretKey: "s", algorithm: "HMAC_SHA_256" } };
const WEBHOOK = { notifyUrl: "https://baton.example/v1/infobip/default/events" };
const invalid = (field: string, text = expect.any(String)) =>
  refusal("BAD_REQUEST", "Bad request", { [field]: [text] });

/** Creates security, profile and subscription, each by its own call. */
async function subscribed() {
  const received: { url: string; signature: string | null; type: string }[] = [];
  const account = createAccount({
    deliver: async (request) => {
      const { type } = (await request.json()) as { type: string };
      received.push({ url: request.url, signature: request.headers.get("x-hub-signature"), type });
      return new Response(null);
    },
  });
  const { send } = account;
  const security = await send("POST", `${ROOT}/security`, { authId: "auth", ...HMAC });
  const profile = await send("POST", `${ROOT}/profiles`, {
    profileId: "profile",
    webhook: WEBHOOK,
    security: { authId: "auth" },
    maxBucketSize: 1,
  });
  const subscription = await send("POST", OURS, {
    subscriptionId: "ours",
    name: "Ours",
    events: ["CONVERSATION_CREATED", "DELIVERY"],
    profile: { profileId: "profile" },
  });
  return { ...account, received, answers: [security, profile, subscription] };
}

describe("a subscription", () => {
  it("is made of a security, a profile and itself, as documented", async () => {
    const { answers, send } = await subscribed();
    const reference = { profileId: "profile", security: { authId: "auth" } };
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [201, { authId: "auth" }],
      [201, reference],
      [201, { subscriptionId: "ours", profile: reference }],
    ]);
    expect((await send("GET", `${ROOT}/security/auth`)).body).toEqual({ authId: "auth", ...HMAC });
    expect((await send("GET", `${ROOT}/profiles/profile`)).body).toEqual({
      profileId: "profile",
      webhook: WEBHOOK,
      security: { authId: "auth" },
      maxBucketSize: 1,
    });
    // An event of another channel is ignored.
    const shown = { subscriptionId: "ours", name: "Ours", events: ["CONVERSATION_CREATED"], profile: reference };
    expect((await send("GET", `${OURS}/ours`)).body).toEqual(shown);
    expect((await send("GET", OURS)).body).toEqual({
      results: [shown],
      paging: { page: 0, size: 20, totalPages: 1, totalResults: 1 },
    });
  });

  it("is told of what it named, signed, until it is deleted", async () => {
    const { emulator, open, send, received } = await subscribed();
    await open();
    await emulator.pushes.settled();
    expect(received).toEqual([
      {
        url: WEBHOOK.notifyUrl,
        signature: expect.stringMatching(/^SHA256=[0-9a-f]{64}$/),
        type: "CONVERSATION_CREATED",
      },
    ]);
    expect((await send("DELETE", `${OURS}/ours`)).body).toMatchObject({ subscriptionId: "ours" });
    await open();
    await emulator.pushes.settled();
    expect(received).toHaveLength(1);
  });

  it("can be made in one call", async () => {
    const { send } = createAccount();
    const made = await send("POST", `${ROOT}/subscription/AGENT_OS`, {
      subscriptionId: "all",
      events: SUBSCRIBABLE_EVENTS,
      profile: { profileId: "p", webhook: WEBHOOK, security: { authId: "a", ...HMAC } },
    });
    expect([made.status, made.body]).toEqual([
      201,
      { subscriptionId: "all", profile: { profileId: "p", security: { authId: "a" } } },
    ]);
    // The subscription belongs to the channel that it was created for.
    expect((await send("GET", `${OURS}/all`)).status).toBe(404);
  });

  it("changes with its profile and its security", async () => {
    const { emulator, open, send, received } = await subscribed();
    const elsewhere = { notifyUrl: "https://elsewhere.example/" };
    const basic = { type: "BASIC", credentials: { username: "u", password: "p" } };
    expect((await send("PUT", `${ROOT}/security/auth`, basic)).body).toEqual({ authId: "auth" });
    expect((await send("PUT", `${ROOT}/profiles/profile`, { webhook: elsewhere })).body).toEqual({
      profileId: "profile",
      security: { authId: "auth" },
    });
    const changed = { name: "New", events: ["CONVERSATION_STATUS_UPDATED"], profile: { profileId: "profile" } };
    expect((await send("PUT", `${OURS}/ours`, changed)).status).toBe(200);
    await open();
    const id = await open();
    await send("PATCH", `/ccaas/1/conversations/${id}`, { status: "SOLVED" });
    await emulator.pushes.settled();
    expect(received).toEqual([{ url: elsewhere.notifyUrl, signature: null, type: "CONVERSATION_STATUS_UPDATED" }]);
  });

  it("is listed with the others, the newest first, by page and size", async () => {
    const { send } = await subscribed();
    for (const subscriptionId of ["b", "c"]) {
      await send("POST", OURS, { subscriptionId, events: [], profile: { profileId: "profile" } });
    }
    const page = async (query: string) => (await send("GET", `${OURS}?${query}`)).body;
    expect(await page("size=2")).toMatchObject({
      results: [{ subscriptionId: "c" }, { subscriptionId: "b" }],
      paging: { page: 0, size: 2, totalPages: 2, totalResults: 3 },
    });
    expect(await page("size=2&page=1")).toMatchObject({ results: [{ subscriptionId: "ours" }] });
    expect(await page("size=101")).toEqual(invalid("size"));
    expect(await page("page=x")).toEqual(invalid("page"));
    expect((await send("GET", `${ROOT}/profiles`)).body.paging.totalResults).toBe(1);
    expect((await send("GET", `${ROOT}/security`)).body.paging.totalResults).toBe(1);
  });
});

describe("the Subscriptions API refuses", () => {
  const profile = { profileId: "profile" };
  it.each([
    ["an id with a slash", "POST", OURS, { subscriptionId: "a/b", events: [], profile }, "subscriptionId"],
    ["an id that is there", "POST", OURS, { subscriptionId: "ours", events: [], profile }, "subscriptionId"],
    ["no events", "POST", OURS, { subscriptionId: "x", profile }, "events"],
    [
      "an unknown profile",
      "POST",
      OURS,
      { subscriptionId: "x", events: [], profile: { profileId: "y" } },
      "profile.profileId",
    ],
    ["another channel", "POST", `${ROOT}/subscription/SMS`, { subscriptionId: "x", events: [], profile }, "channel"],
    ["a profile that is there", "POST", `${ROOT}/profiles`, { ...profile, webhook: WEBHOOK }, "profileId"],
    ["no address", "POST", `${ROOT}/profiles`, { profileId: "x", webhook: {} }, "webhook.notifyUrl"],
    [
      "an address that is none",
      "PUT",
      `${ROOT}/profiles/profile`,
      { webhook: { notifyUrl: "ftp://x" } },
      "webhook.notifyUrl",
    ],
    [
      "an address that is too long",
      "POST",
      `${ROOT}/profiles`,
      { profileId: "x", webhook: { notifyUrl: `https://x/${"x".repeat(512)}` } },
      "webhook.notifyUrl",
    ],
    [
      "an unknown security",
      "POST",
      `${ROOT}/profiles`,
      { profileId: "x", webhook: WEBHOOK, security: { authId: "y" } },
      "security.authId",
    ],
    ["a security that is there", "POST", `${ROOT}/security`, { authId: "auth", ...HMAC }, "authId"],
    [
      "an unknown algorithm",
      "POST",
      `${ROOT}/security`,
      { authId: "x", type: "HMAC", credentials: { secretKey: "s", algorithm: "ROT13" } },
      "credentials.algorithm",
    ],
    ["a kind it does not do", "PUT", `${ROOT}/security/auth`, { type: "OAUTH" }, "type"],
    ["to delete a profile in use", "DELETE", `${ROOT}/profiles/profile`, undefined, "profileId"],
    ["to delete a security in use", "DELETE", `${ROOT}/security/auth`, undefined, "authId"],
  ])("%s", async (_, method, path, body, field) => {
    const { send, emulator } = await subscribed();
    const before = JSON.stringify(
      [emulator.state.subscriptions, emulator.state.profiles, emulator.state.securities].map((it) => [...it]),
    );
    const refused = await send(method, path, body);
    expect([refused.status, refused.body]).toEqual([400, invalid(field)]);
    expect(
      JSON.stringify(
        [emulator.state.subscriptions, emulator.state.profiles, emulator.state.securities].map((it) => [...it]),
      ),
    ).toBe(before);
  });

  it.each(["GET", "PUT", "DELETE"])("what it does not know, to %s it", async (method) => {
    const { send } = createAccount();
    const body = method === "PUT" ? {} : undefined;
    for (const path of [`${OURS}/x`, `${ROOT}/profiles/x`, `${ROOT}/security/x`]) {
      const refused = await send(method, path, body);
      expect([refused.status, refused.body]).toEqual([404, NOT_FOUND]);
    }
  });

  it("keys without its own scope, as Conversations refuse keys with that alone", async () => {
    const keys = { manager: ["conversations:manage" as const], subscriber: ["subscriptions:manage" as const] };
    const { send } = createAccount({ settings: { keys } });
    const status = async (path: string, key: string) =>
      (await send("GET", path, undefined, { authorization: `App ${key}` })).status;
    expect([await status(OURS, "manager"), await status(OURS, "subscriber")]).toEqual([403, 200]);
    expect([await status("/ccaas/1/tags", "manager"), await status("/ccaas/1/tags", "subscriber")]).toEqual([200, 403]);
  });

  it("an unknown path, as its own", async () => {
    const { send, emulator } = createAccount();
    expect((await send("GET", "/subscriptions/2/anything")).status).toBe(404);
    expect(emulator.calls).toMatchObject([{ operation: null, path: "/subscriptions/2/anything" }]);
  });

  it("what a fault is meant for", async () => {
    const { send, emulator } = createAccount();
    emulator.faults.add({ operation: "createSecurity", kind: "status", status: 409, when: "after" });
    expect((await send("POST", `${ROOT}/security`, { authId: "a", ...HMAC })).status).toBe(409);
    expect(emulator.state.securities.has("a")).toBe(true);
  });
});
