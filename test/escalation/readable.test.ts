import { describe, expect, it } from "vitest";
import { oneLine, sanitize } from "../../src/escalation/text/sanitize.ts";

describe("readable", () => {
  it.each([
    ["a\r\nb\u2028c", "a\nb\nc"],
    ["a\u0000\u0007b", "ab"],
    ["invoice\u202egpj.exe\u202c", "invoicegpj.exe"],
    ["\u2066a\u2067b\u2068c\u2069", "abc"],
    ["\u202aa\u202bb\u202cc\u202dd", "abcd"],
    ["half \ud83d", "half \ufffd"],
  ])("%j", (text, expected) => {
    expect(sanitize(text)).toBe(expected);
  });

  it("leaves the marks that right-to-left keyboards write, and joiners", () => {
    const text = "שלום\u200f! نمی\u200cخواهم 👨\u200d👩\u200d👧";
    expect(sanitize(text)).toBe(text);
  });
});

describe("oneLine", () => {
  it("has one line that runs one way", () => {
    expect(oneLine(" \u200fAna\u061c\n\u202eHorvat\t\u200e ")).toBe("Ana Horvat");
  });
});
