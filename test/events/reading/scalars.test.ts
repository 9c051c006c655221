import { describe, expect, it } from "vitest";
import { isAbsent, looksLikePhone, readId, readNumber } from "../../../src/events/reading/scalars.ts";

describe("isAbsent", () => {
  it.each([null, undefined, "", "  ", "null", "undefined", "{{orderId}}", " {{ customer.name }} "])(
    "holds for %j",
    (value) => {
      expect(isAbsent(value)).toBe(true);
    },
  );

  it.each([0, false, "0", "nullable", "order {{orderId}}", "{orderId}", {}, []])("does not hold for %j", (value) => {
    expect(isAbsent(value)).toBe(false);
  });
});

describe("looksLikePhone", () => {
  it.each(["385911234567", "+385911234567", "+385 (91) 123-4567", "(091) 1234.567"])("holds for %s", (text) => {
    expect(looksLikePhone(text)).toBe(true);
  });

  it.each(["", "12345", "1234567890123456", "ana@example.com", "37B93F4D2BA3C58B", "+", "tel 385911234567"])(
    "does not hold for %s",
    (text) => {
      expect(looksLikePhone(text)).toBe(false);
    },
  );
});

describe("readId", () => {
  it("reads a number only while all its digits are known", () => {
    expect(readId(Number.MAX_SAFE_INTEGER)).toBe("9007199254740991");
    expect(readId(Number.MAX_SAFE_INTEGER + 1)).toBeUndefined();
    expect(readId(1.5)).toBeUndefined();
  });

  it("reads nothing that is no id", () => {
    expect([true, null, {}, "", "a b", "žaba", "x".repeat(201)].map(readId)).toEqual(Array(7).fill(undefined));
    expect(readId(" s-1 ")).toBe("s-1");
  });
});

describe("readNumber", () => {
  it("reads numbers and strings that are numbers", () => {
    expect([0.4, "0.4", " -1 ", "1e-1"].map(readNumber)).toEqual([0.4, 0.4, -1, 0.1]);
  });

  it("reads nothing else", () => {
    expect(["", " ", "high", "0.4%", "Infinity", Number.NaN, true, null, [1]].map(readNumber)).toEqual(
      Array(9).fill(undefined),
    );
  });
});
