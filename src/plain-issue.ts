/** Says in plain words what is wrong with a value that a person wrote into a flow, a sample or a setting. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;
type Sized = Extract<Issue, { code: "too_big" | "too_small" }>;

const NOUNS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};
const quoted = (value: unknown): string => (typeof value === "string" ? `'${value}'` : String(value));

function sized({ code, origin, inclusive, ...limits }: Sized): string {
  const limit = Number("maximum" in limits ? limits.maximum : limits.minimum);
  const isMost = code === "too_big";
  if (origin === "string" || origin === "array" || origin === "set") {
    if (!isMost && limit === 1) return "must not be empty";
    const unit = origin === "string" ? "characters" : "entries";
    return `must have at ${isMost ? "most" : "least"} ${limit} ${unit}`;
  }
  if (inclusive === false) return `must be ${isMost ? "less" : "more"} than ${limit}`;
  return `must be at ${isMost ? "most" : "least"} ${limit}`;
}

/** Words that the schema did not choose begin like this. */
const BY_DEFAULT = /^(Too (big|small)|Invalid|Unrecognized)/;

export function plainIssue(issue: Issue): string {
  if (!BY_DEFAULT.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "too_big":
    case "too_small":
      return sized(issue);
    case "invalid_type":
      if (issue.message.endsWith("received undefined")) return "is missing";
      return `must be ${NOUNS[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.map(quoted).join(" or ")}`;
    case "unrecognized_keys":
      return `has no field ${issue.keys.map(quoted).join(" or ")}`;
    case "invalid_union": {
      const forms = issue.errors.flatMap(([first]) => (first === undefined ? [] : [plainIssue(first)]));
      return forms.length === 0 ? issue.message : [...new Set(forms)].join(", or ");
    }
    default:
      return issue.message;
  }
}
