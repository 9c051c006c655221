/** How an object reaches the platform and the bots. */
import { createFetchSender } from "../callbacks/fetch-sender.ts";
import type { Connection, CoreDeps } from "../service.ts";
import type { Env, Project } from "./environment.ts";

/** Counts what keeps an object awake. */
export type During = <T>(work: () => Promise<T>) => Promise<T>;

type Fetch = (request: Request) => Promise<Response>;

/** The accounts of these names; with none configured, the emulator beside stands in. */
export function connectionsOf(
  env: Env,
  { config }: Project,
  names: readonly string[],
  during: During,
): ReadonlyMap<string, Connection> {
  const through =
    (fetch: Fetch): Fetch =>
    (request) =>
      during(() => fetch(request));
  const connections = new Map<string, Connection>();
  for (const name of names) {
    const account = config.accounts.get(name);
    if (account !== undefined) {
      const { baseUrl, apiKey } = account;
      connections.set(name, { baseUrl, apiKey, fetch: through((request) => fetch(request)), pollEveryMs: 0 });
    } else if (config.accounts.size === 0 && env.EMULATOR !== undefined) {
      const emulator = env.EMULATOR.getByName(name);
      connections.set(name, {
        baseUrl: "http://emulator.localhost",
        apiKey: "emulator",
        fetch: through((request) => emulator.fetch(request)),
        pollEveryMs: 0,
      });
    }
  }
  return connections;
}

export const senderOf = ({ config }: Project, during: During): NonNullable<CoreDeps["callbacks"]> => ({
  send: createFetchSender({
    fetch: (request) => during(() => fetch(request)),
    allowedHosts: config.callbackAllowedHosts,
  }),
  botSecrets: config.botSecrets ?? new Map(),
});
