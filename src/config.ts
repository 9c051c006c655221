import { isIPv6 } from "node:net";
import { z } from "zod";
import { type HmacSettings, hmacSettingsSchema } from "./auth/hmac-header.ts";
import { type AlertWebhook, parseAlertWebhook, parsePublicUrl } from "./config/alert-webhook.ts";
import { type Operator, parseOperators, UNNAMED_OPERATOR } from "./config/operators.ts";
import { weaknessOf } from "./config/weak-secrets.ts";
import { toBaseUrl } from "./infobip/base-url.ts";
import { isLoopback } from "./loopback.ts";
import { err, ok, type Result } from "./result.ts";

interface AccountConfig {
  baseUrl: string;
  apiKey: string;
  /** Active secrets of its pushes; empty: all are refused. */
  webhookSecrets: readonly string[];
  /** Interval of the poll; 0: never; null: the service's own default. */
  pollEveryMs: number | null;
}

export interface Config {
  host: string;
  port: number;
  databasePath: string;
  /** Keys are names. Empty: the embedded emulator stands in for account `default`. */
  accounts: ReadonlyMap<string, AccountConfig>;
  /** Null: none are set, which only the emulator's mode allows. */
  botSecrets: ReadonlyMap<string, readonly string[]> | null;
  /** Empty: none are set, which only the emulator's mode allows. */
  operators: readonly Operator[];
  hmac: HmacSettings;
  /** Null: the service's own default. */
  botEventsPerSecond: number | null;
  maxPendingHandoffs: number | null;
  /** Milliseconds for which a session without an open handoff is kept after its last event. */
  retentionMs: number;
  /** Hosts as in a URL, some with a port. Callbacks may go there despite a private address or plain http. */
  callbackAllowedHosts: readonly string[];
  /** Hosts that the emulator may push to, besides this machine. */
  emulatorAllowedHosts: readonly string[];
  /** Null: alerts are lines in the log alone. */
  alertWebhook: AlertWebhook | null;
  /** Address under which people reach the service, without a slash at the end; null: not known. */
  publicUrl: string | null;
  /** Number of proxies in front. Each adds an entry to `X-Forwarded-For`. */
  trustedProxies: number;
  logLevel: "debug" | "info" | "warn" | "error";
}

export const DEFAULT_DATABASE_PATH = "data/baton.db";

const DAY_MS = 24 * 3_600_000;
/** Ten years. */
const LONGEST_RETENTION_DAYS = 3_650;

export type Environment = Readonly<Record<string, string | undefined>>;

const secretsSchema = z.record(z.string().min(1), z.array(z.string().min(1, "a secret is empty")).min(1));
const basicSchema = z.object({
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8787),
  DATABASE_PATH: z.string().min(1).default(DEFAULT_DATABASE_PATH),
  BOT_EVENTS_PER_SECOND: z.coerce.number().int().min(1).optional(),
  MAX_PENDING_HANDOFFS: z.coerce.number().int().min(1).optional(),
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  RETENTION_DAYS: z.coerce.number().int().min(1).max(LONGEST_RETENTION_DAYS).default(35),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});
const webhookSecretsSchema = z.array(z.string().min(1, "a secret is empty")).min(1);
const pollSchema = z.coerce.number().int().min(0).max(3_600);
const ACCOUNT_VARIABLE = /^INFOBIP_(?:([A-Z0-9_]+)_)?BASE_URL$/;

/** Parses BOT_SECRETS: each bot's id with its active secrets. */
export function parseSecrets(text: string): Result<ReadonlyMap<string, readonly string[]>, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err('BOT_SECRETS is not JSON; it looks like {"shop-assistant":["a secret"]}');
  }
  const parsed = secretsSchema.safeParse(json);
  if (parsed.success) return ok(new Map(Object.entries(parsed.data)));
  return err(
    `BOT_SECRETS: ${parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")}`,
  );
}

const HOST_AND_PORT = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]]+)(:\d{1,5})?$/i;

/** Parses names or addresses, separated by commas, each with or without a port. */
export function parseAllowedHosts(variable: string, text: string): Result<string[], string> {
  const hosts: string[] = [];
  for (const given of text.split(",").map((it) => it.trim())) {
    if (given === "") continue;
    const [, host = "", port = ""] = HOST_AND_PORT.exec(isIPv6(given) ? `[${given}]` : given) ?? [];
    const name = host === "" ? "" : (URL.parse(`http://${host}`)?.hostname ?? "");
    if (name === "") return err(`${variable} is not a list like bot.internal,10.0.0.5:8080,[::1]:3000`);
    hosts.push(name + port);
  }
  return ok(hosts);
}

