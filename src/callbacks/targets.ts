/** Checks a callback's target, as far as the URL alone tells. */
import { isIP } from "node:net";
import { isSpecialAddress } from "./special-addresses.ts";

/** Without the brackets that a URL has around IPv6. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "");

/** `allowedHosts`: names or addresses as a URL writes them, with or without a port; of these any address and plain http will do. */
export function createTargets(allowedHosts: readonly string[]) {
  const allowed = new Set(allowedHosts);

  const isAllowed = ({ hostname, port, protocol }: URL): boolean =>
    allowed.has(hostname) || allowed.has(`${hostname}:${port || (protocol === "https:" ? "443" : "80")}`);

  return {
    isAllowed,
    /** Why nothing is ever sent to this URL, as far as can be told without resolving its name. */
    refusalOf(text: string): string | null {
      const url = new URL(text);
      if (isAllowed(url)) return null;
      if (url.protocol !== "https:") return "not-https";
      const host = hostOf(url);
      // RFC 6761: these names are loopback, whatever a name server says.
      if (/(^|\.)localhost\.?$/.test(host)) return "private-address";
      return isIP(host) !== 0 && isSpecialAddress(host) ? "private-address" : null;
    },
  };
}
