import type { Event } from "../events/event.ts";
import type { Facts } from "../events/facts.ts";
import { type CheckedCondition, checkConditions } from "./conditions/check-conditions.ts";
import { decide, type Escalation, isFor, requestedRule, type Subject, situationOf } from "./decide.ts";
import type { Flow } from "./flow.ts";
import { type KnownHours, nothingKnown } from "./hours.ts";
import type { Rule } from "./rule.ts";

export interface ExplainedRule {
  rule: string;
  reason: string;
  /** One list of conditions for each alternative of `when`. */
  when: CheckedCondition[][];
  /** One list of conditions for each alternative of `unless`: the rule does not apply if all of one match. */
  unless: CheckedCondition[][];
  held: boolean;
  /** True: this rule is the first that matched. */
  fired: boolean;
}

/**
 * Explains why an event escalates or not, with the facts after it: every rule in order, each condition, its value, and whether it
 * matched.
 */
export function explain(
  flow: Flow,
  subject: Subject,
  event: Event,
  now: number,
  known: KnownHours = nothingKnown,
): { facts: Facts; rules: ExplainedRule[]; escalation: Escalation | null } {
  const { facts, escalation } = decide(flow, subject, event, now, known);
  const situation = situationOf(flow, subject, facts, event, now, known);
  const seenBy = (conditions: Rule["when"] = []) => conditions.map((it) => [...checkConditions(it, situation)]);
  const isHeld = (all: readonly CheckedCondition[][]) => all.some((conditions) => conditions.every(({ held }) => held));
  const rules = [...flow.rules, requestedRule].map((rule) => {
    const [when, unless] = [seenBy(rule.when), seenBy(rule.unless)];
    const held = isFor(rule, event) && isHeld(when) && !isHeld(unless);
    return { rule: rule.name, reason: rule.reason, when, unless, held, fired: false };
  });
  const first = rules.findIndex((rule) => rule.held);
  return { facts, rules: rules.map((rule, index) => ({ ...rule, fired: index === first })), escalation };
}
