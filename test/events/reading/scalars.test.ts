import { describe, expect, it } from "vitest";
import { isAbsent, isAbsentLabel, isUnwritten } from "../../../src/events/reading/absent.ts";
import { looksLikePhone } from "../../../src/events/reading/scalars.ts";
import { readNumber } from "../../../src/events/reading/scores.ts";
import { readId, readSession, sessionNamesOf, sessionOfContact } from "../../../src/events/reading/session-name.ts";

describe("isAbsent", () => {
  it.each([
    ...[null, undefined, "", "  ", "null", "NULL", "undefined", "N/A", "n/a", "None", "NaN", "-", "[object Object]"],
    ...["{{orderId}}", " {{ customer.name }} ", "{{{orderId}}}", ["$", "{orderId}"].join(""), "<%= orderId %>"],
  ])("holds for %j", (value) => {
    expect(isAbsent(value)).toBe(true);
  });

  it.each([0, false, "0", "nullable", "order {{orderId}}", "{orderId}", "none", "a-b", {}, []])(
    "does not hold for %j",
    (value) => {
      expect(isAbsent(value)).toBe(false);
    },
  );

  it("holds for a name that is 'none', and for no customer's words but an unfilled placeholder", () => {
    expect(["none", "NONE", "nil"].map(isAbsentLabel)).toEqual([true, true, true]);
    expect(["null", "undefined", "N/A", "-", "none"].map(isUnwritten)).toEqual(Array(5).fill(false));
    expect(["{{text}}", null, undefined].map(isUnwritten)).toEqual(Array(3).fill(true));
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
    expect([true, null, {}, "", "N/A", "none"].map(readId)).toEqual(Array(6).fill(undefined));
    expect(readId(" s-1 ")).toBe("s-1");
  });

  it("makes a hash of an id that is too long or not printable ASCII, always the same one", () => {
    const long = "29:1".padEnd(258, "x");
    for (const id of [long, "narudžba 7", "a b"]) {
      expect(readId(id)).toMatch(/^sha256-[\w-]{43}$/);
      expect(readId(id)).toBe(readId(` ${id} `));
    }
    expect(readId(`${long}y`)).not.toBe(readId(long));
  });
});

describe("readSession", () => {
  it.each([".", "..", "", "{{session}}", "chat-{{session}}", "[object Object]", "null", "N/A", true, {}, [1]])(
    "finds no session in %j",
    (value) => {
      expect(readSession(value)).toBeUndefined();
    },
  );

  it("takes a number, and any other text", () => {
    expect([123456789, "...", "a/b"].map(readSession)).toEqual(["123456789", "...", "a/b"]);
  });
});

describe("sessionOfContact", () => {
  it("is one for all spellings of a phone", () => {
    const spellings = ["+385 91 234 5999", "385912345999", "00385912345999", "+385-91-234-5999", "(385) 912345999"];
    expect(new Set([...spellings, "+385 (0)91 234 5999"].map(sessionOfContact))).toEqual(new Set(["385912345999"]));
  });

  it("ignores the case of an e-mail address, and leaves other names as they are", () => {
    expect(sessionOfContact("Ana@Example.COM")).toBe("ana@example.com");
    expect(sessionOfContact("User-7")).toBe("User-7");
    expect(sessionOfContact("")).toBeUndefined();
  });

  it("is found again by the name a bot has for it", () => {
    expect(sessionNamesOf("+385 91 234 5999")).toContain("385912345999");
    expect(sessionNamesOf("soba č")).toContain(readSession("soba č"));
    expect(sessionNamesOf("s-1")).toEqual(["s-1"]);
  });
});

describe("readNumber", () => {
  it("reads numbers and strings that are numbers", () => {
    expect([0.4, "0.4", " -1 ", "1e-1", "0,12", "87%"].map((it) => readNumber(it)?.number)).toEqual([
      0.4, 0.4, -1, 0.1, 0.12, 87,
    ]);
  });

  it("reads nothing else", () => {
    expect(["", " ", "high", "1.000,5", "Infinity", Number.NaN, true, null, [1]].map(readNumber)).toEqual(
      Array(9).fill(undefined),
    );
  });
});
