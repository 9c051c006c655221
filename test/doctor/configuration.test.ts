import { describe, expect, it } from "vitest";
import { flows as ours } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import { configurationChecks } from "../../src/doctor/configuration.ts";
import { flowChecks } from "../../src/doctor/flow-checks.ts";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { err, ok } from "../../src/result.ts";

const GOOD = "a-secret-that-is-long-enough";
const flow = defineFlow({
  name: "one",
  bots: ["ana", "bruno"],
  conversation: { topic: "Chat" },
  rules: [{ reason: "asked", when: { event: "handoff.requested" }, tags: ["asked"] }],
});
const secrets = (given: Record<string, string[]>) => ({ BOT_SECRETS: JSON.stringify(given) });
const complete = {
  INFOBIP_BASE_URL: "https://xyz.api.infobip.com",
  INFOBIP_API_KEY: "key",
  INFOBIP_WEBHOOK_SECRETS: JSON.stringify([`${GOOD}-push`]),
  OPERATOR_TOKEN: `${GOOD}-operator`,
  ...secrets({ ana: [`${GOOD}-1`, `${GOOD}-2`], bruno: [`${GOOD}-3`] }),
};

/** Lists the checks that are not ok, one a line. */
const complaints = (env: Record<string, string>, flows = [flow]) =>
  configurationChecks({ config: parseConfig(env), flows })
    .filter(({ verdict }) => verdict !== "ok")
    .map(({ verdict, name, says }) => `${verdict} ${name}: ${says}`);

describe("configurationChecks", () => {
  it("has nothing to say against a complete configuration", () => {
    expect(complaints(complete)).toEqual([]);
  });

  it("fails for each thing that keeps the service from starting, without a value", () => {
    const found = complaints({ ...complete, OPERATOR_TOKEN: "", BOT_SECRETS: "secret-without-quotes" });
    expect(found).toEqual([
      expect.stringMatching(/^failure environment: BOT_SECRETS is not JSON/),
      "failure environment: OPERATOR_TOKEN is missing",
    ]);
    expect(complaints({ ...complete, PORT: "many" })).toEqual([expect.stringMatching(/^failure environment: PORT/)]);
    expect(found.join()).not.toContain("without-quotes");
  });

  it("says where alerts go, and warns of a secret that can be guessed and of a way without encryption", () => {
    const alerts = (url: string, secret = `${GOOD}-alerts`) =>
      configurationChecks({
        config: parseConfig({
          ...secrets({ ana: [`${GOOD}-1`], bruno: [`${GOOD}-3`] }),
          OPERATOR_TOKEN: `${GOOD}-operator`,
          ALERT_WEBHOOK_URL: url,
          ALERT_WEBHOOK_SECRETS: JSON.stringify([secret]),
        }),
        flows: [flow],
      }).find(({ name }) => name === "alerts");
    expect(alerts("https://pager.example/a")).toMatchObject({
      verdict: "ok",
      says: expect.stringMatching(/pager.example.*PUBLIC_URL/),
    });
    expect(alerts("http://127.0.0.1:9000/a")).toMatchObject({ verdict: "ok" });
    expect(alerts("http://pager.example/a")).toMatchObject({
      verdict: "warning",
      says: expect.stringMatching(/unencrypted/),
    });
    expect(alerts("https://pager.example/a", "short")).toMatchObject({
      verdict: "warning",
      says: expect.stringMatching(/can be guessed/),
    });
  });

  it("fails for a flow whose account is missing, and for a key that cannot be sent", () => {
    const elsewhere = defineFlow({ ...flow, name: "two", bots: ["cora"], account: "uk" } as FlowInput);
    expect(complaints(complete, [flow, elsewhere]).join()).toMatch(
      /failure accounts: flow 'two' is for account 'uk'.*INFOBIP_UK_BASE_URL/,
    );
    expect(complaints({ ...complete, INFOBIP_API_KEY: "key\n" })).toEqual([
      "failure accounts: the API key of 'default' has a line break, a space at an end, or the like",
    ]);
  });

  it("warns of bots without secret, secrets of unknown bots, and secrets that are shared", () => {
    const found = complaints({ ...complete, ...secrets({ ana: [GOOD, GOOD], cora: [GOOD] }) });
    expect(found).toEqual([
      expect.stringMatching(/^warning bot secrets: bruno of the flows: no secret/),
      expect.stringMatching(/^warning bot secrets: cora: secrets of bots that no flow has/),
      expect.stringMatching(
        /secret 2 of 2 of bot 'ana' is the same as secret 1 of 2 of bot 'ana': one of them does noth/,
      ),
      expect.stringMatching(/secret 1 of 1 of bot 'cora' is the same as .*'ana': each bot can speak as the other/),
    ]);
    expect(found.join()).not.toContain(GOOD);
  });

  it("fails for a secret that can be guessed where an account is at stake, and warns of it where none is", () => {
    const weak = { ...secrets({ ana: ["short"], bruno: [GOOD] }), OPERATOR_TOKEN: "development-of-a-service" };
    expect(complaints({ ...complete, ...weak })).toEqual([
      expect.stringMatching(/^failure environment: BOT_SECRETS: secret 1 of bot 'ana' is shorter than 16 bytes/),
      expect.stringMatching(/^failure environment: OPERATOR_TOKEN is the one of the examples/),
    ]);
    expect(complaints(weak).filter((it) => !it.startsWith("warning accounts"))).toEqual([
      "warning bot secrets: secret 1 of 1 of bot 'ana' is shorter than 16 bytes and can be guessed",
      expect.stringMatching(/^warning operator tokens: of 'operator': can be guessed/),
    ]);
  });

  it("warns of accounts whose pushes are refused", () => {
    const uk = { INFOBIP_UK_BASE_URL: complete.INFOBIP_BASE_URL, INFOBIP_UK_API_KEY: "key" };
    expect(complaints({ ...complete, ...uk })).toEqual([
      expect.stringMatching(/^warning pushes of uk: .*get 401; set INFOBIP_UK_WEBHOOK_SECRETS/),
    ]);
  });

  it("warns that without an account nobody real is reached", () => {
    expect(complaints({})).toEqual([
      expect.stringMatching(/^warning accounts: .*emulator/),
      expect.stringMatching(/^skipped bot secrets/),
    ]);
  });
});

