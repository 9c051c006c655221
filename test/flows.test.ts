import { resolve } from "node:path";
import { expect, it } from "vitest";
import { flows } from "../flows/index.ts";
import { flowsByBot } from "../src/escalation/flow.ts";
import { describeDifferences } from "../src/replay/compare.ts";
import { expectedOf } from "../src/replay/expected-outcome.ts";
import { runInMemory } from "../src/replay/run-in-memory.ts";
import { readSample, samplePaths } from "../src/replay/sample.ts";

const FLOWS = resolve(import.meta.dirname, "../flows");

const samples = samplePaths(FLOWS).map((path) => {
  const file = readSample(path);
  if (!file.ok) throw new Error(`${path} ${file.error}`);
  return [path.slice(FLOWS.length + 1), file.value.sample] as const;
});

it.each(samples)("%s leads to what it expects", async (_, sample) => {
  const flow = flowsByBot(flows).get(sample.bot);
  if (flow === undefined) throw new Error(`no flow has the bot '${sample.bot}'`);
  expect(describeDifferences(sample.expected, expectedOf(await runInMemory(sample, flow), sample.whole))).toBeNull();
});

it("has one whole golden for each flow", () => {
  const whole = samples.filter(([, sample]) => sample.whole).map(([path]) => path.split("/")[0]);
  expect(whole).toEqual(flows.map(({ name }) => name).sort());
});
