import { expect, it } from "vitest";
import { parseJson } from "../../src/events/reading/json.ts";

it("keeps the digits of numbers on this runtime too", () => {
  expect(parseJson('{"a":3012345678901234567,"b":10.10,"c":0.5}')).toEqual({
    a: "3012345678901234567",
    b: "10.10",
    c: 0.5,
  });
});
