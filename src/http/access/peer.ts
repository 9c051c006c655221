/** Names the sender of a request without its address. */
import { createHmac } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";

/** Enough to distinguish peers. */
const DIGITS = 16;

/** Finds the sender's address. Trusted proxies wrote the last `trustedProxies` entries of `X-Forwarded-For`. */
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

/** Reduces an address to its network: an owner of one IPv6 address has 2^64 of them. */
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

/** `key`: random in each process, so that nobody can look an address up by its hash. */
export const nameOfPeer = (key: Uint8Array, address: string): string =>
  createHmac("sha256", key).update(networkOf(address)).digest("hex").slice(0, DIGITS);
