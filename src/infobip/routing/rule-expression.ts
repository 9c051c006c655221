/**
 * Evaluates an expression of a routing rule, as far as a conversation's tags alone decide it.
 *
 * Documented: `$eq $neq $lt $in $and $or`, and that rules may test the message, the customer and the conversation's tags.
 * Not documented: the other comparisons, and how a path to the tags is spelled. Anything else counts as `depends`.
 */

/** `depends`: the answer needs a chat. */
export type Verdict = "yes" | "no" | "depends";

type Scalar = string | number | boolean;

const TAGS = /^(.+\.)?tags?(\.name)?$/i;
/** Rules have at most 4,000 characters; nobody writes one deeper than this. */
const MAX_DEPTH = 50;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): value is Scalar => ["string", "number", "boolean"].includes(typeof value);
const areScalars = (value: unknown): value is Scalar[] => Array.isArray(value) && value.every(isScalar);

function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("no")) return "no";
  return verdicts.includes("depends") ? "depends" : "yes";
}
function any(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("yes")) return "yes";
  return verdicts.includes("depends") ? "depends" : "no";
}
const known = (holds: boolean): Verdict => (holds ? "yes" : "no");

type Compare = (tag: Scalar, operand: Scalar) => boolean;
const ORDER: Record<string, Compare> = {
  $lt: (tag, operand) => tag < operand,
  $lte: (tag, operand) => tag <= operand,
  $gt: (tag, operand) => tag > operand,
  $gte: (tag, operand) => tag >= operand,
};

/** Compares with the tags; one match is enough. */
function ofTags(operator: string, operand: unknown, tags: readonly string[]): Verdict {
  const among = (wanted: readonly Scalar[]): boolean => tags.some((tag) => wanted.includes(tag));
  if (operator === "$eq" && isScalar(operand)) return known(among([operand]));
  if (operator === "$neq" && isScalar(operand)) return known(!among([operand]));
  if (operator === "$in" && areScalars(operand)) return known(among(operand));
  if (operator === "$nin" && areScalars(operand)) return known(!among(operand));
  const compare = Object.hasOwn(ORDER, operator) ? ORDER[operator] : undefined;
  if (compare === undefined || !isScalar(operand)) return "depends";
  return known(typeof operand === "string" && tags.some((tag) => compare(tag, operand)));
}

function part(operator: string, operand: unknown, tags: readonly string[], depth: number): Verdict {
  if (operator === "$and" || operator === "$or") {
    if (!Array.isArray(operand) || operand.length === 0) return "depends";
    const verdicts = operand.map((each) => evaluate(each, tags, depth + 1));
    return operator === "$and" ? all(verdicts) : any(verdicts);
  }
  if (!isObject(operand) || Object.keys(operand).length === 0) return "depends";
  return all(
    Object.entries(operand).map(([path, wanted]) => (TAGS.test(path) ? ofTags(operator, wanted, tags) : "depends")),
  );
}

function evaluate(expression: unknown, tags: readonly string[], depth: number): Verdict {
  if (!isObject(expression) || Object.keys(expression).length === 0 || depth > MAX_DEPTH) return "depends";
  return all(Object.entries(expression).map(([operator, operand]) => part(operator, operand, tags, depth)));
}

/** The platform shows an expression as an object, or as JSON text. */
function parsed(expression: unknown): unknown {
  if (typeof expression !== "string") return expression;
  try {
    return JSON.parse(expression);
  } catch {
    return null;
  }
}

export const evaluateRule = (expression: unknown, tags: readonly string[]): Verdict =>
  evaluate(parsed(expression), tags, 0);

function pathsIn(expression: unknown, depth: number): string[] {
  if (depth > MAX_DEPTH || !isObject(expression)) return [];
  return Object.entries(expression).flatMap(([operator, operand]) => {
    if (Array.isArray(operand)) return operand.flatMap((each) => pathsIn(each, depth + 1));
    return operator.startsWith("$") && isObject(operand) ? Object.keys(operand) : [];
  });
}

/** Lists the fields beside tags that an expression tests. */
export const otherPaths = (expression: unknown): string[] => [
  ...new Set(pathsIn(parsed(expression), 0).filter((path) => !TAGS.test(path))),
];
