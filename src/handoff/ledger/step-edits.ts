/** Adds steps to a ledger and changes them. Pure. */
import type { Ledger, Step, StepArguments } from "../../model/handoff.ts";

/** Creates a step that is not begun. */
export const newStep = (position: number, name: string, args: StepArguments, nextAt: number): Step => ({
  position,
  name,
  arguments: args,
  state: "ready",
  sends: 0,
  fence: 0,
  firstSentAt: null,
  tries: 0,
  triesSince: null,
  sentAt: null,
  nextAt,
  result: null,
});

/** Returns a step as if nothing had been sent. */
export const freshStep = (step: Step, nextAt: number): Step => ({
  ...step,
  state: "ready",
  sends: 0,
  firstSentAt: null,
  tries: 0,
  triesSince: null,
  sentAt: null,
  nextAt,
  result: null,
});

/** Returns the position after the last step. */
export const nextPosition = (steps: readonly Step[]): number =>
  Math.max(-1, ...steps.map(({ position }) => position)) + 1;

/** Replaces the step at the same position. */
export const withStep = (ledger: Ledger, step: Step): Ledger => ({
  ...ledger,
  steps: ledger.steps.map((it) => (it.position === step.position ? step : it)),
});

/** Returns the ledger with a step that is done. */
export const withDone = (ledger: Ledger, step: Step, result: Step["result"]): Ledger =>
  withStep(ledger, { ...step, state: "done", result });

/** Keeps that somebody may have the conversation who is a person: nothing is routed before a look. */
export const withAssigneeUnread = (steps: readonly Step[]): Step[] =>
  steps.map((step) =>
    step.arguments.kind === "conversation" && step.result?.kind === "conversation" && !step.result.isAssigneeUnread
      ? { ...step, result: { ...step.result, isAssigneeUnread: true } }
      : step,
  );