describe("flowChecks", () => {
  const noSamples = { flow: "one", samples: 0, problems: [], warnings: [] };
  const verdicts = (...given: Parameters<typeof flowChecks>) => flowChecks(...given).map(({ verdict }) => verdict);

  it("fails for flows that cannot be loaded and samples that are wrong, and warns of gaps", () => {
    expect(flowChecks(err("Flow 'x' is not valid"), [])).toMatchObject([
      { verdict: "failure", says: "Flow 'x' is not valid" },
    ]);
    expect(verdicts(ok([flow]), [noSamples])).toEqual(["ok", "warning"]);
    expect(verdicts(ok([flow]), [{ ...noSamples, samples: 2, warnings: ["no sample shows it"] }])).toContain("warning");
    expect(verdicts(ok([flow]), [{ ...noSamples, samples: 2, problems: ["a.json is not JSON"] }])).toContain("failure");
    expect(verdicts(ok([flow]), [{ ...noSamples, samples: 2 }])).toEqual(["ok", "ok"]);
  });

  it("warns of a tag to take off that no rule puts on", () => {
    const handBack = { removeTags: ["asked", "waits", "never"] };
    const waiting = [{ afterSeconds: 60, tags: ["waits"] }];
    const given = { ...flow, waiting, handBack } as FlowInput;
    const found = (flows: FlowInput) => flowChecks(ok([defineFlow(flows)]), []).slice(1);
    expect(found(given)).toMatchObject([
      { verdict: "warning", says: expect.stringMatching(/'never'.*only a bot's own/) },
    ]);
    expect(found({ ...given, accept: { tags: [] } })[0]?.says).toMatch(/never removed/);
    expect(found({ ...given, accept: { tags: ["never"] } })).toEqual([]);
  });

  it("finds nothing wrong with the flows of the project", () => {
    expect(verdicts(ok(ours), [])).toEqual(["ok"]);
  });
});
