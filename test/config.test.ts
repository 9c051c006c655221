import { describe, expect, it } from "vitest";
import { parseConfig } from "../src/config.ts";

const account = { INFOBIP_BASE_URL: "xyz.api.infobip.com/", INFOBIP_API_KEY: "key" };
const GOOD = "sixteen bytes, 1";
const secrets = {
  BOT_SECRETS: JSON.stringify({ "shop-assistant": [GOOD, `${GOOD}0`] }),
  OPERATOR_TOKEN: `${GOOD} of an operator`,
};
const problems = (env: Record<string, string>): string[] => {
  const config = parseConfig(env);
  return config.ok ? [] : config.error;
};

describe("parseConfig", () => {
  it("takes the emulator on loopback where nothing is set", () => {
    const config = parseConfig({});
    expect(config).toMatchObject({
      ok: true,
      value: { host: "127.0.0.1", port: 8787, botSecrets: null, operators: [] },
    });
    expect(config.ok && config.value.accounts.size).toBe(0);
  });

  it("takes accounts by name, their base URLs as they are pasted, and several secrets a bot", () => {
    const config = parseConfig({
      ...account,
      ...secrets,
      INFOBIP_EU_BASE_URL: "https://eu.api.infobip.com",
      INFOBIP_EU_API_KEY: "k",
      INFOBIP_EU_WEBHOOK_SECRETS: JSON.stringify([`${GOOD}w1`, `${GOOD}w0`]),
      INFOBIP_EU_POLL_SECONDS: "0",
    });
    const none = { webhookSecrets: [], pollEveryMs: null };
    expect(config.ok && [...config.value.accounts]).toEqual([
      ["default", { baseUrl: "https://xyz.api.infobip.com", apiKey: "key", ...none }],
      [
        "eu",
        {
          baseUrl: "https://eu.api.infobip.com",
          apiKey: "k",
          webhookSecrets: [`${GOOD}w1`, `${GOOD}w0`],
          pollEveryMs: 0,
        },
      ],
    ]);
    expect(config.ok && config.value.botSecrets?.get("shop-assistant")).toEqual([GOOD, `${GOOD}0`]);
  });

  it("reads secrets from a file's content, and the variable wins", () => {
    const config = parseConfig({}, '{"b":["from file"]}');
    expect(config.ok && config.value.botSecrets?.get("b")).toEqual(["from file"]);
    const both = parseConfig(secrets, '{"b":["from file"]}');
    expect(both.ok && both.value.botSecrets?.has("b")).toBe(false);
  });

  it("takes the webhook of alerts with its secrets, and the public address without its slash", () => {
    const config = parseConfig({
      ALERT_WEBHOOK_URL: "http://pager.internal:9000/a",
      ALERT_WEBHOOK_SECRETS: JSON.stringify([GOOD]),
      PUBLIC_URL: "https://Baton.example.com/",
    });
    expect(config).toMatchObject({
      ok: true,
      value: {
        alertWebhook: { url: "http://pager.internal:9000/a", secrets: [GOOD] },
        publicUrl: "https://baton.example.com",
      },
    });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["a webhook of alerts without secrets", { ALERT_WEBHOOK_URL: "https://x.example" }, /ALERT_WEBHOOK_SECRETS is not/],
    ["secrets of alerts without a webhook", { ALERT_WEBHOOK_SECRETS: '["a"]' }, /ALERT_WEBHOOK_URL is not/],
    [
      "a webhook of alerts that is no URL, or has credentials",
      { ALERT_WEBHOOK_URL: "https://u:p@x.example", ALERT_WEBHOOK_SECRETS: '["a"]' },
      /ALERT_WEBHOOK_URL must be/,
    ],
    [
      "a weak secret of alerts beside an account",
      { ...account, ...secrets, ALERT_WEBHOOK_URL: "https://x.example", ALERT_WEBHOOK_SECRETS: '["short"]' },
      /ALERT_WEBHOOK_SECRETS: secret 1 is shorter/,
    ],
    ["a public address with a query", { PUBLIC_URL: "https://x.example/?a=1" }, /PUBLIC_URL must be/],
    [
      "webhook secrets that are no list",
      { ...account, ...secrets, INFOBIP_WEBHOOK_SECRETS: '{"a":1}' },
      /^INFOBIP_WEBHOOK_SECRETS must be a JSON list/,
    ],
    [
      "an empty webhook secret",
      { ...account, ...secrets, INFOBIP_WEBHOOK_SECRETS: '[""]' },
      /^INFOBIP_WEBHOOK_SECRETS must be a JSON list/,
    ],
    [
      "a poll that is no number",
      { ...account, ...secrets, INFOBIP_POLL_SECONDS: "often" },
      /^INFOBIP_POLL_SECONDS must be a number of seconds/,
    ],
    ["an account without bots' secrets", { ...account, OPERATOR_TOKEN: "token" }, /BOT_SECRETS is missing/],
    [
      "an account without an operator's token",
      { ...account, BOT_SECRETS: secrets.BOT_SECRETS },
      /OPERATOR_TOKEN is missing/,
    ],
    ["an account without a key", { ...secrets, INFOBIP_BASE_URL: "x.example" }, /INFOBIP_API_KEY is not/],
    [
      "a base URL with a path",
      { ...account, ...secrets, INFOBIP_BASE_URL: "https://x.example/hidden" },
      /INFOBIP_BASE_URL must be the host/,
    ],
    ["secrets that are no JSON", { BOT_SECRETS: "hidden" }, /BOT_SECRETS is not JSON/],
    ["a bot without a secret", { BOT_SECRETS: '{"b":[]}' }, /BOT_SECRETS: b/],
    ["an empty secret", { BOT_SECRETS: '{"b":[""]}' }, /BOT_SECRETS: b/],
    ["a port that is none", { PORT: "hidden" }, /^PORT/],
    ["a quota that lets nothing through", { BOT_EVENTS_PER_SECOND: "0" }, /^BOT_EVENTS_PER_SECOND/],
    ["a retention of nothing", { RETENTION_DAYS: "0" }, /^RETENTION_DAYS/],
    ["a retention that is no number", { RETENTION_DAYS: "5 weeks" }, /^RETENTION_DAYS/],
    ["a retention without end", { RETENTION_DAYS: "100000" }, /^RETENTION_DAYS/],
    ["a backlog that is none", { MAX_PENDING_HANDOFFS: "hidden" }, /^MAX_PENDING_HANDOFFS/],
    ["a callback host with a path", { CALLBACK_ALLOWED_HOSTS: "bot.internal/hidden" }, /^CALLBACK_ALLOWED_HOSTS/],
    ["a callback host with a scheme", { CALLBACK_ALLOWED_HOSTS: "a,https://hidden" }, /^CALLBACK_ALLOWED_HOSTS/],
    ["made-up secrets for everybody", { HOST: "0.0.0.0" }, /HOST/],
  ])("refuses %s, and quotes nothing", (_, env, expected) => {
    expect(problems(env).join("\n")).toMatch(expected);
    expect(problems(env).join("\n")).not.toContain("hidden");
  });

  it("takes the hosts that callbacks may go to as a URL writes them", () => {
    const config = parseConfig({
      CALLBACK_ALLOWED_HOSTS: "Bot.Internal, 10.0.0.5:8080,,[::1]:3000,fd00:0::1,127.1,localhost",
    });
    expect(config.ok && config.value.callbackAllowedHosts).toEqual([
      "bot.internal",
      "10.0.0.5:8080",
      "[::1]:3000",
      "[fd00::1]",
      "127.0.0.1",
      "localhost",
    ]);
    const none = parseConfig({});
    expect(none.ok && none.value.callbackAllowedHosts).toEqual([]);
  });

  it("lets the emulator be reached from elsewhere with secrets that were chosen", () => {
    expect(problems({ HOST: "0.0.0.0", ...secrets })).toEqual([]);
  });

  const weak = "fifteen bytes!!";
  const short = `whsec_${Buffer.from(weak).toString("base64")}`;
  it.each<[string, Record<string, string>, RegExp]>([
    [
      "of a bot",
      { BOT_SECRETS: JSON.stringify({ ana: [GOOD, weak] }) },
      /^BOT_SECRETS: secret 2 of bot 'ana' is shorter/,
    ],
    ["by its bytes, not its characters", { BOT_SECRETS: JSON.stringify({ ana: [short] }) }, /^BOT_SECRETS: secret 1/],
    [
      "as the examples have it",
      { BOT_SECRETS: '{"ana":["development-secret-of-ana"]}' },
      /^BOT_SECRETS: secret 1 of bot 'ana' is the one of the examples/,
    ],
    ["of an operator", { OPERATOR_TOKEN: weak }, /^OPERATOR_TOKEN is shorter/],
    ["of a named operator", { OPERATOR_TOKENS: JSON.stringify({ eva: weak }) }, /^OPERATOR_TOKENS: the token of 'eva'/],
  ])("stops a start with a secret that can be guessed, %s, where somebody else can reach it", (_, given, expected) => {
    for (const reached of [account, { HOST: "0.0.0.0" }]) {
      const found = problems({ ...reached, ...secrets, ...given });
      expect(found).toEqual([expect.stringMatching(expected)]);
      expect(found.join()).not.toMatch(new RegExp(`${weak}|${short}|development`));
    }
    expect(problems({ ...secrets, ...given })).toEqual([]);
  });

  it("stops a start with a guessable secret of an account's pushes", () => {
    expect(problems({ ...account, ...secrets, INFOBIP_WEBHOOK_SECRETS: JSON.stringify([GOOD, weak]) })).toEqual([
      expect.stringMatching(/^INFOBIP_WEBHOOK_SECRETS: secret 2 is shorter than 16 bytes/),
    ]);
    const eu = {
      INFOBIP_EU_BASE_URL: "eu.api.infobip.com",
      INFOBIP_EU_API_KEY: "k",
      INFOBIP_EU_WEBHOOK_SECRETS: '["x"]',
    };
    expect(problems({ ...secrets, ...eu })).toEqual([expect.stringMatching(/^INFOBIP_EU_WEBHOOK_SECRETS: secret 1/)]);
  });

  it("names operators, of whom some may only look", () => {
    const tokens = { ana: "the token of ana", "grafana:read": "the token of grafana" };
    const config = parseConfig({ OPERATOR_TOKENS: JSON.stringify(tokens), OPERATOR_TOKEN: "the first token" });
    expect(config.ok && config.value.operators).toEqual([
      { name: "operator", token: "the first token", mayAct: true },
      { name: "ana", token: tokens.ana, mayAct: true },
      { name: "grafana", token: tokens["grafana:read"], mayAct: false },
    ]);
  });

  it.each([
    ["hidden", /^OPERATOR_TOKENS is not JSON/],
    ['["hidden"]', /^OPERATOR_TOKENS must give each name a token/],
    ['{"ana":""}', /^OPERATOR_TOKENS must give each name a token/],
    ['{"ana":"hidden","eva":"hidden"}', /^OPERATOR_TOKENS: 'eva' has the token of another/],
    ['{"ana:write":"hidden"}', /^OPERATOR_TOKENS: a name/],
  ])("refuses operators that are none, and quotes nothing: %s", (given, expected) => {
    expect(problems({ OPERATOR_TOKENS: given })).toEqual([expect.stringMatching(expected)]);
    expect(problems({ OPERATOR_TOKENS: given }).join()).not.toContain("hidden");
  });
});
