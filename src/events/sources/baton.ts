import { err, ok, type Result } from "../../result.ts";
import { eventSchema, type HandoffRequested } from "../event.ts";
import { notAnObject, toPayloadProblem } from "../reading/payload-problem.ts";
import { isRecord } from "../reading/scalars.ts";
import type { PayloadProblem, Source, SourceContext } from "../source.ts";

/** Events in one array. */
export const BATCH_MAX = 100;

/** Our own schema: one event, or an array of them, of which either all are good or none is taken. */
export const baton: Source = {
  name: "baton",
  toEvents(payload, context) {
    if (!Array.isArray(payload)) {
      const parsed = parseEvent(payload, context);
      return parsed.success ? ok([{ event: parsed.data, hasOwnId: true }]) : err(toPayloadProblem(parsed.error.issues));
    }
    if (payload.length > BATCH_MAX) return err(tooMany);
    const parsed = payload.map((item) => parseEvent(item, context));
    const issues = parsed.flatMap(({ error }, index) =>
      (error?.issues ?? []).map((issue) => ({ ...issue, path: [index, ...issue.path] })),
    );
    if (issues.length > 0) return err(toPayloadProblem(issues));
    return ok(parsed.flatMap(({ data }) => (data === undefined ? [] : [{ event: data, hasOwnId: true }])));
  },
};

const tooMany: PayloadProblem = {
  issues: [{ field: "(body)", message: `must hold at most ${BATCH_MAX} events` }],
};

/** The body of a request for a handoff: a `handoff.requested` event that need not say its type or its id. */
export function toHandoffRequest(
  body: unknown,
  context: SourceContext & { id: string },
): Result<HandoffRequested, PayloadProblem> {
  if (!isRecord(body)) return err(notAnObject);
  const parsed = parseEvent({ type: "handoff.requested", id: context.id, ...body }, context);
  if (!parsed.success) return err(toPayloadProblem(parsed.error.issues));
  return parsed.data.type === "handoff.requested" ? ok(parsed.data) : err(anotherType);
}

const anotherType: PayloadProblem = {
  issues: [{ field: "type", message: "must be absent or 'handoff.requested'" }],
};

function parseEvent(payload: unknown, { now }: SourceContext) {
  return eventSchema.safeParse(isRecord(payload) ? { at: new Date(now).toISOString(), ...payload } : payload);
}
