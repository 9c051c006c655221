/** Lets all parked handoffs of a search go on, with one request. */
import type { Context } from "hono";
import { z } from "zod";
import type { Operated } from "../../handoff/api.ts";
import { findParked, MOST_RETRIED, retryEach } from "../../handoff/retry-all.ts";
import { ages } from "../../handoff/search-handoffs.ts";
import { createAudited } from "../access/audited.ts";
import { type Env, json } from "../answer.ts";
import type { AppDeps } from "../app-deps.ts";
import { explainProblem, type Problem } from "../problem.ts";
import type { retriedViewSchema } from "../views/handoff-view.ts";

/** Filters of a list of handoffs, whatever their state. */
export const searchFilterSchema = z.object({
  bot: z.string().optional(),
  flow: z.string().optional(),
  reason: z.string().optional(),
  tag: z.string().optional().describe("A tag that the handoff puts on its conversation."),
  late: z.stringbool().optional().describe("True: only those that should have reached an agent by now."),
  age: z.enum(ages).optional(),
  word: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe("A part of its id, session, conversation, agent, reason, rule, flow, queue, a tag, or why it is parked."),
});

export const retryFilterSchema = searchFilterSchema.extend({
  state: z.literal("parked").default("parked").describe("Only parked handoffs wait for a person to let them go on."),
  limit: z.coerce.number().int().min(1).max(MOST_RETRIED).default(MOST_RETRIED),
});

type Failed = z.infer<typeof retriedViewSchema>["failed"][number];

export function createRetryAll(deps: Pick<AppDeps, "core" | "audit" | "now" | "log">) {
  const { core, now, log } = deps;
  const audited = createAudited(deps);

  /** One handoff's result; null: it goes on. */
  function refusalOf(result: Operated): Problem | null {
    if (result.ok) return null;
    const { error } = result;
    if (error.reason === "no-such-handoff") return { kind: "not-found" };
    return { kind: "wrong-state", state: error.state, allowed: error.allowed };
  }

  async function retry(c: Context<Env>, id: string, bot: string): Promise<Failed | null> {
    const subject = { operator: c.get("operator")?.name ?? "", act: "retry", bot, handoffId: id, callbackId: null };
    const refusal = await audited(c, subject, async () => refusalOf(await core.retry(id))).catch((err): Problem => {
      // The others go on all the same.
      log.error({ handoff: id, bot, requestId: c.get("requestId"), err }, "a handoff could not be retried");
      return { kind: "internal" };
    });
    if (refusal === null) return null;
    const state = refusal.kind === "wrong-state" ? refusal.state : null;
    return { id, state, detail: explainProblem(refusal) };
  }

  return async (c: Context<Env>, filter: z.infer<typeof retryFilterSchema>): Promise<Response> => {
    const { limit, state: _, ...search } = filter;
    const { handoffs, isWhole } = await findParked(core, search, limit, now());
    const results = await retryEach(handoffs, ({ id, bot }) => retry(c, id, bot));
    const failed = results.filter((it) => it !== null);
    const answer = { retried: handoffs.length - failed.length, failed, more: !isWhole };
    return json(c, answer satisfies z.infer<typeof retriedViewSchema>);
  };
}
