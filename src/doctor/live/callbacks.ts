import { BlockList, isIP } from "node:net";
import type { Flow } from "../../escalation/flow.ts";
import { type Check, checksOf, list } from "../check.ts";

/** Resolves a host's name to its addresses; rejects if it has none. */
export type Resolve = (host: string) => Promise<string[]>;

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  PRIVATE.addSubnet(network, bits, "ipv4");
}
for (const [network, bits] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
] as const) {
  PRIVATE.addSubnet(network, bits, "ipv6");
}

/** True for addresses of this machine or its own network. An IPv4 address written as IPv6 counts as IPv4. */
export function isPrivate(address: string): boolean {
  const [bare = ""] = address.split("%");
  return PRIVATE.check(bare, isIP(bare) === 6 ? "ipv6" : "ipv4");
}

/** Checks the URLs of callbacks. Posts nothing. */
export async function callbackChecks(flows: readonly Flow[], resolve: Resolve): Promise<Check[]> {
  const checks = checksOf("callbacks");
  const given = flows.flatMap(({ name, callbacks }) => (callbacks === undefined ? [] : [{ flow: name, ...callbacks }]));
  return Promise.all(
    given.map(async ({ flow, url }): Promise<Check> => {
      const { hostname, protocol } = new URL(url);
      const host = hostname.replace(/^\[|\]$/g, "");
      const name = `callback of ${flow}`;
      let addresses: string[];
      try {
        addresses = await resolve(host);
      } catch {
        return checks.failure(name, `${host} has no address: look at callbacks.url of the flow, and at DNS`);
      }
      const own = addresses.filter(isPrivate);
      const says = `${host} is ${list(addresses)}`;
      if (own.length > 0) {
        return checks.warning(name, `${says}: private, of this machine or its network; right only for a bot there`);
      }
      if (protocol === "http:") {
        return checks.warning(name, `${says}, and the callback goes there unencrypted: use https`);
      }
      return checks.ok(name, `${says}, which is public`);
    }),
  );
}

/** Finds the host of the alerts' webhook. It may be inside the operator's network. */
export async function alertHostCheck(url: string, resolve: Resolve): Promise<Check> {
  const checks = checksOf("configuration");
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  try {
    return checks.ok("webhook of alerts", `${host} is ${list(await resolve(host))}`);
  } catch {
    return checks.failure("webhook of alerts", `${host} has no address: look at ALERT_WEBHOOK_URL, and at DNS`);
  }
}
