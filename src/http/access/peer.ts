/** Names whoever sends a request without telling their address. */
import { createHmac } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";

/** Enough to tell peers apart. */
const DIGITS = 16;

/** The address by `X-Forwarded-For`, of which so many entries at its end were written by proxies that are trusted. */
export function addressOf(
  connected: string | undefined,
  forwardedFor: string | null | undefined,
  trustedProxies: number,
): string {
  const own = connected ?? "";
  if (trustedProxies === 0 || !forwardedFor) return own;
  const entries = forwardedFor.split(",").map((entry) => entry.trim());
  const entry = entries.at(-Math.min(trustedProxies, entries.length)) ?? "";
  return isIPv4(entry) || isIPv6(entry) ? entry : own;
}

/** One network: whoever has an IPv6 address has 2^64 of them. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = "", tail] = (address.split("%")[0] ?? "").toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  const behind = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : 8 - groups.length - behind.length;
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill("0"), ...behind];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}

/** `key`: of this process, so that nobody can look an address up by its hash. */
export const nameOfPeer = (key: Uint8Array, address: string): string =>
  createHmac("sha256", key).update(networkOf(address)).digest("hex").slice(0, DIGITS);
