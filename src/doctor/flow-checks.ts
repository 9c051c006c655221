import type { Flow } from "../escalation/flow.ts";
import { hasPlaceholder } from "../escalation/tag.ts";
import type { Result } from "../result.ts";
import { type Check, checksOf, list } from "./check.ts";
import { count } from "./figures.ts";

/** Result of a flow's samples. */
export interface FlowSamples {
  flow: string;
  samples: number;
  problems: readonly string[];
  warnings: readonly string[];
}

/** Tags that a handoff of the flow may get from the flow, or that the flow accepts by name. Data of a chat gives further ones. */
export function tagsOf({ tags, rules, waiting, accept }: Flow): Set<string> {
  const declared = [...tags, ...rules.flatMap((rule) => rule.tags)].filter((tag) => !hasPlaceholder(tag));
  return new Set([...declared, ...waiting.flatMap((step) => step.tags), ...(accept.tags ?? [])]);
}

function neverPut(flow: Flow): string[] {
  const put = tagsOf(flow);
  return flow.handBack.removeTags.filter((tag) => !put.has(tag));
}

/** Checks the declared flows, without the platform. */
export function flowChecks(flows: Result<readonly Flow[], string>, samples: readonly FlowSamples[]): Check[] {
  const checks = checksOf("flows");
  if (!flows.ok) return [checks.failure("flows", flows.error)];
  const rules = flows.value.reduce((sum, flow) => sum + flow.rules.length, 0);
  const bots = flows.value.flatMap((flow) => flow.bots);
  return [
    checks.ok("flows", `${count(flows.value.length, "flow")}, ${count(rules, "rule")}, for ${list(bots)}`),
    ...samples.flatMap(({ flow, samples: files, problems, warnings }): Check[] => {
      const name = `samples of ${flow}`;
      if (problems.length > 0) return problems.map((problem) => checks.failure(name, problem));
      if (files === 0)
        return [checks.warning(name, "there are none: nothing shows the effect of a change to the flow")];
      if (warnings.length > 0) return warnings.map((warning) => checks.warning(name, warning));
      return [checks.ok(name, `${count(files, "sample")}, every rule fires in one; baton replay plays them`)];
    }),
    ...flows.value.flatMap((flow) =>
      neverPut(flow).map((tag) =>
        checks.warning(
          `hand-back of ${flow.name}`,
          `handBack.removeTags names '${tag}', which no rule of the flow adds${flow.accept.tags === undefined ? ", so only a bot's own request can bring it" : " and no bot may bring, so it is never removed"}`,
        ),
      ),
    ),
  ];
}