/** Parses a JSON list of secrets; absent: an empty one. */
export function parseWebhookSecrets(variable: string, text: string | undefined): Result<readonly string[], string> {
  if (!text) return ok([]);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err(`${variable} is not JSON; it looks like ["a secret"]`);
  }
  const parsed = webhookSecretsSchema.safeParse(json);
  return parsed.success ? ok(parsed.data) : err(`${variable} must be a JSON list of secrets, such as ["a secret"]`);
}

/** Reads the accounts of the environment, or returns all their problems, one a line. */
export function parseAccounts(env: Environment): Result<ReadonlyMap<string, AccountConfig>, string[]> {
  const accounts = new Map<string, AccountConfig>();
  const problems: string[] = [];
  for (const [variable, pasted] of Object.entries(env)) {
    const match = ACCOUNT_VARIABLE.exec(variable);
    if (match === null || !pasted) continue;
    const prefix = match[1] === undefined ? "INFOBIP" : `INFOBIP_${match[1]}`;
    const apiKey = env[`${prefix}_API_KEY`];
    const baseUrl = toBaseUrl(pasted);
    if (!baseUrl.ok) problems.push(`${variable} ${baseUrl.error}`);
    if (!apiKey) problems.push(`${variable} is set and ${prefix}_API_KEY is not`);
    const secrets = parseWebhookSecrets(`${prefix}_WEBHOOK_SECRETS`, env[`${prefix}_WEBHOOK_SECRETS`]);
    if (!secrets.ok) problems.push(secrets.error);
    const poll = pollSchema.optional().safeParse(env[`${prefix}_POLL_SECONDS`] || undefined);
    if (!poll.success) problems.push(`${prefix}_POLL_SECONDS must be a number of seconds, 0 to 3600; 0 is never`);
    if (!baseUrl.ok || !apiKey || !secrets.ok || !poll.success) continue;
    accounts.set((match[1] ?? "default").toLowerCase(), {
      baseUrl: baseUrl.value,
      apiKey,
      webhookSecrets: secrets.value,
      pollEveryMs: poll.data === undefined ? null : poll.data * 1_000,
    });
  }
  return problems.length > 0 ? err(problems) : ok(accounts);
}

/** Lists the weak secrets, one a line, without the secrets. */
function weakSecrets(
  botSecrets: Config["botSecrets"],
  accounts: Config["accounts"],
  operators: Config["operators"],
  alertSecrets: readonly string[],
): string[] {
  const named: [string, string][] = [
    ...[...(botSecrets ?? [])].flatMap(([bot, each]) =>
      each.map((secret, place): [string, string] => [`BOT_SECRETS: secret ${place + 1} of bot '${bot}'`, secret]),
    ),
    ...[...accounts].flatMap(([account, { webhookSecrets }]) =>
      webhookSecrets.map((secret, place): [string, string] => [
        `${account === "default" ? "INFOBIP" : `INFOBIP_${account.toUpperCase()}`}_WEBHOOK_SECRETS: secret ${place + 1}`,
        secret,
      ]),
    ),
    ...alertSecrets.map((secret, place): [string, string] => [`ALERT_WEBHOOK_SECRETS: secret ${place + 1}`, secret]),
    ...operators.map(({ name, token }): [string, string] => [
      name === UNNAMED_OPERATOR ? "OPERATOR_TOKEN" : `OPERATOR_TOKENS: the token of '${name}'`,
      token,
    ]),
  ];
  return named.flatMap(([says, secret]) => {
    const weakness = weaknessOf(secret);
    return weakness === null ? [] : [`${says} ${weakness}; take one from: openssl rand -base64 24`];
  });
}

/**
 * Parses the environment, or returns all its problems, one a line, without values. `secretsFile` is the content of
 * BOT_SECRETS_FILE, which the entry reads.
 */
