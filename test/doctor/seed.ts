import type { Expression } from "../../src/emulator/state/expression.ts";
import { defaultSeed } from "../../src/emulator/state/seed.ts";

type GivenRule = [name: string, expression: Expression, queue: number, fields?: object];

/** Creates queues of these names, with rules in their order that lead to them. */
export function defineSeed(names: readonly string[], ...given: GivenRule[]) {
  const [queue] = defaultSeed().queues;
  if (queue === undefined) throw new Error("the seed has no queue");
  const id = (index: number): string => `QUEUE${index}`;
  return {
    id,
    queues: names.map((name, index) => ({ ...queue, id: id(index), name })),
    rules: given.map(([name, expression, to, fields]) => ({
      id: `RULE-${name}`,
      name,
      expression,
      queueId: id(to),
      priority: "NORMAL" as const,
      enabled: true,
      routeOnlyDuringWorkingHours: false,
      ...fields,
    })),
  };
}
