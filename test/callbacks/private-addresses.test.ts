import { describe, expect, it } from "vitest";
import { isPrivateAddress } from "../../src/callbacks/private-addresses.ts";
import { fc } from "../fuzz/fast-check.ts";

/** Ranges written out again, as first and last address, so that a slip in the list cannot hide itself. */
const RANGES: [string, number, number][] = [
  ["this network", 0x00_00_00_00, 0x00_ff_ff_ff],
  ["private 10/8", 0x0a_00_00_00, 0x0a_ff_ff_ff],
  ["shared by a carrier's NAT", 0x64_40_00_00, 0x64_7f_ff_ff],
  ["loopback", 0x7f_00_00_00, 0x7f_ff_ff_ff],
  ["link-local, with cloud metadata", 0xa9_fe_00_00, 0xa9_fe_ff_ff],
  ["private 172.16/12", 0xac_10_00_00, 0xac_1f_ff_ff],
  ["IETF protocols", 0xc0_00_00_00, 0xc0_00_00_ff],
  ["documentation 192.0.2/24", 0xc0_00_02_00, 0xc0_00_02_ff],
  ["6to4 relays", 0xc0_58_63_00, 0xc0_58_63_ff],
  ["private 192.168/16", 0xc0_a8_00_00, 0xc0_a8_ff_ff],
  ["benchmarks", 0xc6_12_00_00, 0xc6_13_ff_ff],
  ["documentation 198.51.100/24", 0xc6_33_64_00, 0xc6_33_64_ff],
  ["documentation 203.0.113/24", 0xcb_00_71_00, 0xcb_00_71_ff],
  ["multicast and reserved", 0xe0_00_00_00, 0xff_ff_ff_ff],
  ["a cloud's host", 0xa8_3f_81_10, 0xa8_3f_81_10],
];

const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
const hex = (value: number): string => `${(value >>> 16).toString(16)}:${(value & 0xff_ff).toString(16)}`;
const isInside = (value: number): boolean => RANGES.some(([, first, last]) => value >= first && value <= last);
const group = fc.integer({ min: 0, max: 0xff_ff });
const groups = (n: number) => fc.array(group, { minLength: n, maxLength: n });
const written = (parts: number[]): string => parts.map((it) => it.toString(16)).join(":");

it.each(RANGES)("takes every address of %s for special, in whatever form", (_, first, last) => {
  const any = fc.oneof(fc.constantFrom(first, last), fc.integer({ min: first, max: last }));
  fc.assert(
    fc.property(any, (value) => {
      const forms = [
        dotted(value),
        `::ffff:${dotted(value)}`,
        `::FFFF:${hex(value)}`,
        `0:0:0:0:0:ffff:${hex(value)}`,
        `::${dotted(value)}`,
        `::ffff:0:${dotted(value)}`,
        `64:ff9b::${dotted(value)}`,
        `64:ff9b:0:0:0:0:${hex(value)}`,
        `64:ff9b:1::${hex(value)}`,
        `2002:${hex(value)}::1`,
      ];
      expect(forms.filter((address) => !isPrivateAddress(address))).toEqual([]);
    }),
  );
});

it("takes every other IPv4 address for public, by itself, mapped, and through NAT64", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xff_ff_ff_ff }), (value) => {
      fc.pre(!isInside(value));
      const forms = [dotted(value), `::ffff:${dotted(value)}`, `::ffff:${hex(value)}`, `64:ff9b::${hex(value)}`];
      expect(forms.filter(isPrivateAddress)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

it("takes all IPv6 outside of 2000::/3 for special, and of that Teredo, ORCHID, documentation and 6to4", () => {
  const outside = fc
    .tuple(group, groups(7))
    .filter(([head]) => head >> 13 !== 1)
    .map(([head, rest]) => [head, ...rest])
    // The two ranges that hold IPv4 addresses have a test of their own.
    .filter((parts) => !/^(0:0:0:0:0:ffff|64:ff9b:0:0:0:0):/.test(written(parts)));
  const inside = fc.oneof(
    fc
      .tuple(fc.constant(0x2001), fc.integer({ min: 0, max: 0x01_ff }), groups(6))
      .map(([a, b, rest]) => [a, b, ...rest]),
    groups(6).map((rest) => [0x2001, 0x0db8, ...rest]),
    groups(7).map((rest) => [0x2002, ...rest]),
    fc.tuple(fc.integer({ min: 0, max: 0x0f_ff }), groups(6)).map(([b, rest]) => [0x3fff, b, ...rest]),
  );
  fc.assert(
    fc.property(fc.oneof(outside, inside), (parts) => {
      expect(isPrivateAddress(written(parts))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

it("takes what is in nobody's list for public", () => {
  const other = fc
    .tuple(fc.integer({ min: 0x2003, max: 0x3ffe }), groups(7))
    .map(([head, rest]) => written([head, ...rest]));
  fc.assert(
    fc.property(other, (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    }),
  );
});

it("takes what is no address for special", () => {
  for (const text of [
    "",
    "bot.example",
    "127.1",
    "0x7f.1",
    "1.2.3.4.5",
    "fe80::1%eth0",
    "2606:4700::1%eth0",
    "[::1]",
  ]) {
    expect(isPrivateAddress(text)).toBe(true);
  }
});

describe("isPrivateAddress", () => {
  const byte = fc.integer({ min: 0, max: 255 });

  it("knows the addresses of this machine and its networks, also as IPv6 writes them", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("10", "127", "192.168", "169.254", "172.20", "100.64"),
        byte,
        byte,
        byte,
        (net, ...b) => {
          const address = [...net.split("."), ...b].slice(0, 4).join(".");
          expect(isPrivateAddress(address)).toBe(true);
          expect(isPrivateAddress(`::ffff:${address}`)).toBe(true);
        },
      ),
    );
    for (const address of ["::1", "fd00::1", "fe80::1%eth0", "0.0.0.0"]) expect(isPrivateAddress(address)).toBe(true);
  });

  it("knows those of others", () => {
    for (const address of ["8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2001:4860:4860::8888"]) {
      expect(isPrivateAddress(address)).toBe(false);
    }
  });
});
