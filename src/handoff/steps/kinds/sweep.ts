/** Closes conversations made by creates that seemed lost. It looks once more when the last late effect must have come. */
import type { Step } from "../../../model/handoff.ts";
import { conversationOf, createsOf } from "../../ledger/queries.ts";
import { closeOthers, findByToken, pickSurvivor } from "../duplicate-conversations.ts";
import { done, NO_RESULT, STEP_LOST } from "../step-context.ts";
import { defineStep } from "../step-kind.ts";

const isSweep = ({ arguments: args }: Step): boolean => args.kind === "sweep";

/** Skips the sweep after a single create, which leaves nothing behind. */
export const withoutNeedlessSweep = (steps: readonly Step[]): Step[] =>
  steps.map((step) =>
    isSweep(step) && step.state === "ready" && createsOf(steps) <= 1 ? { ...step, state: "skipped" as const } : step,
  );

/** Every create postpones the sweep. */
export const withSweepAt = (steps: readonly Step[], nextAt: number): Step[] =>
  steps.map((step) => (isSweep(step) && step.state !== "sent" ? { ...step, state: "ready", nextAt } : step));

/** Time of the sweep for conversations that several creates may have left. It survives a crash; null: at most one create. */
export const sweepAt = (steps: readonly Step[]): number | null =>
  createsOf(steps) > 1 ? (steps.find(isSweep)?.nextAt ?? null) : null;

export const sweep = defineStep("sweep", {
  // The way the handoff ended makes no difference.
  phases: ["open", "returned", "over"],
  isApart: true,
  needsLostAnswer: true,
  requests: () => ["GET /ccaas/1/conversations"],
  isReady: (_args, _step, { handoff, steps }) =>
    createsOf(steps) > 1 &&
    (conversationOf(steps) !== null || ["returned", "cancelled", "parked"].includes(handoff.state)),
  canBeFound: () => false,

  /** Closes every open conversation that bears the handoff's token and is not its own. */
  async run({ account, ledger, settings, isHeld }) {
    const found = await findByToken(account.client, ledger, settings);
    if (found.kind !== "ok") return found;
    if (!isHeld()) return STEP_LOST;
    const keep = ledger.handoff.conversationId ?? pickSurvivor(found.value)?.id;
    for (const closed of await closeOthers(account.client, found.value, keep)) {
      const isGone =
        closed.kind === "refused" && (closed.refusal.reason === "closed" || closed.refusal.reason === "unknown-id");
      if (closed.kind !== "ok" && !isGone) return closed;
    }
    return done(NO_RESULT, found.call);
  },
});
