/** Audits the actions of operators. */
import type { Context } from "hono";
import type { Act } from "../../store/audit-log.ts";
import type { Env } from "../answer.ts";
import type { AppDeps } from "../app-deps.ts";

type Audited = Pick<Act, "operator" | "act" | "bot" | "handoffId" | "callbackId">;

/**
 * Performs an act that leaves its entry: the entry is durable before the act begins. `perform` resolves with the problem that
 * kept it from being done; null: it is done.
 */
export function createAudited({ audit, now, log }: Pick<AppDeps, "audit" | "now" | "log">) {
  return async <P extends { kind: string }>(
    c: Context<Env>,
    subject: Audited,
    perform: () => Promise<P | null>,
  ): Promise<P | null> => {
    const requestId = c.get("requestId");
    const seq = await audit.begin({ at: now(), requestId, ...subject });
    const refusal = await perform();
    const outcome = refusal?.kind ?? "done";
    const { operator, act, bot, handoffId, callbackId } = subject;
    const about = {
      ...(bot !== null && { bot }),
      ...(handoffId !== null && { handoff: handoffId }),
      ...(callbackId !== null && { callback: callbackId }),
    };
    log.info({ operator, act, ...about, outcome, requestId }, "an operator acted");
    // The action is done, so the answer says so.
    await audit
      .end(seq, outcome)
      .catch((err: unknown) => log.error({ requestId, err }, "an act's outcome is not kept"));
    return refusal;
  };
}
