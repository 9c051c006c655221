/** Addresses outside the public internet, in any form: a callback must not reach them by accident. */
import { BlockList, isIP, isIPv4 } from "node:net";

/** IANA's special-purpose registry (RFC 6890 and its updates), multicast, and one public address that a cloud gives its host. */
const IPV4: readonly [string, number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["168.63.129.16", 32],
];
/** Inside 2000::/3, the only global unicast: protocols with Teredo, documentation, 6to4. */
const IPV6: readonly [string, number][] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const special = new BlockList();
for (const [net, prefix] of IPV4) special.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of IPV6) special.addSubnet(net, prefix, "ipv6");
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");
/**
 * IPv4 inside IPv6: mapped addresses, and the well-known prefix of NAT64, through which a host without IPv4 reaches all of IPv4.
 */
const ipv4Inside = new BlockList();
ipv4Inside.addSubnet("::ffff:0:0", 96, "ipv6");
ipv4Inside.addSubnet("64:ff9b::", 96, "ipv6");

/** A text that is no address counts as special. */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) return special.check(address, "ipv4");
  // Only link-local addresses have a zone ("%eth0").
  if (isIP(address) === 0 || address.includes("%")) return true;
  if (ipv4Inside.check(address, "ipv6")) return special.check(lastFourBytes(address), "ipv4");
  return !globalUnicast.check(address, "ipv6") || special.check(address, "ipv6");
}

function lastFourBytes(address: string): string {
  // A URL writes an address in its shortest form, all in hexadecimal.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(":");
  const [high = 0, low = 0] = groups.slice(-2).map((group) => Number.parseInt(group || "0", 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
