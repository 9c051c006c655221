import { describe, expect, it } from "vitest";
import { type Expression, expressionSchema } from "../../src/emulator/state/expression.ts";
import { type Facts, firstMatch, matches } from "../../src/emulator/state/routing-expression.ts";
import type { Rule } from "../../src/emulator/state/state.ts";
import { fc } from "../fuzz/fast-check.ts";

const facts: Facts = {
  "conversation.tags": ["vip", "angry"],
  "conversation.priority": "HIGH",
  "customer.age": 30,
  "conversation.topic": null,
};

describe("matches", () => {
  it.each<[boolean, Expression]>([
    [true, { $eq: { "conversation.tags": "vip" } }],
    [false, { $eq: { "conversation.tags": "gold" } }],
    [true, { $neq: { "conversation.tags": "gold" } }],
    [false, { $neq: { "conversation.tags": "vip" } }],
    [true, { $in: { "conversation.tags": ["gold", "angry"] } }],
    [false, { $in: { "conversation.tags": [] } }],
    [false, { $nin: { "conversation.tags": ["gold", "angry"] } }],
    [true, { $lt: { "customer.age": 31 } }],
    [false, { $lt: { "customer.age": 30 } }],
    [true, { $lte: { "customer.age": 30 } }],
    [true, { $gt: { "customer.age": 29 } }],
    [false, { $gt: { "customer.age": 30 } }],
    [true, { $gte: { "customer.age": 30 } }],
    [false, { $gt: { "customer.age": "2" } }],
    [false, { $eq: { "customer.country": "Croatia" } }],
    [true, { $neq: { "customer.country": "Croatia" } }],
    [false, { $eq: { "conversation.topic": "x" } }],
    [false, { $eq: { toString: "x" } }],
    [true, { $and: [{ $eq: { "conversation.tags": "vip" } }, { $eq: { "conversation.priority": "HIGH" } }] }],
    [false, { $and: [{ $eq: { "conversation.tags": "vip" } }, { $eq: { "conversation.priority": "LOW" } }] }],
    [true, { $or: [{ $eq: { "conversation.tags": "gold" } }, { $eq: { "conversation.priority": "HIGH" } }] }],
    [false, { $or: [{ $eq: { "conversation.tags": "gold" } }, { $eq: { "conversation.priority": "LOW" } }] }],
    [false, { $eq: { "conversation.tags": "vip" }, $neq: { "conversation.priority": "HIGH" } }],
  ])("is %s for %j", (expected, expression) => {
    expect(matches(expression, facts)).toBe(expected);
  });
});

describe("expressionSchema", () => {
  it.each([{}, { $regex: { a: "b" } }, { $and: [] }, { $in: { a: "b" } }, { $eq: { a: {} } }, "vip"])(
    "refuses %j",
    (expression) => {
      expect(expressionSchema.safeParse(expression).success).toBe(false);
    },
  );
});

describe("firstMatch", () => {
  const rule = fc.record({
    enabled: fc.boolean(),
    isInForce: fc.boolean(),
    tag: fc.constantFrom("a", "b", "c", "d"),
  });

  it("takes the first rule that is enabled, in force and fits", () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 8 }), fc.subarray(["a", "b", "c"]), (drawn, tags) => {
        const rules = drawn.map(
          ({ enabled, tag }, index): Rule => ({
            id: String(index),
            name: "",
            expression: { $eq: { "conversation.tags": tag } },
            queueId: "",
            priority: "NORMAL",
            enabled,
            routeOnlyDuringWorkingHours: false,
            createdAt: 0,
            updatedAt: 0,
          }),
        );
        const isInForce = ({ id }: Rule) => drawn[Number(id)]?.isInForce === true;
        const expected = drawn.findIndex((one) => one.enabled && one.isInForce && tags.includes(one.tag));
        const found = firstMatch(rules, { "conversation.tags": tags }, isInForce);
        expect(found?.id).toBe(expected === -1 ? undefined : String(expected));
      }),
    );
  });
});
