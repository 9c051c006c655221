/** Environment that a deployment gives the Worker (`wrangler.toml`), parsed once per isolate. */
import { z } from "zod";
import { flows } from "../../flows/index.ts";
import { type Config, parseConfig } from "../config.ts";
import { type Flow, sharingProblems } from "../escalation/flow.ts";
import type { Log } from "../log.ts";
import { err, ok, type Result } from "../result.ts";
import { createConsoleLog } from "./console-log.ts";

/** The bindings, as `bindings.d.ts` declares them. */
export type Env = Cloudflare.Env;
/** A stub of another session's object. */
export type SessionStub = ReturnType<Env["SESSIONS"]["get"]>;

export interface Project {
  flows: readonly Flow[];
  config: Config;
  log: Log;
  /** Names of the configured accounts. */
  accounts: ReadonlySet<string>;
  /** Upper bound of polls of each account, over all sessions. */
  requestsPerSecond: number;
}

/** More than one Baton needs, and less than an account minds. */
const rateSchema = z.coerce.number().int().min(1).max(10_000).default(100);

/** Secret with which the emulator signs its pushes. Both ends are on this machine. */
export const emulatorSecret: string = "emulator-on-this-machine";

const variables = (env: object): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === "string"));

const projects = new WeakMap<object, Project>();

/** A bot beside the emulator has a well-known secret, unless it was given others. */
const secretsOf = ({ botSecrets }: Config): ReadonlyMap<string, readonly string[]> =>
  botSecrets ?? new Map(flows.flatMap(({ bots }) => bots.map((bot) => [bot, ["development-secret"]] as const)));

/** Parses the environment, or returns all problems of it, one a line, without values. */
export function readProject(env: Env): Result<Project, string[]> {
  const known = projects.get(env);
  if (known !== undefined) return ok(known);
  const given = variables(env);
  const parsed = parseConfig(given);
  const rate = rateSchema.safeParse(given.ACCOUNT_REQUESTS_PER_SECOND || undefined);
  const problems = parsed.ok ? [] : [...parsed.error];
  if (!rate.success) problems.push("ACCOUNT_REQUESTS_PER_SECOND must be a whole number, 1 to 10000");
  if (parsed.ok && parsed.value.accounts.size === 0 && env.EMULATOR === undefined) {
    problems.push("no account is configured: INFOBIP_BASE_URL and INFOBIP_API_KEY are missing");
  }
  if (!parsed.ok || !rate.success || problems.length > 0) return err(problems);
  const config = env.EMULATOR === undefined ? parsed.value : { ...parsed.value, botSecrets: secretsOf(parsed.value) };
  const accounts = new Set(config.accounts.size === 0 ? ["default"] : config.accounts.keys());
  const unknown = flows.filter(({ account }) => !accounts.has(account));
  if (unknown.length > 0) {
    return err(
      unknown.map(({ name, account }) => `flow '${name}' is for account '${account}', which is not configured`),
    );
  }
  const sharing = sharingProblems(flows);
  if (sharing.length > 0) return err(sharing);
  const log = createConsoleLog(config.logLevel);
  const project = { flows, config, log, accounts, requestsPerSecond: rate.data };
  projects.set(env, project);
  return ok(project);
}

/** Reads what an object needs; only a configured Worker reaches it. */
export function projectOf(env: Env): Project {
  const found = readProject(env);
  if (!found.ok) throw new Error(found.error.join("; "));
  return found.value;
}

/** Secrets of the platform's pushes, by account. */
export const webhookSecretsOf = ({ config }: Project): ReadonlyMap<string, readonly string[]> =>
  config.accounts.size === 0
    ? new Map([["default", [emulatorSecret]]])
    : new Map([...config.accounts].map(([name, { webhookSecrets }]) => [name, webhookSecrets]));
