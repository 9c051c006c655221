import { describe, expect, it } from "vitest";
import { readTraceparent, traceFieldOf } from "../../src/trace/traceparent.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";

describe("a traceparent", () => {
  it.each([
    ["sampled", `00-${TRACE}-${PARENT}-01`, `00-${TRACE}-${PARENT}-01`],
    ["not sampled", `00-${TRACE}-${PARENT}-00`, `00-${TRACE}-${PARENT}-00`],
    ["with a random trace id", `00-${TRACE}-${PARENT}-03`, `00-${TRACE}-${PARENT}-03`],
    ["with flags that are not defined, without them", `00-${TRACE}-${PARENT}-ff`, `00-${TRACE}-${PARENT}-03`],
    ["of a later version, as 00", `cc-${TRACE}-${PARENT}-01`, `00-${TRACE}-${PARENT}-01`],
    ["of a later version with more in it", `cc-${TRACE}-${PARENT}-01-what-comes`, `00-${TRACE}-${PARENT}-01`],
  ])("is read: %s", (_, given, read) => {
    expect(readTraceparent(given)).toBe(read);
  });

  it.each([
    ["absent", null],
    ["empty", ""],
    ["of version ff", `ff-${TRACE}-${PARENT}-01`],
    ["of version 00 with more in it", `00-${TRACE}-${PARENT}-01-more`],
    ["of a later version with something right behind it", `cc-${TRACE}-${PARENT}-01.more`],
    ["in upper case", `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ["with a trace id of zeros", `00-${"0".repeat(32)}-${PARENT}-01`],
    ["with a parent id of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["too short", `00-${TRACE.slice(1)}-${PARENT}-01`],
    ["without flags", `00-${TRACE}-${PARENT}`],
    ["given twice", `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`],
    ["with a line break", `00-${TRACE}-${PARENT}-01\n`],
    ["something else", "385912345678"],
  ])("counts as none: %s", (_, given) => {
    expect(readTraceparent(given)).toBeUndefined();
  });

  it("gives log lines its trace id", () => {
    expect(traceFieldOf(`00-${TRACE}-${PARENT}-01`)).toEqual({ traceId: TRACE });
    expect([traceFieldOf(undefined), traceFieldOf(null)]).toEqual([{}, {}]);
  });
});
