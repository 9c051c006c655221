import { err, ok, type Result } from "../result.ts";
import { notAnObject } from "./reading/payload-problem.ts";
import type { PayloadProblem, Reported, Source, SourceContext } from "./source.ts";
import { BATCH_MAX, baton } from "./sources/baton.ts";

/** One event of a payload, or why it is none. */
export type Item = Result<Reported, PayloadProblem>;

/**
 * A payload's events, in its order. An array in our own schema is judged event by event, so that a wrong one does not keep
 * the others out; it is a problem as a whole only where none is good. Any other payload is one thing.
 */
export function toItems(source: Source, payload: unknown, context: SourceContext): Result<Item[], PayloadProblem> {
  const whole = source.toEvents(payload, context);
  if (whole.ok) return ok(whole.value.map((reported) => ok(reported)));
  if (source.name !== baton.name || !Array.isArray(payload) || payload.length > BATCH_MAX) return whole;
  const items = payload.map((item): Item => {
    if (Array.isArray(item)) return err(notAnObject);
    const read = source.toEvents(item, context);
    const [reported] = read.ok ? read.value : [];
    if (reported !== undefined) return ok(reported);
    return read.ok ? err(notAnObject) : read;
  });
  return items.some((item) => item.ok) ? ok(items) : whole;
}
