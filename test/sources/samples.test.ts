import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { sources } from "../../src/events/sources.ts";
import { readSample, samplePaths } from "../../src/replay/sample.ts";
import { createServedDoor } from "../support/served.ts";
import { expectAnswers } from "./expect-answers.ts";

const SAMPLES = resolve(import.meta.dirname, "../../flows/retail-support/samples");
const folders = readdirSync(SAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());

const samples = folders.flatMap(({ name }) =>
  samplePaths(join(SAMPLES, name)).map((path) => {
    const file = readSample(path);
    if (!file.ok) throw new Error(`${path} ${file.error}`);
    return [path.slice(SAMPLES.length + 1), file.value.sample] as const;
  }),
);

/** Sources whose samples belong to the flows that use them. */
const OF_FLOWS = ["baton", "answers", "flow", "infobip-bot"];

describe("the samples of frameworks", () => {
  it("are there for each source", () => {
    const named = new Set(folders.map(({ name }) => name));
    expect([...sources.keys()].filter((name) => !named.has(name) && !OF_FLOWS.includes(name))).toEqual([]);
  });

  it.each(samples)("%s is answered over HTTP as it expects", async (_, sample) => {
    const door = await createServedDoor();
    await expectAnswers(sample, door);
  });
});
