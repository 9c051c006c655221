import { z } from "zod";

export type Scalar = string | number | boolean;

/**
 * Documented: `$eq $neq $lt $in $and $or`, the paths `message.channel` and `customer.country`, and that rules may test the
 * message (channel, sender, receiver, content), the customer and the conversation's tags. Not documented, and so guesses:
 * the other comparisons, and the spelling of every path that begins with `conversation.`.
 */
export interface Expression {
  $and?: Expression[] | undefined;
  $or?: Expression[] | undefined;
  $eq?: Record<string, Scalar> | undefined;
  $neq?: Record<string, Scalar> | undefined;
  $lt?: Record<string, Scalar> | undefined;
  $lte?: Record<string, Scalar> | undefined;
  $gt?: Record<string, Scalar> | undefined;
  $gte?: Record<string, Scalar> | undefined;
  $in?: Record<string, Scalar[]> | undefined;
  $nin?: Record<string, Scalar[]> | undefined;
}

const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);
const operandSchema = z.record(z.string(), scalarSchema).optional();
const operandsSchema = z.record(z.string(), z.array(scalarSchema)).optional();

export const expressionSchema: z.ZodType<Expression> = z
  .strictObject({
    get $and() {
      return z.array(expressionSchema).min(1).optional();
    },
    get $or() {
      return z.array(expressionSchema).min(1).optional();
    },
    $eq: operandSchema,
    $neq: operandSchema,
    $lt: operandSchema,
    $lte: operandSchema,
    $gt: operandSchema,
    $gte: operandSchema,
    $in: operandsSchema,
    $nin: operandsSchema,
  })
  .refine((expression) => Object.keys(expression).length > 0, "must have an operator");
