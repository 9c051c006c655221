/** Finds parts of a flow that its schema allows and that can never do anything. Pure. */
import { coverAll, impossibleKey } from "./conditions/covers.ts";
import type { Condition } from "./conditions/schema.ts";
import type { Flow } from "./flow.ts";
import { isSchedule, nextOpening } from "./hours.ts";
import type { Rule } from "./rule.ts";

/** True: wherever `rule` would fire, `earlier` fires first. */
function isShadowedBy(rule: Rule, earlier: Rule): boolean {
  // A suggestion passes over requests for a person, which the other rule may take.
  if (earlier.do === "suggest" && rule.do !== "suggest") return false;
  return coverAll(earlier.when, rule.when) && coverAll(rule.unless ?? [], earlier.unless ?? []);
}

function problemOfRule(rule: Rule, earlier: readonly Rule[]): string | null {
  const impossible = rule.when.map(impossibleKey);
  if (impossible.every((key) => key !== null)) return `its '${impossible[0]}' holds for no event`;
  if (rule.unless !== undefined && coverAll(rule.unless, rule.when))
    return "its 'unless' holds wherever its 'when' does";
  const before = earlier.find((one) => isShadowedBy(rule, one));
  return before === undefined
    ? null
    : `'${before.name}' above it fires wherever it would: put it first, or narrow '${before.name}'`;
}

function isQueueIdle(when: readonly Condition[], earlier: readonly { when: readonly Condition[] }[]): boolean {
  const before = earlier.flatMap((entry) => entry.when);
  return when.every((one) => impossibleKey(one) !== null) || coverAll(before, when);
}

/** One sentence for each part; an empty list if all parts can act. `now` is in milliseconds since the epoch. */
export function findIdleParts({ rules, queues, hours }: Flow, now: number): string[] {
  const ofRules = rules.flatMap((rule, index) => {
    const problem = problemOfRule(rule, rules.slice(0, index));
    return problem === null ? [] : [`rule '${rule.name}' can never fire: ${problem}`];
  });
  const ofQueues = queues.flatMap(({ when, queue }, index) =>
    isQueueIdle(when, queues.slice(0, index))
      ? [`queues.${index} never chooses '${queue}': an entry above it, or nothing, matches`]
      : [],
  );
  const isClosed = hours !== undefined && isSchedule(hours) && nextOpening(hours, now) === null;
  return [
    ...ofRules,
    ...ofQueues,
    ...(isClosed ? ["hours never open: no day has times that no holiday takes away"] : []),
  ];
}
