import { err, ok, type Result } from "../result.ts";
import type { ParsedEvent, PayloadProblem, Source, SourceContext } from "./source.ts";

/** Things in one payload. */
const PARTS_MAX = 100;
const ISSUES_MAX = 20;

/** One event of a payload, or why it is none. */
export type Item = Result<ParsedEvent, PayloadProblem>;

/**
 * A payload's events, in its order. Each of several is judged for itself, so that a wrong one does not keep the others out;
 * they are a problem as a whole only where none is good.
 */
export function parseBatch(source: Source, payload: unknown, context: SourceContext): Result<Item[], PayloadProblem> {
  const parts = source.partsOf(payload);
  if (parts === undefined) {
    const whole = source.toEvents(payload, context);
    return whole.ok ? ok(whole.value.map((reported) => ok(reported))) : whole;
  }
  if (parts.length > PARTS_MAX) return err(tooMany);
  const read = parts.map((part) => source.toEvents(part, context));
  const items = read.flatMap((result): Item[] => (result.ok ? result.value.map((reported) => ok(reported)) : [result]));
  return read.length === 0 || read.some(({ ok }) => ok)
    ? ok(items)
    : err({ issues: read.flatMap(issuesAt).slice(0, ISSUES_MAX) });
}

const tooMany: PayloadProblem = { issues: [{ field: "(body)", message: `must hold at most ${PARTS_MAX} events` }] };

const issuesAt = (result: Result<ParsedEvent[], PayloadProblem>, index: number): PayloadProblem["issues"] =>
  result.ok
    ? []
    : result.error.issues.map(({ field, message }) => ({
        field: field === "(body)" ? String(index) : `${index}.${field}`,
        message,
      }));
