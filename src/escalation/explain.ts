import type { Event } from "../events/event.ts";
import { conditionsSeen, type SeenCondition } from "./condition.ts";
import { decide, type Escalation, requestedRule, type Subject } from "./decide.ts";
import type { Flow } from "./flow.ts";
import { type KnownHours, nothingKnown } from "./hours.ts";

export interface ExplainedRule {
  rule: string;
  reason: string;
  /** One list of conditions for each alternative of `when`. */
  when: SeenCondition[][];
  held: boolean;
  /** True: this rule is the first that matched. */
  fired: boolean;
}

/** Why an event does or does not escalate: every rule in order, each condition, what it saw and whether it held. */
export function explain(
  flow: Flow,
  subject: Subject,
  event: Event,
  now: number,
  known: KnownHours = nothingKnown,
): { rules: ExplainedRule[]; escalation: Escalation | null } {
  const { facts, escalation } = decide(flow, subject, event, now, known);
  const rules = [...flow.rules, requestedRule].map((rule) => {
    const when = rule.when.map((condition) => [...conditionsSeen(condition, { flow, facts, event, now, known })]);
    const held = when.some((conditions) => conditions.every((condition) => condition.held));
    return { rule: rule.name, reason: rule.reason, when, held, fired: false };
  });
  const first = rules.findIndex((rule) => rule.held);
  return { rules: rules.map((rule, index) => ({ ...rule, fired: index === first })), escalation };
}
