import { describe, expect, it } from "vitest";
import { contentId } from "../../src/events/content-id.ts";
import { idSchema } from "../../src/events/event.ts";
import { fc } from "../fuzz/fast-check.ts";
import { anyJson } from "./support/payloads.ts";

/** Returns the same content with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe("contentId", () => {
  it("is an id", () => {
    fc.assert(fc.property(anyJson, (value) => idSchema.safeParse(contentId(value)).success));
  });

  it("does not depend on the order of keys", () => {
    fc.assert(fc.property(anyJson, (value) => contentId(reversed(value)) === contentId(value)));
  });

  it("differs for different content", () => {
    fc.assert(
      fc.property(anyJson, anyJson, (one, other) => {
        fc.pre(JSON.stringify(sorted(one)) !== JSON.stringify(sorted(other)));
        return contentId(one) !== contentId(other);
      }),
    );
  });

  it.each([
    ["order in a list", [1, 2], [2, 1]],
    ["kind of a value", ["1"], [1]],
    ["null and its name", null, "null"],
    ["an empty list and an empty object", [], {}],
    ["where a string ends", ["ab", "c"], ["a", "bc"]],
    ["where a list ends", [[1], 2], [[1, 2]]],
    ["what is key and what is value", { a: "b", c: "d" }, { a: "d", c: "b" }],
    ["one lone surrogate and another", "e\ud800", "e\ud801"],
    ["a lone surrogate and what UTF-8 makes of it", "\ud800", "\ufffd"],
    ["lone surrogates in a key", { "\ud800": 1 }, { "\ud801": 1 }],
    ["a string that looks like an encoded one", "1:a", ["a"]],
  ])("tells apart %s", (_, one, other) => {
    expect(contentId(one)).not.toBe(contentId(other));
  });

  it("survives nesting far deeper than the stack", () => {
    const deep = (innermost: unknown) => {
      let value = innermost;
      for (let depth = 0; depth < 50_000; depth++) value = depth % 2 === 0 ? [value] : { a: value };
      return value;
    };
    expect(contentId(deep(1))).not.toBe(contentId(deep(2)));
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return members.map(([key, member]) => ({ key, member: sorted(member) }));
}
