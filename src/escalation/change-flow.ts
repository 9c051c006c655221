/** Applies a change to a flow, as somebody writes it by hand. Pure. */
import type { Flow } from "./flow.ts";

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** RFC 7396: objects are merged, null removes, anything else replaces. */
function merged(target: unknown, change: unknown): unknown {
  if (!isObject(change)) return change;
  const known = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(change)) {
    if (value === null) known.delete(key);
    else known.set(key, merged(known.get(key), value));
  }
  return Object.fromEntries(known);
}

/** Rules by name: those that are there are changed in their place, null removes one, a new one comes last. */
function changedRules(rules: Flow["rules"], changes: Json): unknown[] {
  const known = new Map<string, unknown>(rules.map((rule) => [rule.name, rule]));
  for (const [name, change] of Object.entries(changes)) {
    if (change === null) known.delete(name);
    else known.set(name, merged(known.get(name) ?? { name, reason: name, tags: [] }, change));
  }
  return [...known.values()];
}

/**
 * Returns the flow with a change: only the parts that differ, with rules as an object by name, or a whole flow. The result is not
 * checked.
 */
export function changeFlow(flow: Flow, change: unknown): unknown {
  if (!isObject(change)) return change;
  const { rules, ...others } = change;
  const rest = merged(flow, others);
  if (!isObject(rest) || rules === undefined) return rest;
  return { ...rest, rules: isObject(rules) ? changedRules(flow.rules, rules) : rules };
}
