/** Connections of an object to the platform and to the bots. */
import type { Webhook } from "../alerts/poster.ts";
import { createFetchSender } from "../callbacks/fetch-sender.ts";
import type { EngineDeps } from "../engine.ts";
import type { Connection } from "../handoff/account/open-account.ts";
import type { SharedAccount } from "../handoff/account/shared-account.ts";
import type { Env, Project } from "./environment.ts";

/** Counts work that keeps an object awake. */
export type During = <T>(work: () => Promise<T>) => Promise<T>;

/** The emulator beside stands in while no account is configured. */
export function connectionOf(env: Env, { config }: Project, name: string, during: During): Connection {
  const account = config.accounts.get(name);
  if (account !== undefined) {
    const { baseUrl, apiKey } = account;
    return { baseUrl, apiKey, fetch: (request) => during(() => fetch(request)) };
  }
  if (config.accounts.size > 0 || env.EMULATOR === undefined) throw new Error(`account '${name}' is not configured`);
  const emulator = env.EMULATOR.getByName(name);
  return {
    baseUrl: "http://emulator.localhost",
    apiKey: "emulator",
    fetch: (request) => during(() => emulator.fetch(request)),
  };
}

/** The account that all sessions share. */
export function sharedAccountOf(env: Env, name: string, during: During): SharedAccount {
  const account = env.ACCOUNTS.getByName(name);
  return {
    enter: (handoffId, requests) => during(async () => account.enter(name, handoffId, requests)),
    report: (report) => during(async () => account.report(name, report)),
    tryWith: (handoffId) => during(async () => account.tryWith(name, handoffId)),
    check: () => during(async () => account.check(name)),
    workingHoursStatus: (id) => during(async () => account.workingHoursStatus(name, id)),
    isBot: (agentId) => during(async () => account.isBot(name, agentId)),
    isAnybody: (queueId) => during(async () => account.isAnybody(name, queueId)),
    waiting: (queueId) => during(async () => account.waiting(name, queueId)),
    queueId: (idOrName) => during(async () => account.queueId(name, idOrName)),
  };
}

/** The webhook of alerts; null: none is configured. */
export const alertWebhookOf = ({ config: { alertWebhook } }: Project): Webhook | null =>
  alertWebhook && {
    ...alertWebhook,
    send: createFetchSender({
      fetch: (request) => fetch(request),
      allowedHosts: [new URL(alertWebhook.url).hostname],
    }),
  };

export const senderOf = ({ config }: Project, during: During): NonNullable<EngineDeps["callbacks"]> => ({
  send: createFetchSender({
    fetch: (request) => during(() => fetch(request)),
    allowedHosts: config.callbackAllowedHosts,
  }),
  botSecrets: config.botSecrets ?? new Map(),
});
