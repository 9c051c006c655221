import type { StepOutcome } from "../ledger/transitions/apply-outcome.ts";
import { type Context, done } from "./step-context.ts";

/**
 * Whether an agent of the queue it will be in is available: the one that was named, else the one that routing would choose,
 * else the whole account. What cannot be told keeps nobody waiting: only refused credentials are an outcome of their own.
 */
export async function askForAgents({ account }: Context, id: string, queue: string | null): Promise<StepOutcome> {
  const { client, directory } = account;
  const untold = (queueId: string | null): StepOutcome => done({ kind: "agents", isAnybody: null, queueId }, null);
  const named = queue === null ? await client.simulateRouting(id) : await directory.queueId(queue);
  if (named.kind === "refused" && named.refusal.reason === "unauthorized") return named;
  if (named.kind !== "ok") return untold(null);
  const queueId = typeof named.value === "string" ? named.value : (named.value?.queueId ?? null);
  const found = await directory.isAnybody(queueId);
  if (found.kind === "refused" && found.refusal.reason === "unauthorized") return found;
  if (found.kind !== "ok") return untold(queueId);
  return done({ kind: "agents", isAnybody: found.value, queueId }, found.call);
}
