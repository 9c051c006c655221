/** The calls to the platform that a step of a new handoff would make. */
import { rulesOf } from "../../handoff/steps/step-table.ts";
import type { Step } from "../../model/handoff.ts";

interface PlannedCall {
  /** Methods and paths; empty: a step of a later time. */
  requests: readonly string[];
  /** The text that the step sends, as far as it is known before. */
  text: string | null;
  /** The only case in which the step is done; null: always. */
  only: "no-agent-available" | "answer-lost" | null;
}

function caseOf(step: Step): PlannedCall["only"] {
  if (rulesOf(step).needsLostAnswer) return "answer-lost";
  return step.state === "skipped" ? "no-agent-available" : null;
}

export function plannedCallOf(step: Step): PlannedCall {
  const rules = rulesOf(step);
  return { requests: rules.requests(step), text: rules.textOf(step), only: caseOf(step) };
}
