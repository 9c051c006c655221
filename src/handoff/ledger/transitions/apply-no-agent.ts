import { withConversationId } from "../../../escalation/text/template.ts";
import type { Ledger, Step } from "../../../model/handoff.ts";
import { newStep, nextPosition } from "../step-edits.ts";

/** Applies the flow's policy for a chat without an available agent, before its route. Pure. */
export function applyNoAgent({ handoff, steps }: Ledger, now: number): Ledger {
  const { noAgent } = handoff.decision;
  if (noAgent === null) return { handoff, steps };
  const message = withConversationId(noAgent.message ?? handoff.message, handoff.conversationId);
  switch (noAgent.do) {
    case "queue":
      return { handoff: { ...handoff, message }, steps };
    case "other-queue": {
      const instead = (step: Step): Step => {
        if (step.arguments.kind !== "queue") return step;
        return { ...step, state: step.arguments.instead ? "ready" : "skipped", nextAt: now };
      };
      return { handoff: { ...handoff, message }, steps: steps.map(instead) };
    }
    case "decline": {
      const release = newStep(nextPosition(steps), "release", { kind: "release", because: "nobody-there" }, now);
      return {
        handoff: { ...handoff, state: "returned", returnedBecause: "nobody-there", message },
        steps: [...steps, release],
      };
    }
  }
}
