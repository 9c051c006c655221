import type { Expression, Scalar } from "./expression.ts";
import type { Conversation, Rule } from "./state.ts";

/** Values that a rule can test, by path. A path with several values, such as tags, fits if one of them does. */
export type Facts = Readonly<Record<string, Scalar | readonly Scalar[] | null>>;

export function factsOf(conversation: Conversation): Facts {
  const message = conversation.messages.at(-1);
  return {
    "conversation.tags": conversation.tags,
    "conversation.priority": conversation.priority,
    "conversation.status": conversation.status,
    "conversation.topic": conversation.topic,
    "conversation.channel": conversation.channel,
    "message.channel": message?.channel ?? conversation.channel,
    "message.sender": message?.from ?? null,
    "message.receiver": message?.to ?? null,
    "message.content": textOf(message?.content),
  };
}

const textOf = (content: unknown): string | null =>
  typeof content === "object" && content !== null && "text" in content && typeof content.text === "string"
    ? content.text
    : null;

function valuesAt(facts: Facts, path: string): readonly Scalar[] {
  const found = Object.hasOwn(facts, path) ? facts[path] : null;
  if (found === null || found === undefined) return [];
  return typeof found === "object" ? found : [found];
}

type Test<T> = (values: readonly Scalar[], operand: T) => boolean;

const every = <T>(operands: Record<string, T> | undefined, facts: Facts, test: Test<T>): boolean =>
  Object.entries(operands ?? {}).every(([path, operand]) => test(valuesAt(facts, path), operand));

const equals: Test<Scalar> = (values, operand) => values.includes(operand);
const isAmong: Test<readonly Scalar[]> = (values, operand) => values.some((value) => operand.includes(value));

/** True if all operators match; values of different types never compare. */
export function matches(expression: Expression, facts: Facts): boolean {
  const { $and, $or, $eq, $neq, $lt, $lte, $gt, $gte, $in, $nin } = expression;
  const ordered =
    (test: (value: Scalar, operand: Scalar) => boolean): Test<Scalar> =>
    (values, operand) =>
      values.some((value) => typeof value === typeof operand && test(value, operand));
  return (
    ($and ?? []).every((part) => matches(part, facts)) &&
    ($or === undefined || $or.some((part) => matches(part, facts))) &&
    every($eq, facts, equals) &&
    every($neq, facts, (values, operand) => !equals(values, operand)) &&
    every(
      $lt,
      facts,
      ordered((value, operand) => value < operand),
    ) &&
    every(
      $lte,
      facts,
      ordered((value, operand) => value <= operand),
    ) &&
    every(
      $gt,
      facts,
      ordered((value, operand) => value > operand),
    ) &&
    every(
      $gte,
      facts,
      ordered((value, operand) => value >= operand),
    ) &&
    every($in, facts, isAmong) &&
    every($nin, facts, (values, operand) => !isAmong(values, operand))
  );
}

/** Finds the first rule that is enabled, in force and matches. */
export const firstMatch = (
  rules: readonly Rule[],
  facts: Facts,
  isInForce: (rule: Rule) => boolean,
): Rule | undefined => rules.find((rule) => rule.enabled && isInForce(rule) && matches(rule.expression, facts));
