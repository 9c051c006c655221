/** How attempts end: as the record and the log have it, and whether that can be written with what ends later. Pure. */
import type { Log } from "../../log.ts";
import type { Attempt, Handoff, Ledger } from "../../model/handoff.ts";
import type { Run } from "./next-steps.ts";
import type { StepOutcome } from "./transitions/apply-outcome.ts";

export interface Ended {
  run: Run;
  outcome: StepOutcome;
  at: number;
}

const endOf = (outcome: StepOutcome): Pick<Attempt, "outcome" | "code"> => {
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

const callOf = (outcome: StepOutcome) => ("call" in outcome ? outcome.call : null);

export function attemptOf({ run: { step }, outcome, at }: Ended): Attempt {
  const call = callOf(outcome);
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

export function reportEnd(log: Log, { id, bot, account }: Handoff, { step }: Run, outcome: StepOutcome): void {
  const { outcome: ended, code } = endOf(outcome);
  const status = callOf(outcome)?.status ?? null;
  const fields = { handoff: id, bot, account, step: step.arguments.kind, outcome: ended ?? "unknown" };
  const detail = { ...(code !== null && { reason: code }), ...(status !== null && { status }) };
  if (ended === "ok") log.debug({ ...fields, ...detail }, "step done");
  else log.warn({ ...fields, ...detail }, "step not done");
}

const SETTLED = new Set(["done", "skipped", "refused"]);

/**
 * Whether nothing follows from an end but that its own step is done, as long as others are on their way: the route waits for
 * all of them. A further page of a note waits for the one before it alone.
 */
export function canWait(
  { steps }: Ledger,
  { step: { arguments: args, position } }: Run,
  outcome: StepOutcome,
): boolean {
  if (outcome.kind !== "done" || outcome.result.kind === "on-channel") return false;
  switch (args.kind) {
    case "conversation":
      // A new one is needed for all that follows.
      return args.adopt !== null;
    case "tag":
    case "metadata":
      return true;
    case "note":
      return steps.every((it) => it.arguments.kind !== "note" || it.position === position || SETTLED.has(it.state));
    default:
      return false;
  }
}
