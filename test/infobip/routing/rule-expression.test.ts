import { describe, expect, it } from "vitest";
import type { Expression } from "../../../src/emulator/state/expression.ts";
import { type Facts, matches } from "../../../src/emulator/state/routing-expression.ts";
import { evaluateRule, otherPaths } from "../../../src/infobip/routing/rule-expression.ts";
import { fc } from "../../fuzz/fast-check.ts";

const TAGS = ["bot_handoff", "vip", "unhappy"];
const tag = fc.constantFrom(...TAGS, "other");
const paths = fc.constantFrom("conversation.tags", "message.channel", "customer.country");
const scalar = fc.oneof(tag, fc.constantFrom("SMS", "HR"), fc.integer({ min: 0, max: 2 }), fc.boolean());

const expressionOn = (path: fc.Arbitrary<string>): fc.Arbitrary<Expression> =>
  fc.letrec<{ expression: Expression }>((tie) => {
    const operand = fc.dictionary(path, scalar, { minKeys: 1, maxKeys: 2 });
    const list = fc.dictionary(path, fc.array(scalar, { maxLength: 3 }), { minKeys: 1, maxKeys: 2 });
    const parts = fc.array(tie("expression"), { minLength: 1, maxLength: 3 });
    const one = (operators: readonly string[], of: fc.Arbitrary<unknown>) =>
      fc.tuple(fc.constantFrom(...operators), of).map(([operator, value]) => ({ [operator]: value }) as Expression);
    const leaf = fc.oneof(
      one(["$eq", "$neq", "$lt", "$lte", "$gt", "$gte"], operand),
      one(["$in", "$nin"], list),
      fc.tuple(one(["$eq", "$neq"], operand), one(["$in"], list)).map(([left, right]) => ({ ...left, ...right })),
    );
    return { expression: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, one(["$and", "$or"], parts)) };
  }).expression;

const factsWith = (tags: string[]): fc.Arbitrary<Facts> =>
  fc.record({
    "conversation.tags": fc.constant(tags),
    "message.channel": fc.option(scalar),
    "customer.country": fc.option(scalar),
  });

describe("holds", () => {
  it.each([
    [{ $eq: { "conversation.tags": "vip" } }, "yes"],
    [{ $eq: { "conversation.tags": "unhappy" } }, "no"],
    [{ $neq: { tags: "unhappy" } }, "yes"],
    [{ $in: { "conversation.tags": ["unhappy", "vip"] } }, "yes"],
    [{ $eq: { "message.channel": "SMS" } }, "depends"],
    [{ $or: [{ $eq: { "message.channel": "SMS" } }, { $eq: { "conversation.tags": "vip" } }] }, "yes"],
    [{ $or: [{ $eq: { "message.channel": "SMS" } }, { $eq: { "conversation.tags": "x" } }] }, "depends"],
    [{ $and: [{ $eq: { "message.channel": "SMS" } }, { $eq: { "conversation.tags": "x" } }] }, "no"],
    [{ $eq: { "conversation.tags": "vip", "message.channel": "SMS" } }, "depends"],
    ['{"$eq":{"conversation.tags":"vip"}}', "yes"],
    ["not JSON", "depends"],
    [{ $contains: { "conversation.tags": "vip" } }, "depends"],
    [{ $eq: { "conversation.tags": ["vip"] } }, "depends"],
    [{}, "depends"],
    [null, "depends"],
    [{ $and: [] }, "depends"],
  ])("%j with the tags bot_handoff and vip: %s", (expression, verdict) => {
    expect(evaluateRule(expression, ["bot_handoff", "vip"])).toBe(verdict);
  });

  it("is as the emulator routes, where only tags are asked about", () => {
    fc.assert(
      fc.property(expressionOn(fc.constant("conversation.tags")), fc.subarray(TAGS), (expression, tags) => {
        expect(evaluateRule(expression, tags)).toBe(matches(expression, { "conversation.tags": tags }) ? "yes" : "no");
      }),
    );
  });

  it("never says yes or no to what a chat could turn round", () => {
    const given = fc
      .tuple(expressionOn(paths), fc.subarray(TAGS))
      .chain(([expression, tags]) => fc.tuple(fc.constant(expression), fc.constant(tags), factsWith(tags)));
    fc.assert(
      fc.property(given, ([expression, tags, facts]) => {
        const verdict = evaluateRule(expression, tags);
        if (verdict !== "depends") expect(matches(expression, facts) ? "yes" : "no").toBe(verdict);
      }),
    );
  });

  it("ends for whatever the platform answers", () => {
    let deep: unknown = { $eq: { "conversation.tags": "vip" } };
    for (let depth = 0; depth < 20_000; depth += 1) deep = { $and: [deep] };
    expect(evaluateRule(deep, TAGS)).toBe("depends");
    expect(otherPaths(deep)).toEqual([]);
    fc.assert(
      fc.property(fc.anything(), (expression) => {
        expect(["yes", "no", "depends"]).toContain(evaluateRule(expression, TAGS));
        expect(Array.isArray(otherPaths(expression))).toBe(true);
      }),
    );
  });
});

describe("otherPaths", () => {
  it("names what an expression asks about beside tags", () => {
    const expression = {
      $or: [
        { $eq: { "message.channel": "SMS" } },
        { $in: { "conversation.tags": ["vip"], "customer.country": ["HR"] } },
      ],
    };
    expect(otherPaths(JSON.stringify(expression))).toEqual(["message.channel", "customer.country"]);
  });
});
