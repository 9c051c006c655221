import type { z } from "zod";
import { err, ok, type Result } from "../../result.ts";
import { type Event, eventSchema } from "../event.ts";
import type { PayloadProblem } from "../source.ts";
import { toPayloadProblem } from "./payload-problem.ts";
import { isRecord, withoutUndefined } from "./scalars.ts";

type Issue = z.core.$ZodIssue;
export type Draft = Record<string, unknown>;

/** Without these an event means nothing, or something else. */
const essential = new Set(["id", "type", "session", "at", "conversationId"]);
/** Half of a text says more than none; half of a name is another name. */
const texts = new Set(["text", "error", "reason", "summary"]);

/**
 * The event a draft makes, without what the schema refuses of it: a person waiting for an agent is worth more than an
 * attribute that is too long.
 */
export function toUsableEvent(sketch: Draft): Result<Event, PayloadProblem> {
  const draft = withoutUndefined(sketch);
  const parsed = eventSchema.safeParse(draft);
  if (parsed.success) return ok(parsed.data);
  const byField = Map.groupBy(parsed.error.issues, (issue) => String(issue.path[0] ?? ""));
  const fatal = [...byField].filter(([field]) => essential.has(field) || draft[field] === undefined);
  if (fatal.length > 0) return err(toPayloadProblem(fatal.flatMap(([, issues]) => issues)));
  const kept = [...byField].map(([field, issues]) => [field, usablePart(field, draft[field], issues)]);
  return toUsableEvent({ ...draft, ...Object.fromEntries(kept) });
}

/** Always less than `value`, so that repeating it comes to an end. */
function usablePart(field: string, value: unknown, issues: readonly Issue[]): unknown {
  const ofWhole = issues.find((issue) => issue.path.length === 1);
  if (ofWhole !== undefined) return shortened(field, value, ofWhole);
  const refused = new Set(issues.map((issue) => String(issue.path[1])));
  if (Array.isArray(value)) return value.filter((_, index) => !refused.has(String(index)));
  if (!isRecord(value)) return undefined;
  const members = Object.entries(value);
  const kept = members.filter(([key]) => !refused.has(key));
  return kept.length < members.length ? Object.fromEntries(kept) : undefined;
}

/** The beginning of a text, the end of a list: a transcript's last lines are the ones that matter. */
function shortened(field: string, value: unknown, issue: Issue): unknown {
  if (issue.code !== "too_big") return undefined;
  if (Array.isArray(value)) return value.slice(-Number(issue.maximum));
  return typeof value === "string" && texts.has(field) ? value.slice(0, Number(issue.maximum)) : undefined;
}
