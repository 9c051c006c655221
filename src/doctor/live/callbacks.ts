import { isPrivateAddress } from "../../callbacks/private-addresses.ts";
import { hostOf } from "../../callbacks/url-policy.ts";
import type { Flow } from "../../escalation/flow.ts";
import { type Check, checksOf, list } from "../check.ts";

/** Resolves a host's name to its addresses; rejects if it has none. */
export type Resolve = (host: string) => Promise<string[]>;

/** Checks the URLs of callbacks. Posts nothing. */
export async function callbackChecks(flows: readonly Flow[], resolve: Resolve): Promise<Check[]> {
  const checks = checksOf("callbacks");
  const given = flows.flatMap(({ name, callbacks }) => (callbacks === undefined ? [] : [{ flow: name, ...callbacks }]));
  return Promise.all(
    given.map(async ({ flow, url }): Promise<Check> => {
      const target = new URL(url);
      const host = hostOf(target);
      const name = `callback of ${flow}`;
      let addresses: string[];
      try {
        addresses = await resolve(host);
      } catch {
        return checks.failure(name, `${host} has no address: look at callbacks.url of the flow, and at DNS`);
      }
      const own = addresses.filter(isPrivateAddress);
      const says = `${host} is ${list(addresses)}`;
      if (own.length > 0) {
        return checks.warning(name, `${says}: private, of this machine or its network; right only for a bot there`);
      }
      if (target.protocol === "http:") {
        return checks.warning(name, `${says}, and the callback goes there unencrypted: use https`);
      }
      return checks.ok(name, `${says}, which is public`);
    }),
  );
}

/** Finds the host of the alerts' webhook. It may be inside the operator's network. */
export async function alertHostCheck(url: string, resolve: Resolve): Promise<Check> {
  const checks = checksOf("configuration");
  const host = hostOf(new URL(url));
  try {
    return checks.ok("webhook of alerts", `${host} is ${list(await resolve(host))}`);
  } catch {
    return checks.failure("webhook of alerts", `${host} has no address: look at ALERT_WEBHOOK_URL, and at DNS`);
  }
}
