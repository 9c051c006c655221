/** What a deployment gives the Worker (`wrangler.toml`), and what is made of it once per isolate. */
import { z } from "zod";
import { flows } from "../../flows/index.ts";
import { type Config, parseConfig } from "../config.ts";
import { type Flow, flowsByBot } from "../escalation/flow.ts";
import type { Log } from "../log.ts";
import type { AccountObject } from "./account-object.ts";
import { createConsoleLog } from "./console-log.ts";
import type { ConversationObject } from "./conversation-object.ts";
import type { KeyObject } from "./key-object.ts";
import type { SessionObject } from "./session-object.ts";

export interface Env {
  SESSIONS: DurableObjectNamespace<SessionObject>;
  CONVERSATIONS: DurableObjectNamespace<ConversationObject>;
  ACCOUNTS: DurableObjectNamespace<AccountObject>;
  KEYS: DurableObjectNamespace<KeyObject>;
  READ_MODEL: D1Database;
  /** Only where the platform's stand-in runs beside. */
  EMULATOR?: DurableObjectNamespace;
}

export interface Project {
  flows: readonly Flow[];
  config: Config;
  log: Log;
  /** The names of those that are configured. */
  accounts: ReadonlySet<string>;
  /** How often each of them is asked at most, over all sessions. */
  requestsPerSecond: number;
}

/** More than one Baton needs, and less than an account minds. */
const rateSchema = z.coerce.number().int().min(1).max(10_000).default(100);

/** What the emulator signs its pushes with: made up anew by each isolate, in which both ends are. */
export const emulatorSecret: string = "emulator-on-this-machine";

const variables = (env: object): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === "string"));

const projects = new WeakMap<object, Project>();

/** Throws with everything that is wrong with the configuration. */
export function projectOf(env: Env): Project {
  const known = projects.get(env);
  if (known !== undefined) return known;
  const parsed = parseConfig(variables(env));
  if (!parsed.ok) throw new Error(parsed.error.join("; "));
  const config = parsed.value;
  if (config.accounts.size === 0 && env.EMULATOR === undefined) {
    throw new Error("No account is configured: set INFOBIP_BASE_URL and INFOBIP_API_KEY.");
  }
  const rate = rateSchema.safeParse(variables(env).ACCOUNT_REQUESTS_PER_SECOND || undefined);
  if (!rate.success) throw new Error("ACCOUNT_REQUESTS_PER_SECOND must be a whole number, 1 to 10000");
  flowsByBot(flows);
  const project: Project = {
    flows,
    config,
    log: createConsoleLog(config.logLevel),
    accounts: new Set(config.accounts.size === 0 ? ["default"] : config.accounts.keys()),
    requestsPerSecond: rate.data,
  };
  projects.set(env, project);
  return project;
}

/** Of the platform's pushes, by account. */
export const webhookSecretsOf = ({ config }: Project): ReadonlyMap<string, readonly string[]> =>
  config.accounts.size === 0
    ? new Map([["default", [emulatorSecret]]])
    : new Map([...config.accounts].map(([name, { webhookSecrets }]) => [name, webhookSecrets]));
