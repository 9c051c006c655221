import { describe, expect, it } from "vitest";
import { readPrefer } from "../../src/http/prefer.ts";

const OTHERWISE = 3_000;

describe("Prefer", () => {
  it.each([
    [undefined, OTHERWISE, ""],
    ["", OTHERWISE, ""],
    ["respond-async", 0, "respond-async"],
    ["wait=10", 10_000, "wait=10"],
    ["respond-async, wait=10", 10_000, "respond-async, wait=10"],
    ["wait=10, respond-async", 10_000, "respond-async, wait=10"],
    ["respond-async,wait=10", 10_000, "respond-async, wait=10"],
    ["RESPOND-ASYNC, Wait = 10", 10_000, "respond-async, wait=10"],
    ['wait="10"', 10_000, "wait=10"],
    ["wait=0", 0, "wait=0"],
    ["wait=25", 25_000, "wait=25"],
    ["wait=26", 25_000, "wait=25"],
    ["wait=999999999", 25_000, "wait=25"],
    ["wait=10; why=busy", 10_000, "wait=10"],
    ['respond-async; note="a, wait=3; b"', 0, "respond-async"],
    ['return=minimal, handling="lenient, wait=9", wait=2', 2_000, "wait=2"],
    ["return=minimal; respond-async", OTHERWISE, ""],
    ["wait=2, wait=9", 2_000, "wait=2"],
    [", ,wait=4,", 4_000, "wait=4"],
    ["respond-async=1", 0, "respond-async"],
    ["wait", OTHERWISE, ""],
    ["wait=", OTHERWISE, ""],
    ["wait=-1", OTHERWISE, ""],
    ["wait=1.5", OTHERWISE, ""],
    ["wait=soon, respond-async", 0, "respond-async"],
    ["waiting=5", OTHERWISE, ""],
    ['wait="', OTHERWISE, ""],
  ])("%s", (prefer, waitMs, applied) => {
    expect(readPrefer(prefer, OTHERWISE)).toEqual({ waitMs, applied });
  });

  // This takes minutes if each character is read as often as there are others.
  it.each([
    ["a".padEnd(600_000)],
    [`a${" ".repeat(600_000)}b`],
    [`a="${"\\\\".repeat(300_000)}`],
    [",".repeat(600_000)],
  ])("is read to its end, however it is made to be slow", (prefer) => {
    expect(readPrefer(prefer, OTHERWISE)).toBeDefined();
  });
});
