/** Runs all checks, from those that cost nothing to those that ask the platform. None of them writes. */
import { resolve as resolvePath } from "node:path";
import { type Config, DEFAULT_DATABASE_PATH, type Environment, parseAccounts, parseConfig } from "../config.ts";
import type { Flow } from "../escalation/flow.ts";
import { RETENTION_MS } from "../handoff/jobs/prune.ts";
import { err, type Result } from "../result.ts";
import { messageChecks } from "./agent-messages.ts";
import { type Check, checksOf } from "./check.ts";
import { configurationChecks } from "./configuration.ts";
import { databaseChecks } from "./database.ts";
import { type FlowSamples, flowChecks } from "./flow-checks.ts";
import { alertHostCheck, callbackChecks, type Resolve } from "./live/callbacks.ts";
import { type LiveDeps, liveChecks } from "./live/live.ts";
import { clockCheck, diskChecks, nodeCheck, privacyChecks, readDisk } from "./machine.ts";

export interface Live {
  /** Finds the connection of an account; the error completes "the account cannot be asked: ...". */
  connect: (account: string) => Promise<Result<LiveDeps["connection"], string>>;
  fetch: LiveDeps["fetch"];
  resolve: Resolve;
}

export interface Patient {
  env: Environment;
  /** Content of BOT_SECRETS_FILE, or the reason why it cannot be read. */
  secretsFile: Result<string | undefined, string>;
  flows: Result<readonly Flow[], string>;
  samples: readonly FlowSamples[];
  nodeVersion: string;
  now: () => number;
  /** Null: no check uses the network. */
  live: Live | null;
}

async function askAccounts(env: Environment, flows: readonly Flow[], now: () => number, live: Live): Promise<Check[]> {
  const accounts = parseAccounts(env);
  if (!accounts.ok) return [checksOf("accounts").skipped("accounts", "none is asked: their configuration is wrong")];
  const names = accounts.value.size === 0 ? ["default"] : [...accounts.value.keys()];
  const found = await Promise.all(
    names.map(async (account) => {
      const connection = await live.connect(account);
      if (connection.ok) return liveChecks({ account, connection: connection.value, flows, fetch: live.fetch, now });
      return [
        checksOf(`account ${account}`).skipped("credentials", `the account cannot be asked: ${connection.error}`),
      ];
    }),
  );
  return found.flat();
}

/** Calls `onChecks` with one part of the results after the other. */
export async function examine(patient: Patient, onChecks: (checks: readonly Check[]) => void): Promise<void> {
  const { env, secretsFile, nodeVersion, now, live } = patient;
  const config: Result<Config, string[]> = secretsFile.ok
    ? parseConfig(env, secretsFile.value)
    : err([secretsFile.error]);
  const flows = patient.flows.ok ? patient.flows.value : [];
  onChecks(configurationChecks({ config, flows }));
  onChecks(flowChecks(patient.flows, patient.samples));
  const accounts = config.ok ? config.value.accounts : new Map<string, never>();
  onChecks(messageChecks(flows, (account) => accounts.get(account)?.pollEveryMs));

  const path = config.ok ? config.value.databasePath : env.DATABASE_PATH || DEFAULT_DATABASE_PATH;
  const secrets = config.ok ? config.value.botSecrets : null;
  const retentionMs = config.ok ? config.value.retentionMs : RETENTION_MS;
  const database = databaseChecks(path, secrets ?? new Map(), retentionMs, now());
  onChecks([
    nodeCheck(nodeVersion),
    clockCheck(now(), database.newest),
    ...(path === ":memory:" ? [] : diskChecks(readDisk(path))),
    ...privacyChecks({
      ...(path !== ":memory:" && { "the database": path }),
      ...(env.BOT_SECRETS_FILE && { BOT_SECRETS_FILE: env.BOT_SECRETS_FILE }),
      ...(env.NODE_ENV !== "production" && { "the settings": resolvePath(".env") }),
    }),
  ]);
  onChecks(database.checks);

  if (live === null) return;
  onChecks(await askAccounts(env, flows, now, live));
  onChecks(await callbackChecks(flows, live.resolve));
  const alerts = config.ok ? config.value.alertWebhook : null;
  if (alerts !== null) onChecks([await alertHostCheck(alerts.url, live.resolve)]);
}
