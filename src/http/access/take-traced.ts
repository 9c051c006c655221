/** Gives the core a delivery with the trace of its request, and logs which handoff it is about. */
import type { Context } from "hono";
import type { ParsedEvent } from "../../events/source.ts";
import type { Answer } from "../../handoff/use-cases/event-answer.ts";
import { readTraceparent, traceFieldOf } from "../../trace/traceparent.ts";
import type { Env } from "../answer.ts";
import type { AppDeps } from "../app-deps.ts";

export function createTakeTraced({ core, spans, log }: Pick<AppDeps, "core" | "spans" | "log">) {
  return async (
    c: Context<Env>,
    bot: string,
    source: string,
    events: readonly ParsedEvent[],
    waitMs: number,
  ): Promise<Answer[]> => {
    const traceparent = spans?.current() ?? readTraceparent(c.req.header("traceparent"));
    const traced = traceparent === undefined ? events : events.map((reported) => ({ ...reported, traceparent }));
    const answers = await core.take(bot, source, traced, waitMs);
    for (const handoff of new Set(answers.map(({ handoffId }) => handoffId))) {
      if (handoff === null) continue;
      log.info({ requestId: c.get("requestId"), ...traceFieldOf(traceparent), bot, handoff }, "a request is about it");
    }
    return answers;
  };
}
