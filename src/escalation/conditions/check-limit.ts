/** The limit of a session's handoffs, as a condition. Pure. */
import { type Facts, handoffsWithin } from "../../events/facts.ts";
import type { AtMost } from "../at-most.ts";
import type { CheckedCondition } from "./check-conditions.ts";

/** The limit as a condition that matched; null: the session may have a further handoff. */
export function checkLimit({ handoffs, withinHours }: AtMost, facts: Facts, now: number): CheckedCondition | null {
  const saw = handoffsWithin(facts, withinHours, now);
  return saw < handoffs ? null : { key: "atMost", expected: { handoffs, withinHours }, saw, held: true };
}
