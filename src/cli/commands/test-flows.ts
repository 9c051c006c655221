/** Tests flows: what they decide about their sentences, and the outcomes of their samples. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Flow } from "../../escalation/flow.ts";
import { describeDifferences } from "../../replay/compare.ts";
import { expectedOf } from "../../replay/expected-outcome.ts";
import { runInMemory } from "../../replay/run-in-memory.ts";
import { readSample, SENTENCES_FILE, samplePaths } from "../../replay/sample.ts";
import { describeWrong, isRight, readSentences, saySentences } from "../../replay/sentences.ts";
import { coloured, summary } from "../replay/show-outcome.ts";
import { bad, Failure, good, printJson } from "../support/print.ts";
import { FLOWS, projectFlows } from "../support/project-flows.ts";
import { rerunOnChange } from "../support/rerun.ts";
import type { StopSignal } from "../support/stop-signal.ts";

interface Tested {
  name: string;
  path: string;
  /** Null: it is as expected. */
  problem: string | null;
  says: string;
}

function testSentences(flow: Flow): Tested[] {
  const path = relative(".", join(FLOWS, flow.name, SENTENCES_FILE));
  const file = readSentences(path);
  if (!file.ok) return [{ name: SENTENCES_FILE, path, problem: file.error, says: "" }];
  const said = saySentences(flow, file.value, Date.now());
  if (said.length === 0) return [];
  const wrong = said.filter((one) => !isRight(one)).map(describeWrong);
  const problem = wrong.length === 0 ? null : wrong.join("\n");
  return [{ name: SENTENCES_FILE, path, problem, says: `${said.length} sentences` }];
}

async function testSample(flow: Flow, folder: string, path: string): Promise<Tested> {
  const [name, shown] = [relative(folder, path), relative(".", path)];
  const file = readSample(path);
  if (!file.ok) return { name, path: shown, problem: file.error, says: "" };
  const { sample } = file.value;
  if (!flow.bots.includes(sample.bot)) {
    return { name, path: shown, problem: `is of bot '${sample.bot}', which the flow has not`, says: "" };
  }
  const outcome = await runInMemory(sample, flow);
  const patch = describeDifferences(sample.expected, expectedOf(outcome, sample.whole));
  return { name, path: shown, problem: patch === null ? null : coloured(patch), says: summary({ ...outcome }) };
}

function flowsNamed(flows: readonly Flow[], names: readonly string[]): readonly Flow[] {
  const unknown = names.find((name) => !flows.some((flow) => flow.name === name));
  if (unknown !== undefined) {
    const all = flows.map(({ name }) => name).join(", ");
    throw new Failure(`There is no flow '${unknown}'. Flows: ${all}.`, 2);
  }
  return names.length === 0 ? flows : flows.filter(({ name }) => names.includes(name));
}

/** Tests these flows, or all. Shows each difference, and fails if there is one. */
export async function testFlows(names: readonly string[], { json = false }: { json?: boolean }): Promise<void> {
  const all: (Tested & { flow: string })[] = [];
  for (const flow of flowsNamed(await projectFlows(), names)) {
    if (!json) console.log(flow.name);
    const folder = join(FLOWS, flow.name, "samples");
    const paths = existsSync(folder) ? samplePaths(folder) : [];
    const show = (tested: Tested): void => {
      all.push({ flow: flow.name, ...tested });
      const { problem, name, says } = tested;
      if (!json) console.log(`  ${problem === null ? good("ok  ") : bad("DIFF")}  ${name}  ${says}`);
    };
    for (const tested of testSentences(flow)) show(tested);
    for (const path of paths) show(await testSample(flow, folder, path));
  }
  const wrong = all.filter(({ problem }) => problem !== null);
  if (json) printJson(all);
  else for (const { path, problem } of wrong) console.log(`\n${path}\n${problem}`);
  if (wrong.length > 0) throw new Failure(`${wrong.length} of ${all.length} are not as expected.`);
  if (all.length === 0) throw new Failure(`There is nothing to test: no ${SENTENCES_FILE} and no samples beside it.`);
  if (!json) console.log(`\n${all.length} as expected`);
}

/** Tests flows again whenever a flow, its sentences or a sample changes. */
export const watchFlows = (stop: StopSignal, names: readonly string[]): Promise<void> =>
  rerunOnChange(stop, FLOWS, (file) => /\.(ts|json)$/.test(file), ["flows", "test", ...names]);
