import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { z } from "zod";
import { NOT_PUSHED, wantsMessages } from "../../doctor/agent-messages.ts";
import { findIdleParts } from "../../escalation/find-idle-parts.ts";
import type { Flow } from "../../escalation/flow.ts";
import { flowJsonSchema } from "../../escalation/flow-schema.ts";
import { isSchedule, isZoneOfPlace } from "../../escalation/hours.ts";
import { readSample, SENTENCES_FILE, samplePaths } from "../../replay/sample.ts";
import { describeWrong, isRight, readSentences, saySentences } from "../../replay/sentences.ts";
import { bad, Failure, faint, good, printJson, printTable } from "../support/print.ts";
import { FLOWS, projectFlows } from "../support/project-flows.ts";

/** Prints every flow with its bots and rules. */
export async function listFlows({ json = false }: { json?: boolean }): Promise<void> {
  const flows = await projectFlows();
  if (json) return printJson(flows);
  for (const [index, flow] of flows.entries()) {
    if (index > 0) console.log();
    console.log(
      `${flow.name}   ${faint(`account ${flow.account}, bots ${flow.bots.join(", ")}, routed by ${flow.routedBy}`)}`,
    );
    const rows = flow.rules.map(({ name, priority, queue, tags }) => [
      `  ${name}`,
      priority ?? flow.conversation.priority,
      queue ?? flow.conversation.queue,
      [...flow.tags, ...tags].join(", "),
    ]);
    printTable(["  rule", "priority", "queue", "tags"], rows);
  }
}

/** Prints the JSON Schema of a flow, for editors. */
export const printFlowSchema = (): void => printJson(flowJsonSchema());

export interface Checked {
  flow: string;
  samples: number;
  sentences: number;
  problems: string[];
  warnings: string[];
  /** Facts that are no mistakes and worth knowing. */
  hints: string[];
}

const ruledSchema = z.array(z.object({ rule: z.string().nullable() }));
/** A rule that suggests opens no handoff: a decision names it, or the event in a whole outcome. */
const expectedSchema = z.object({
  decisions: z.array(z.string()).default([]),
  events: ruledSchema.default([]),
  handoffs: ruledSchema.default([]),
});

const zonesOf = ({ hours, note }: Flow): string[] =>
  [hours !== undefined && isSchedule(hours) ? hours.timeZone : undefined, note.timeZone]
    .filter((zone) => zone !== undefined)
    .filter((zone) => !isZoneOfPlace(zone));

/** Checks a flow with its sentences and samples: each rule can fire; samples can be read, and reach each of the flow's rules. */
export function checkFlow(flow: Flow): Checked {
  const folder = join(FLOWS, flow.name, "samples");
  const paths = existsSync(folder) ? samplePaths(folder) : [];
  const now = Date.now();
  const problems = findIdleParts(flow, now);
  const file = join(FLOWS, flow.name, SENTENCES_FILE);
  const sentences = readSentences(file);
  if (!sentences.ok) problems.push(`${relative(".", file)} ${sentences.error}`);
  const said = sentences.ok ? saySentences(flow, sentences.value, now) : [];
  problems.push(...said.filter((one) => !isRight(one)).map(describeWrong));
  const reached = new Set<string>();
  for (const path of paths.map((it) => relative(".", it))) {
    const file = readSample(path);
    if (!file.ok) {
      problems.push(`${path} ${file.error}`);
      continue;
    }
    const { sample } = file.value;
    if (!flow.bots.includes(sample.bot)) problems.push(`${path} is of bot '${sample.bot}', which the flow has not`);
    const expected = expectedSchema.safeParse(sample.expected);
    if (!expected.success) problems.push(`${path} has no outcome yet; write it with baton replay --update`);
    const { handoffs = [], events = [], decisions = [] } = expected.data ?? {};
    for (const decision of decisions) reached.add(decision.slice(decision.indexOf(": ") + 2));
    for (const { rule } of [...handoffs, ...events]) if (rule !== null) reached.add(rule);
  }
  const warnings = flow.rules
    .filter(({ name }) => !reached.has(name))
    .map(({ name }) => `no sample shows rule '${name}' firing`);
  for (const zone of zonesOf(flow))
    warnings.push(`time zone '${zone}' has no summer time, or the other sign: write a place, such as Europe/Zagreb`);
  const hints = wantsMessages(flow)
    ? [`${NOT_PUSHED}: Baton reads the messages of chats in an agent's hands, unless INFOBIP_POLL_SECONDS is 0`]
    : [];
  return { flow: flow.name, samples: paths.length, sentences: said.length, problems, warnings, hints };
}

/** Checks the declared flows and their samples. `replay` runs the samples. */
export async function checkFlows({ json = false }: { json?: boolean }): Promise<void> {
  const flows = await projectFlows();
  const checked = flows.map(checkFlow);
  if (json) printJson(checked);
  else {
    printTable(
      ["flow", "rules", "samples", "sentences", ""],
      checked.map(({ flow, samples, sentences, problems, warnings }, index) => [
        flow,
        String(flows[index]?.rules.length),
        String(samples),
        String(sentences),
        problems.length > 0 ? bad("wrong") : warnings.length > 0 ? "ok, with gaps" : good("ok"),
      ]),
    );
    for (const { flow, problems, warnings, hints } of checked) {
      for (const line of [...problems, ...warnings, ...hints]) console.log(`  ${flow}: ${line}`);
    }
  }
  if (checked.some(({ problems }) => problems.length > 0)) throw new Failure("Not every flow is right.");
}