export function parseConfig(env: Environment, secretsFile?: string): Result<Config, string[]> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const problems: string[] = [];
  const basic = basicSchema.safeParse(given);
  if (!basic.success) {
    problems.push(...basic.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`));
  }
  const hmac = hmacSettingsSchema.safeParse({
    ...(given.WEBHOOK_HMAC_HEADER && { header: given.WEBHOOK_HMAC_HEADER }),
    ...(given.WEBHOOK_HMAC_PREFIX && { prefix: given.WEBHOOK_HMAC_PREFIX }),
    ...(given.WEBHOOK_HMAC_ENCODING && { encoding: given.WEBHOOK_HMAC_ENCODING }),
    ...(given.WEBHOOK_HMAC_ALGORITHM && { algorithm: given.WEBHOOK_HMAC_ALGORITHM }),
  });
  if (!hmac.success) {
    problems.push(
      ...hmac.error.issues.map((issue) => `WEBHOOK_HMAC_${issue.path.join(".").toUpperCase()} ${issue.message}`),
    );
  }
  const allowedHosts = parseAllowedHosts("CALLBACK_ALLOWED_HOSTS", given.CALLBACK_ALLOWED_HOSTS ?? "");
  if (!allowedHosts.ok) problems.push(allowedHosts.error);
  const pushedHosts = parseAllowedHosts("EMULATOR_ALLOWED_HOSTS", given.EMULATOR_ALLOWED_HOSTS ?? "");
  if (!pushedHosts.ok) problems.push(pushedHosts.error);
  const alertSecrets = parseWebhookSecrets("ALERT_WEBHOOK_SECRETS", given.ALERT_WEBHOOK_SECRETS);
  if (!alertSecrets.ok) problems.push(alertSecrets.error);
  const alertWebhook = alertSecrets.ok ? parseAlertWebhook(given.ALERT_WEBHOOK_URL, alertSecrets.value) : ok(null);
  if (!alertWebhook.ok) problems.push(alertWebhook.error);
  const publicUrl = parsePublicUrl(given.PUBLIC_URL);
  if (!publicUrl.ok) problems.push(publicUrl.error);
  const parsedAccounts = parseAccounts(given);
  if (!parsedAccounts.ok) problems.push(...parsedAccounts.error);
  const accounts = parsedAccounts.ok ? parsedAccounts.value : new Map<string, AccountConfig>();
  const text = given.BOT_SECRETS ?? secretsFile;
  const secrets = text === undefined ? ok(null) : parseSecrets(text);
  if (!secrets.ok) problems.push(secrets.error);
  const operators = parseOperators(given.OPERATOR_TOKENS, given.OPERATOR_TOKEN);
  if (!operators.ok) problems.push(operators.error);
  const hasOperator = given.OPERATOR_TOKEN !== undefined || given.OPERATOR_TOKENS !== undefined;

  if (basic.success && accounts.size > 0) {
    if (text === undefined)
      problems.push('BOT_SECRETS is missing: bots could not prove who they are; {"bot-id":["a secret"]}');
    if (!hasOperator) problems.push("OPERATOR_TOKEN is missing");
  }
  const isMadeUp = text === undefined || !hasOperator;
  if (basic.success && accounts.size === 0 && isMadeUp && !isLoopback(basic.data.HOST)) {
    problems.push(
      "HOST is not a loopback address: without an account, set BOT_SECRETS and OPERATOR_TOKEN before others may reach the emulator",
    );
  }
  if (basic.success && (accounts.size > 0 || !isLoopback(basic.data.HOST))) {
    problems.push(
      ...weakSecrets(
        secrets.ok ? secrets.value : null,
        accounts,
        operators.ok ? operators.value : [],
        alertSecrets.ok ? alertSecrets.value : [],
      ),
    );
  }
  if (
    !basic.success ||
    !hmac.success ||
    !secrets.ok ||
    !operators.ok ||
    !allowedHosts.ok ||
    !pushedHosts.ok ||
    !alertWebhook.ok ||
    !publicUrl.ok ||
    problems.length > 0
  )
    return err(problems);
  return ok({
    host: basic.data.HOST,
    port: basic.data.PORT,
    databasePath: basic.data.DATABASE_PATH,
    accounts,
    botSecrets: secrets.value,
    operators: operators.value,
    hmac: hmac.data,
    botEventsPerSecond: basic.data.BOT_EVENTS_PER_SECOND ?? null,
    maxPendingHandoffs: basic.data.MAX_PENDING_HANDOFFS ?? null,
    retentionMs: basic.data.RETENTION_DAYS * DAY_MS,
    callbackAllowedHosts: allowedHosts.value,
    emulatorAllowedHosts: pushedHosts.value,
    alertWebhook: alertWebhook.value,
    publicUrl: publicUrl.value,
    trustedProxies: basic.data.TRUST_PROXY,
    logLevel: basic.data.LOG_LEVEL,
  });
}
