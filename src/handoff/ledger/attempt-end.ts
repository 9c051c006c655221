/** Records the end of an attempt, and tells whether that can be written together with later ends. Pure. */
import type { Log } from "../../log.ts";
import type { Meter } from "../../metrics/meter.ts";
import type { Attempt, Handoff, Ledger } from "../../model/handoff.ts";
import { traceFieldOf } from "../../trace/traceparent.ts";
import { rulesOf } from "../steps/step-table.ts";
import type { Run, StepOutcome } from "./step-attempt.ts";

export interface Ended {
  run: Run;
  outcome: StepOutcome;
  at: number;
}

interface End {
  outcome: NonNullable<Attempt["outcome"]>;
  code: Attempt["code"];
}

const endOf = (outcome: StepOutcome): End => {
  switch (outcome.kind) {
    case "done":
    case "human":
    case "over":
      return { outcome: "ok", code: outcome.kind === "done" ? null : outcome.kind };
    case "refused":
      return { outcome: "refused", code: outcome.refusal.reason };
    case "no-queue":
      return { outcome: "refused", code: "unknown-queue" };
    case "unknown":
      return { outcome: "unknown", code: outcome.why };
  }
};

export function attemptOf({ run: { step }, outcome, at }: Ended): Attempt {
  const { call } = outcome;
  return {
    position: step.position,
    fence: step.fence,
    sentAt: step.nextAt,
    endedAt: at,
    ...endOf(outcome),
    status: call?.status ?? null,
    requestId: call?.requestId ?? null,
  };
}

export function reportEnd(to: { log: Log; meter: Meter }, handoff: Handoff, run: Run, outcome: StepOutcome): void {
  const { log, meter } = to;
  const { id, bot, account, decision } = handoff;
  const { kind } = run.step.arguments;
  const { outcome: ended, code } = endOf(outcome);
  const labels = { account, kind, outcome: ended };
  meter.count("steps", labels);
  if (run.mayHaveHappened) meter.count("reconciliations", labels);
  const status = outcome.call?.status ?? null;
  const fields = { handoff: id, bot, account, step: kind, outcome: ended };
  const detail = {
    ...traceFieldOf(decision.traceparent),
    ...(code !== null && { reason: code }),
    ...(status !== null && { status }),
  };
  if (ended === "ok") log.debug({ ...fields, ...detail }, "step done");
  else log.warn({ ...fields, ...detail }, "step not done");
}

/**
 * True if an end only settles its own step. It can then wait while other steps are on their way: the route waits for all of them.
 */
export const canWait = ({ steps }: Ledger, { step }: Run, outcome: StepOutcome): boolean =>
  outcome.kind === "done" && outcome.result.kind !== "on-channel" && rulesOf(step).canWait(step, steps);
