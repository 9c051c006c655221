import { describe, expect, it } from "vitest";
import { decodeHeader } from "../../../src/events/cloud-events/headers.ts";

describe("decodeHeader", () => {
  it.each([
    ["e-0001", "e-0001"],
    ["Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"],
    ['"a \\"quoted\\" \\\\ value"', 'a "quoted" \\ value'],
    ['"100%25"', "100%"],
    ["%2541", "%41"],
    ["50%", "50%"],
    ["a%zzb", "a%zzb"],
    ["é", "é"],
  ])("reads %j", (value, expected) => {
    expect(decodeHeader(value)).toEqual({ ok: true, value: expected });
  });

  it.each(["%C3%28", "%E2%82", "%FF"])("refuses %s, which is no UTF-8", (value) => {
    expect(decodeHeader(value)).toEqual({ ok: false, error: "not-utf-8" });
  });
});
