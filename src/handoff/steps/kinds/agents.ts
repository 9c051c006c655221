/**
 * Asks whether an agent is available in the queue that the conversation will be in: the named queue, else the one that routing
 * would choose, else the whole account. A flow may also ask how many conversations wait in that queue. Without an answer the
 * handoff goes on, unless credentials are refused.
 */

import type { StepArguments, StepResult } from "../../../model/handoff.ts";
import { conversationOf, isPending } from "../../ledger/queries.ts";
import type { StepOutcome } from "../../ledger/step-attempt.ts";
import { withDone } from "../../ledger/step-edits.ts";
import { applyNoAgent } from "../../ledger/transitions/apply-no-agent.ts";
import { done } from "../step-context.ts";
import { CONVERSATION, defineStep } from "../step-kind.ts";

/** True if nobody is there for this customer: no agent is available, or too many wait already. */
function isNobodyThere(args: StepArguments, result: StepResult): boolean {
  if (result.kind !== "agents" || args.kind !== "agents") return false;
  const isFull = args.orWaiting !== undefined && (result.waiting ?? 0) >= args.orWaiting;
  return result.isAnybody === false || isFull;
}

export const agents = defineStep("agents", {
  isRouting: true,
  requests: ({ queue }) => [...(queue === null ? [`GET ${CONVERSATION}/simulate-routing`] : []), "GET /ccaas/1/agents"],
  isReady: (_args, _step, { steps, isContextAwaited }) => conversationOf(steps) !== null && !isContextAwaited(),
  canBeFound: () => false,
  isMootWithHuman: () => true,

  applyResult(ledger, step, result, now) {
    const written = withDone(ledger, step, result);
    // An agent may have taken the conversation during the check.
    const isNobody = isNobodyThere(step.arguments, result) && isPending(written);
    return isNobody ? applyNoAgent(written, now) : written;
  },

  async run({ account: { client, directory } }, { queue, orWaiting }, id) {
    const untold = (queueId: string | null): StepOutcome => done({ kind: "agents", isAnybody: null, queueId }, null);
    const named = queue === null ? await client.simulateRouting(id) : await directory.queueId(queue);
    if (named.kind === "refused" && named.refusal.reason === "unauthorized") return named;
    if (named.kind !== "ok") return untold(null);
    const queueId = typeof named.value === "string" ? named.value : (named.value?.queueId ?? null);
    const found = await directory.isAnybody(queueId);
    if (found.kind === "refused" && found.refusal.reason === "unauthorized") return found;
    if (found.kind !== "ok") return untold(queueId);
    const result = { kind: "agents", isAnybody: found.value, queueId } as const;
    if (!found.value || orWaiting === undefined || queueId === null) return done(result, found.call);
    const waiting = await directory.waiting(queueId);
    if (waiting.kind === "refused" && waiting.refusal.reason === "unauthorized") return waiting;
    if (waiting.kind !== "ok") return done(result, found.call);
    return done({ ...result, waiting: waiting.value.filter((other) => other !== id).length }, waiting.call);
  },
});
