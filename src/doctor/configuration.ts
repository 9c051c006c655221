import { GOOD_SECRET_BYTES, weaknessOf } from "../config/weak-secrets.ts";
import type { Config } from "../config.ts";
import type { Flow } from "../escalation/flow.ts";
import { HEADER_VALUE } from "../infobip/request.ts";
import { isLoopback } from "../loopback.ts";
import type { Result } from "../result.ts";
import { type Check, type Checks, checksOf, list } from "./check.ts";

interface ConfigurationDeps {
  config: Result<Config, string[]>;
  flows: readonly Flow[];
}

function accountChecks(accounts: Config["accounts"], flows: readonly Flow[], checks: Checks): Check[] {
  const known = accounts.size === 0 ? ["default"] : [...accounts.keys()];
  const missing = flows
    .filter(({ account }) => !known.includes(account))
    .map(({ name, account }) =>
      checks.failure(
        "accounts",
        `flow '${name}' is for account '${account}', which is not configured, so the service does not start; set INFOBIP_${account.toUpperCase()}_BASE_URL and _API_KEY`,
      ),
    );
  const unsendable = [...accounts]
    .filter(([, { apiKey }]) => !HEADER_VALUE.test(apiKey))
    .map(([account]) =>
      checks.failure("accounts", `the API key of '${account}' has a line break, a space at an end, or the like`),
    );
  if (accounts.size > 0) return [checks.ok("accounts", list(accounts.keys())), ...unsendable, ...missing];
  const says =
    "none is configured: an emulator stands in, and nobody real is reached; set INFOBIP_BASE_URL and INFOBIP_API_KEY";
  return [checks.warning("accounts", says), ...missing];
}

function secretChecks(secrets: NonNullable<Config["botSecrets"]>, flows: readonly Flow[], checks: Checks): Check[] {
  const name = "bot secrets";
  const bots = flows.flatMap((flow) => flow.bots);
  const places = [...secrets].flatMap(([bot, each]) =>
    each.map((secret, place) => ({ bot, secret, says: `secret ${place + 1} of ${each.length} of bot '${bot}'` })),
  );
  const without = bots.filter((bot) => !secrets.has(bot));
  const unknown = [...secrets.keys()].filter((bot) => !bots.includes(bot));
  const found = [
    ...(without.length > 0 ? [`${list(without)} of the flows: no secret, so requests get 401; add one`] : []),
    ...(unknown.length > 0
      ? [`${list(unknown)}: secrets of bots that no flow has; take them out, or correct the name`]
      : []),
    ...places
      .filter(({ secret }) => weaknessOf(secret) !== null)
      .map(({ says, secret }) => `${says} ${weaknessOf(secret)} and can be guessed`),
    ...places.flatMap(({ secret, bot, says }, index) => {
      const other = places.slice(0, index).find((it) => it.secret === secret);
      if (other === undefined) return [];
      const why = other.bot === bot ? "one of them does nothing" : "each bot can speak as the other";
      return [`${says} is the same as ${other.says}: ${why}`];
    }),
  ];
  if (found.length > 0) return found.map((says) => checks.warning(name, says));
  return [checks.ok(name, `every bot of the flows has one of at least ${GOOD_SECRET_BYTES} bytes`)];
}

/** Checks the secrets of the accounts' pushes. */
function pushChecks(accounts: Config["accounts"], checks: Checks): Check[] {
  return [...accounts].flatMap(([account, { webhookSecrets }]) => {
    const name = `pushes of ${account}`;
    const variable =
      account === "default" ? "INFOBIP_WEBHOOK_SECRETS" : `INFOBIP_${account.toUpperCase()}_WEBHOOK_SECRETS`;
    if (webhookSecrets.length === 0) {
      return [checks.warning(name, `no webhook secret is set, so they get 401; set ${variable}`)];
    }
    return [];
  });
}

/** Checks where alerts go. Posts nothing. */
function alertCheck({ alertWebhook, publicUrl }: Config, checks: Checks): Check {
  const name = "alerts";
  if (alertWebhook === null)
    return checks.ok(name, "they are lines in the log alone; ALERT_WEBHOOK_URL has them posted, too");
  const { protocol, host, hostname } = new URL(alertWebhook.url);
  if (alertWebhook.secrets.some((secret) => weaknessOf(secret) !== null))
    return checks.warning(name, "a secret of ALERT_WEBHOOK_SECRETS can be guessed; take at least 16 random bytes");
  if (protocol === "http:" && !isLoopback(hostname))
    return checks.warning(name, `they go to ${host} unencrypted; use https where the network is not your own`);
  if (publicUrl === null)
    return checks.ok(name, `they go to ${host}; set PUBLIC_URL and each links to its page of the console`);
  return checks.ok(name, `they go to ${host}`);
}

/** Checks the environment against the needs of the flows. */
export function configurationChecks({ config, flows }: ConfigurationDeps): Check[] {
  const checks = checksOf("configuration");
  if (!config.ok) return config.error.map((problem) => checks.failure("environment", problem));
  const { host, port, accounts, botSecrets, operators } = config.value;
  const short = operators.filter(({ token }) => weaknessOf(token) !== null).map(({ name }) => `'${name}'`);
  return [
    checks.ok("environment", `complete; the service listens on ${host}, port ${port}`),
    ...accountChecks(accounts, flows, checks),
    ...pushChecks(accounts, checks),
    alertCheck(config.value, checks),
    ...(botSecrets === null
      ? [checks.skipped("bot secrets", "none are given: with the emulator they are made up at each start")]
      : secretChecks(botSecrets, flows, checks)),
    ...(short.length > 0
      ? [
          checks.warning(
            "operator tokens",
            `of ${list(short)}: can be guessed; take at least ${GOOD_SECRET_BYTES} random bytes`,
          ),
        ]
      : []),
  ];
}
