import { describe, expect, it } from "vitest";
import { codeOf, NOT_CONNECTED, notSentCode } from "../../src/infobip/network-error.ts";
import { retryAfterMs } from "../../src/infobip/retry-after.ts";

const fault = (code: string, syscall?: string) => Object.assign(new Error("x"), { code, ...(syscall && { syscall }) });
const around = (cause: unknown, code?: string) =>
  Object.assign(new TypeError("fetch failed", { cause }), code && { code });
const attempts = (...errors: Error[]) => Object.assign(new AggregateError(errors), { code: "ECONNREFUSED" });

describe("notSentCode", () => {
  it.each([
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "UND_ERR_CONNECT_TIMEOUT",
    "UND_ERR_CLOSED",
    "CERT_HAS_EXPIRED",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "ERR_TLS_CERT_ALTNAME_INVALID",
  ])("takes %s for not sent, also as a cause", (code) => {
    expect(notSentCode(fault(code))).toBe(code);
    expect(notSentCode(around(around(fault(code))))).toBe(code);
  });

  it.each([
    "ECONNRESET",
    "EPIPE",
    "EPROTO",
    "ETIMEDOUT",
    "UND_ERR_SOCKET",
    "UND_ERR_DESTROYED",
    "ERR_SSL_BAD_RECORD_MAC",
  ])("leaves %s open", (code) => {
    expect(notSentCode(fault(code))).toBeNull();
    expect(notSentCode(around(fault(code)))).toBeNull();
  });

  it("goes by the system call: a host may also become unreachable when the request is on its way", () => {
    expect(notSentCode(fault("EHOSTUNREACH", "connect"))).toBe("EHOSTUNREACH");
    expect(notSentCode(fault("EHOSTUNREACH", "read"))).toBeNull();
    expect(notSentCode(fault("ETIMEDOUT", "connect"))).toBe("ETIMEDOUT");
    expect(notSentCode(fault("ETIMEDOUT", "read"))).toBeNull();
  });

  it("believes the transport that no connection came about, and names the cause", () => {
    expect(notSentCode(around(fault("ECONNRESET", "read"), NOT_CONNECTED))).toBe("ECONNRESET");
    expect(notSentCode(around(new Error("x"), NOT_CONNECTED))).toBe(NOT_CONNECTED);
    expect(notSentCode(around(attempts(fault("ETIMEDOUT")), "UND_ERR_CONNECT_TIMEOUT"))).toBe("ETIMEDOUT");
  });

  it("wants a proof from every one of several attempts", () => {
    expect(notSentCode(attempts(fault("ECONNREFUSED"), fault("ENETUNREACH")))).toBe("ECONNREFUSED");
    expect(notSentCode(attempts(fault("ECONNREFUSED"), fault("ECONNRESET")))).toBeNull();
  });

  it("leaves open what has no code, is no error, or goes round in a circle", () => {
    const circle = new Error("x");
    circle.cause = circle;
    for (const thrown of [new TypeError("Network connection lost"), "ECONNREFUSED", null, { code: 7 }, circle]) {
      expect(notSentCode(thrown)).toBeNull();
      expect(codeOf(thrown)).toBeNull();
    }
  });
});

describe("retryAfterMs", () => {
  const NOW = Date.parse("2026-11-23T10:00:00Z");
  it.each([
    ["5", 5_000],
    [" 5 ", 5_000],
    ["0", 0],
    ["1.5", 1_500],
    ["601", 600_000],
    ["999999999999999", 600_000],
    ["Mon, 23 Nov 2026 10:00:30 GMT", 30_000],
    ["Monday, 23-Nov-26 10:00:30 GMT", 30_000],
    ["Fri, 01 Jan 2100 00:00:00 GMT", 600_000],
    ["Mon, 23 Nov 2026 09:59:59 GMT", null],
    ["Mon, 99 Foo 2026 10:00:30 GMT", null],
    ["-5", null],
    ["1e3", null],
    ["9".repeat(400), null],
    ["2999", 600_000],
    ["2999-01-01", null],
    ["soon", null],
    ["", null],
  ])("reads %j as %j", (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });
});
