import { expect, it } from "vitest";
import { parseJson } from "../../../src/events/reading/json.ts";

it.each([
  ['{"a":3012345678901234567}', { a: "3012345678901234567" }],
  ['{"a":10.10, "b":[1.50]}', { a: "10.10", b: ["1.50"] }],
  ['{"a":1e21}', { a: "1e21" }],
  ['{"a":9007199254740993,"b":1}', { a: "9007199254740993", b: 1 }],
  ['{"a":0.5,"b":-7,"c":42,"d":"10.10"}', { a: 0.5, b: -7, c: 42, d: "10.10" }],
])("keeps the digits of %s", (text, value) => {
  expect(parseJson(text)).toEqual(value);
});
