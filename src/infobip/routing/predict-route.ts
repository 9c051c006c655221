/** Predicts where an account's routing rules send a chat with certain tags, as far as tags decide it. No I/O. */
import type { ConversationsClient } from "../client.ts";
import type { Outcome } from "../outcome.ts";
import { evaluateRule, otherPaths } from "./rule-expression.ts";

type Listed<T> = T extends Promise<Outcome<(infer Item)[]>> ? Item : never;
export type RoutingRule = Listed<ReturnType<ConversationsClient["routingRules"]>>;

interface Possible {
  rule: RoutingRule;
  /** Fields that the match depends on. */
  on: string;
}

export interface Routed {
  /** Rules that come first, and whose match depends on the chat. */
  possible: Possible[];
  /** The first rule that matches any such chat; null: none. */
  certain: RoutingRule | null;
}

/** Sorts the enabled rules in the order in which the platform tries them. */
export function activeRules(rules: readonly RoutingRule[]): RoutingRule[] {
  const enabled = rules.filter((rule) => rule.enabled !== false);
  if (enabled.some((rule) => typeof rule.order !== "number")) return enabled;
  return enabled.toSorted((left, right) => (left.order ?? 0) - (right.order ?? 0));
}

/** `rules`: from `inForce`. */
export function predictRoute(rules: readonly RoutingRule[], tags: readonly string[]): Routed {
  const possible: Possible[] = [];
  for (const rule of rules) {
    const verdict = evaluateRule(rule.expression, tags);
    if (verdict === "no") continue;
    const reasons = [
      ...(verdict === "depends" ? [otherPaths(rule.expression).join(", ") || "an expression not understood here"] : []),
      ...(rule.routeOnlyDuringWorkingHours ? ["working hours, as it routes in these only"] : []),
    ];
    if (reasons.length === 0) return { possible, certain: rule };
    possible.push({ rule, on: reasons.join(", and on ") });
  }
  return { possible, certain: null };
}

export const nameOf = ({ name, id }: RoutingRule): string => `'${name || id || "(without a name)"}'`;

interface Shadowed {
  rule: RoutingRule;
  /** Rules that match its chats first. */
  by: RoutingRule[];
}

/** Finds rules whose tags fit some of these chats, and that none of them reaches. */
export function findShadowed(rules: readonly RoutingRule[], chats: readonly (readonly string[])[]): Shadowed[] {
  const routes = chats.map((tags) => ({ tags, ...predictRoute(rules, tags) }));
  return rules.flatMap((rule, index): Shadowed[] => {
    // A rule that never matches without tags asks for tags, so any chat that it may match has them.
    const asksForTags = evaluateRule(rule.expression, []) === "no";
    const fitting = routes.filter(({ tags }) => {
      const verdict = evaluateRule(rule.expression, tags);
      return verdict === "yes" || (verdict === "depends" && asksForTags);
    });
    const takers = fitting.map(({ certain }) => certain);
    const isBefore = (taker: RoutingRule | null): taker is RoutingRule =>
      taker !== null && rules.indexOf(taker) < index;
    return takers.length > 0 && takers.every(isBefore) ? [{ rule, by: [...new Set(takers.filter(isBefore))] }] : [];
  });
}
