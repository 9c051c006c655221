/** Checks a callback's URL, as far as the URL alone tells. */
import { isIP } from "node:net";
import { isPrivateAddress } from "./private-addresses.ts";

/** Returns the host without the brackets that a URL puts around IPv6. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "");

/** `allowedHosts`: names or addresses as in a URL, with or without a port. They may have any address and plain http. */
export function createUrlPolicy(allowedHosts: readonly string[]) {
  const allowed = new Set(allowedHosts);

  const isAllowed = ({ hostname, port, protocol }: URL): boolean =>
    allowed.has(hostname) || allowed.has(`${hostname}:${port || (protocol === "https:" ? "443" : "80")}`);

  return {
    isAllowed,
    /** Reason why nothing is ever sent to this URL, as far as the URL alone tells. */
    refusalOf(text: string): string | null {
      const url = new URL(text);
      if (isAllowed(url)) return null;
      if (url.protocol !== "https:") return "not-https";
      const host = hostOf(url);
      // RFC 6761: these names are loopback, whatever a name server says.
      if (/(^|\.)localhost\.?$/.test(host)) return "private-address";
      return isIP(host) !== 0 && isPrivateAddress(host) ? "private-address" : null;
    },
  };
}
