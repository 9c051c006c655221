import { describe, expect, it } from "vitest";
import { isBinaryMode, isUnreadFormat, readData, UNREAD } from "../../../src/events/cloud-events/media-type.ts";
import { err, ok, type Result } from "../../../src/result.ts";

const of = (type?: string, more: Record<string, string> = {}) =>
  new Headers({ ...(type !== undefined && { "content-type": type }), ...more });
const attributes = { "ce-specversion": "1.0", "ce-id": "7", "ce-source": "/shop", "ce-type": "bot.error" };
const parse = (bytes: Uint8Array): Result<unknown, string> => {
  try {
    return ok(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return err("no JSON");
  }
};
const read = (text: string, type: string | null) => readData(new TextEncoder().encode(text), type, parse);

describe("the media type of a CloudEvent", () => {
  it.each([
    [undefined, false],
    ["application/json", false],
    ["application/cloudevents", false],
    ["application/cloudevents+json; charset=utf-8", false],
    ["application/cloudevents-batch+JSON", false],
    ["application/cloudevents+avro", true],
    ["Application/CloudEvents+XML", true],
  ])("%j is of a format that is not read: %j", (type, expected) => {
    expect(isUnreadFormat(of(type))).toBe(expected);
  });

  it("says whether the attributes are in headers: all that are required, and no envelope", () => {
    expect(isBinaryMode(of("application/json", attributes))).toBe(true);
    expect(isBinaryMode(of(undefined, attributes))).toBe(true);
    expect(isBinaryMode(of("application/cloudevents+json", attributes))).toBe(false);
    expect(isBinaryMode(of("application/json", { "ce-id": "7" }))).toBe(false);
    expect(isBinaryMode(of())).toBe(false);
  });
});

describe("readData", () => {
  it.each([
    ["", "application/json", ok({})],
    ['{"a":1}', null, ok({ a: 1 })],
    ['{"a":1}', " ", ok({ a: 1 })],
    ['{"a":1}', "application/vnd.shop+json", ok({ a: 1 })],
    ['["a"]', "text/plain", ok(["a"])],
    ["7", "text/plain", ok("7")],
    ["hi", "text/markdown", ok("hi")],
    ["<a/>", "text/xml", ok(UNREAD)],
    ["hi", "application/avro", ok(UNREAD)],
    ["hi", "application/json", err("no JSON")],
    ["hi", null, err("no JSON")],
  ])("of %j as %j", (text, type, expected) => {
    expect(read(text, type)).toEqual(expected);
  });

  it("does not read a text that is no UTF-8", () => {
    expect(readData(new Uint8Array([0xff]), "text/plain", parse)).toEqual(ok(UNREAD));
  });
});
