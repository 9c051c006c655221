import type { z } from "zod";
import type { PayloadProblem } from "../source.ts";

type Issue = z.core.$ZodIssue;

const ISSUES_MAX = 20;
/** A key is the sender's own text; only one that reads like a name is repeated. */
const PLAIN_KEY = /^[A-Za-z_][\w-]{0,63}$/;

/** Names fields and rules, never a value. */
export function toPayloadProblem(issues: readonly Issue[]): PayloadProblem {
  return {
    issues: issues.slice(0, ISSUES_MAX).map((issue) => ({ field: fieldOf(issue.path), message: messageOf(issue) })),
  };
}

export const notAnObject: PayloadProblem = { issues: [{ field: "(body)", message: "must be a JSON object" }] };

function fieldOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "(body)";
  return path.map((key) => (typeof key === "number" || PLAIN_KEY.test(String(key)) ? String(key) : "*")).join(".");
}

function messageOf(issue: Issue): string {
  if (issue.code === "invalid_key") return `name: ${issue.issues[0]?.message ?? issue.message}`;
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return issue.message;
  const expected = issue.errors.flat().flatMap((nested) => (nested.code === "invalid_type" ? [nested.expected] : []));
  return expected.length === 0 ? issue.message : `Invalid input: expected ${expected.join(" or ")}`;
}
