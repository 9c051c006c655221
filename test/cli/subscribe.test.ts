import { beforeAll, describe, expect, it } from "vitest";
import { type EmulatorServer, startEmulator } from "../../src/node.ts";
import { run } from "../support/command-line.ts";

const URL_OF_OURS = "https://baton.example/v1/infobip/default/events";

let platform: EmulatorServer;
let env: Record<string, string>;
beforeAll(async () => {
  platform = await startEmulator(0);
  env = {
    INFOBIP_BASE_URL: platform.url,
    INFOBIP_API_KEY: "k",
    INFOBIP_WEBHOOK_SECRETS: '["new secret","old secret"]',
  };
  return () => platform.stop();
});

const subscribe = (args: readonly string[], more: Record<string, string> = {}) =>
  run(["subscribe", ...args], { ...env, ...more });
const made = () => {
  const { subscriptions, profiles, securities } = platform.emulator.state;
  return {
    subscriptions: [...subscriptions.values()],
    profiles: [...profiles.values()],
    securities: [...securities.values()],
  };
};

describe("baton subscribe", () => {
  it("makes a subscription once, changes it from then on, and takes it back", async () => {
    const first = await subscribe(["--url", URL_OF_OURS]);
    expect(first).toEqual({ code: 0, output: expect.stringMatching(/'baton-default' is made[\s\S]*STATUS_UPDATED/) });
    expect(first.output).not.toContain('secret"');
    expect(made()).toMatchObject({
      subscriptions: [{ subscriptionId: "baton-default", profileId: "baton-default", events: { length: 6 } }],
      profiles: [{ webhook: { notifyUrl: URL_OF_OURS }, authId: "baton-default" }],
      securities: [{ type: "HMAC", credentials: { secretKey: "new secret", algorithm: "HMAC_SHA_256" } }],
    });

    const moved = "https://moved.example/v1/infobip/default/events";
    const again = await subscribe(["--url", moved, "--auth", "basic", "--json"]);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.output)).toMatchObject({
      subscriptionId: "baton-default",
      done: "brought up to date",
      url: moved,
    });
    expect(made()).toMatchObject({
      subscriptions: [{ subscriptionId: "baton-default" }],
      profiles: [{ webhook: { notifyUrl: moved } }],
      securities: [{ type: "BASIC", credentials: { username: "default", password: "new secret" } }],
    });

    expect((await subscribe(["list"])).output).toMatch(/baton-default\s+6\s+https:\/\/moved\.example/);
    expect(JSON.parse((await subscribe(["list", "--json"])).output)).toMatchObject([
      { subscriptionId: "baton-default", url: moved },
    ]);

    expect(await subscribe(["--url", moved, "--auth", "bearer"])).toEqual({
      code: 1,
      output: expect.stringMatching(/subscribe remove baton-default/),
    });
    expect(await subscribe(["remove", "baton-default"])).toEqual({
      code: 0,
      output: expect.stringMatching(/subscription[\s\S]*profile[\s\S]*security/),
    });
    expect(made()).toEqual({ subscriptions: [], profiles: [], securities: [] });
    expect(await subscribe(["remove", "baton-default"])).toEqual({
      code: 1,
      output: expect.stringMatching(/no subscription/),
    });
    expect((await subscribe(["list"])).output).toMatch(/No subscription/);
  });

  it("gives the secret as a bearer token in a header of the profile", async () => {
    const done = await subscribe(
      ["--url", URL_OF_OURS, "--auth", "bearer", "--name", "by-token", "--secret-from-env", "MINE"],
      {
        MINE: '["token"]',
      },
    );
    expect(done.code, done.output).toBe(0);
    expect(made()).toMatchObject({
      profiles: [{ headers: { Authorization: "Bearer token" }, authId: null }],
      securities: [],
    });
    expect((await subscribe(["remove", "by-token"])).code).toBe(0);
  });

  it.each(["hmac", "basic", "bearer"])(
    "shows with --dry-run what it would send, by %s, without secrets, and sends nothing",
    async (auth) => {
      const before = platform.emulator.calls.length;
      const shown = await subscribe(["--url", URL_OF_OURS, "--dry-run", "--auth", auth]);
      expect(shown.code).toBe(0);
      expect(shown.output).toMatch(
        /POST \/subscriptions\/1\/profiles[\s\S]*POST \/subscriptions\/1\/subscription\/CUSTOMER_ENGAGEMENT/,
      );
      expect(shown.output).toContain("***");
      expect(shown.output).not.toContain("new secret");
      const json = JSON.parse((await subscribe(["--url", URL_OF_OURS, "--dry-run", "--json", "--auth", auth])).output);
      expect(json).toHaveLength(auth === "bearer" ? 2 : 3);
      expect(platform.emulator.calls).toHaveLength(before);
    },
  );

  it.each([
    ["no address", [], {}, /--url is missing/],
    ["an address that is none", ["--url", "here"], {}, /--url is not an address/],
    ["an address in the clear", ["--url", "http://baton.example/events"], {}, /must begin with https/],
    ["an address with a password", ["--url", "https://u:p@baton.example/events"], {}, /must not contain a user/],
    ["an address without a path", ["--url", "https://baton.example"], {}, /lacks its path/],
    ["a long address", ["--url", `${URL_OF_OURS}?${"x".repeat(512)}`], {}, /512/],
    ["a name that is a path", ["--url", URL_OF_OURS, "--name", "a/b"], {}, /--name/],
    ["an unknown proof", ["--url", URL_OF_OURS, "--auth", "magic"], {}, /--auth must be/],
    ["no secret", ["--url", URL_OF_OURS], { INFOBIP_WEBHOOK_SECRETS: "" }, /not set[\s\S]*openssl/],
    ["a secret that is no list", ["--url", URL_OF_OURS], { INFOBIP_WEBHOOK_SECRETS: "hush" }, /is not JSON/],
    ["an empty list", ["--url", URL_OF_OURS], { INFOBIP_WEBHOOK_SECRETS: "[]" }, /JSON list/],
    ["a secret that is too long", ["--url", URL_OF_OURS], { INFOBIP_WEBHOOK_SECRETS: `["${"x".repeat(256)}"]` }, /255/],
    ["no secret of another account", ["--url", URL_OF_OURS, "--account", "shop"], {}, /INFOBIP_SHOP_WEBHOOK_SECRETS/],
  ])("ends with 2 for %s", async (_, args, more, said) => {
    const refused = await subscribe(args, more);
    expect(refused).toEqual({ code: 2, output: expect.stringMatching(said) });
    expect(refused.output).not.toMatch(/hush/);
  });

  it.each([
    ["a key that is refused", "other", 401, /refuses the API key of account 'default' \(401\)/],
    ["a key without the scope", "k", 403, /\(403\)[\s\S]*subscriptions:manage/],
  ])("ends with 1 for %s", async (_, key, _status, said) => {
    platform.emulator.settings.keys = { k: ["conversations:manage"] };
    const refused = await subscribe(["--url", URL_OF_OURS], { INFOBIP_API_KEY: key });
    platform.emulator.settings.keys = null;
    expect(refused).toEqual({ code: 1, output: expect.stringMatching(said) });
  });

  it.each([
    ["something there already", { kind: "status" as const, status: 409 }, /exists already \(409\)/],
    [
      "a race that somebody else won",
      { kind: "status" as const, status: 400, text: "Subscription already exists" },
      /exists already \(400\)/,
    ],
    ["an answer that is lost", { kind: "reset" as const, when: "after" as const }, /unknown[\s\S]*Run it again/],
  ])("ends with 1 for %s, and is done when run again", async (_, fault, said) => {
    platform.emulator.faults.add({ operation: "createSubscription", ...fault });
    const refused = await subscribe(["--url", URL_OF_OURS, "--name", "again"]);
    expect(refused).toEqual({ code: 1, output: expect.stringMatching(said) });
    expect((await subscribe(["--url", URL_OF_OURS, "--name", "again"])).code).toBe(0);
    expect(made().subscriptions).toHaveLength(1);
    expect((await subscribe(["remove", "again"])).code).toBe(0);
  });
});
