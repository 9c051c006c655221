/** Audits the actions of operators. */
import type { Context } from "hono";
import type { Act } from "../../store/audit-log.ts";
import type { Env } from "../answer.ts";
import type { AppDeps } from "../app-deps.ts";

type Audited = Pick<Act, "operator" | "act" | "bot" | "handoffId" | "callbackId">;

/**
 * Performs an act that leaves its entry: the entry is durable before the act begins. `perform` resolves with the act's outcome:
 * `done`, or the kind of a problem.
 */
export function createAudited({ audit, now, log }: Pick<AppDeps, "audit" | "now" | "log">) {
  return async (c: Context<Env>, subject: Audited, perform: () => Promise<string>): Promise<void> => {
    const requestId = c.get("requestId");
    const seq = await audit.begin({ at: now(), requestId, ...subject });
    const outcome = await perform();
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
  };
}
