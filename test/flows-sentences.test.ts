/** Sentences that people say to the shipped flows: some hand over, and some must not. */
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { flows } from "../flows/index.ts";
import { readSentences, saySentences } from "../src/replay/sentences.ts";
import { NOW } from "./escalation/given.ts";

const AT_LEAST = 10;

describe.each(flows.map((flow) => [flow.name, flow] as const))("%s", (name, flow) => {
  const file = readSentences(resolve(import.meta.dirname, `../flows/${name}/sentences.json`));
  if (!file.ok) throw new Error(file.error);
  const said = saySentences(flow, file.value, NOW);

  it.each(said)("“$text” leads to $wanted", ({ wanted, reason }) => {
    expect(reason).toBe(wanted);
  });

  it("has sentences that must hand over and sentences that must not", () => {
    expect(said.filter(({ wanted }) => wanted !== null).length).toBeGreaterThanOrEqual(AT_LEAST);
    expect(said.filter(({ wanted }) => wanted === null).length).toBeGreaterThanOrEqual(AT_LEAST);
  });
});
