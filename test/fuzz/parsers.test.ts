import { describe, expect, it } from "vitest";
import { readTimestamp } from "../../src/events/reading/timestamp.ts";
import { parseBody } from "../../src/http/body.ts";
import { readPrefer } from "../../src/http/prefer.ts";
import { toBaseUrl } from "../../src/infobip/base-url.ts";
import { retryAfterMs } from "../../src/infobip/retry-after.ts";
import { anyJson } from "../events/support/payloads.ts";
import { anyText, fc } from "./fast-check.ts";
import { runs } from "./runs.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const text = anyText({ maxLength: 60 });

/** Text of pieces that a parser looks for, and of anything else. */
const textOf = (...pieces: string[]): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 12 })
    .map((all) => all.join(""));

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe("a body", () => {
  /** A number that JavaScript would write with other digits is read as its text. */
  const withNumbers = (value: unknown): string =>
    JSON.stringify(value, (_, it) => (typeof it === "string" && !Number.isNaN(Number(it)) ? Number(it) : it));

  /** What JSON makes of a text without the white space around it, and of JSON in a string of JSON. */
  const readingsOf = (text: string): string[] => {
    const value: unknown = JSON.parse(text.trim());
    if (typeof value !== "string") return [withNumbers(value)];
    try {
      return [withNumbers(value), ...readingsOf(value)];
    } catch {
      return [withNumbers(value)];
    }
  };

  it("is read as JSON reads it, whatever it holds", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        fc.pre(depthOf(value) <= 32);
        const read = parseBody(new TextEncoder().encode(JSON.stringify(value)));
        expect(read.ok && withNumbers(read.value)).toBe(withNumbers(value));
      }),
      runs(500),
    );
  });

  it("of any bytes is read or refused, without a word of it", () => {
    const pieces = textOf("{", "}", "[", "]", '"', "\\", "\\u", ":", ",", "1e999", "null", '{"a":', " ", "\u0000");
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      pieces.map((it) => new TextEncoder().encode(it)),
    );
    fc.assert(
      fc.property(bytes, (body) => {
        const read = parseBody(body);
        if (read.ok) expect(readingsOf(new TextDecoder().decode(body))).toContain(withNumbers(read.value));
        else
          expect(read.error).toMatch(
            /^It is (not valid UTF-8|empty; JSON is expected|nested deeper than 32 levels|not valid JSON)\.$/,
          );
      }),
      runs(2_000),
    );
  });
});

describe("a time", () => {
  it("is read as it was written, or not at all", () => {
    const date = fc.date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (at, minutes) => {
        expect(readTimestamp(at.toISOString())).toBe(at.toISOString());
        const there = new Date(at.getTime() + minutes * 60_000).toISOString();
        fc.pre(/^\d{4}-/.test(there));
        const clock = `${String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0")}${String(Math.abs(minutes) % 60).padStart(2, "0")}`;
        expect(readTimestamp(there.replace("Z", `${minutes < 0 ? "-" : "+"}${clock}`))).toBe(at.toISOString());
      }),
      runs(500),
    );
  });

  it("of anything at all is a time of RFC 3339 or nothing", () => {
    const pieces = textOf("2026-11-23", "T", "10:00:00", ".123", "Z", "+0000", "-99:99", "9999999999999999", "-1", " ");
    fc.assert(
      fc.property(fc.oneof(pieces, text, fc.double(), anyJson), (value) => {
        const read = readTimestamp(value);
        if (read !== undefined) expect(new Date(read).toISOString()).toBe(read);
      }),
      runs(2_000),
    );
  });
});

it("a preference leads to a wait of 0 to 25 seconds", () => {
  const pieces = textOf("wait", "=", "respond-async", ",", " ", "999999999", "-1", "1.5", "WAIT=3", ";", '"');
  fc.assert(
    fc.property(fc.oneof(pieces, text), (prefer) => {
      const { waitMs: ms, applied } = readPrefer(prefer, 3_000);
      expect(applied).toMatch(/^(respond-async)?(, )?(wait=\d{1,2})?$/);
      expect(Number.isInteger(ms) && ms >= 0 && ms <= 25_000).toBe(true);
    }),
    runs(2_000),
  );
});

it("a Retry-After leads to a wait of up to ten minutes, or to none", () => {
  const pieces = textOf("Mon", ", ", "23 Nov 2026", " 10:00:00", " GMT", "120", "-5", "1e9", ".5", "Infinity", "0x10");
  fc.assert(
    fc.property(fc.oneof(pieces, text), (header) => {
      const ms = retryAfterMs(header, NOW);
      expect(ms === null || (Number.isInteger(ms) && ms >= 0 && ms <= 600_000)).toBe(true);
    }),
    runs(2_000),
  );
});

it("a base URL is an origin over https or on loopback, or is refused without being repeated", () => {
  const pieces = textOf(
    "https://",
    "http://",
    "x.api.infobip.com",
    "127.0.0.1",
    "localhost",
    ":8080",
    "/",
    "@",
    "?",
    "#",
    "\\",
    "[::1]",
    "ftp:",
    "%",
    "\t",
  );
  const mark = "mark7f";
  fc.assert(
    fc.property(fc.oneof(pieces, text), fc.boolean(), (given, isMarked) => {
      const read = toBaseUrl(isMarked ? given + mark : given);
      if (!read.ok) return void expect(read.error).not.toContain(mark);
      expect(new URL(read.value).origin).toBe(read.value);
      expect(toBaseUrl(read.value)).toEqual(read);
      expect(read.value).toMatch(/^https:\/\/|^http:\/\/(.+\.)?(localhost|127[.\d]+|\[::1\])(:\d+)?$/);
    }),
    runs(2_000),
  );
});
