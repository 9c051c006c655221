import { expect } from "vitest";
import { describeDifferences } from "../../src/replay/compare.ts";
import { expectedOf } from "../../src/replay/expected-outcome.ts";
import { runSample } from "../../src/replay/run-sample.ts";
import type { Sample } from "../../src/replay/sample.ts";
import type { createServedDoor } from "../support/served.ts";
import { SECRET } from "../support/world.ts";

/** Plays a sample over HTTP, and compares its answers with the expected ones. */
export async function expectAnswers(sample: Sample, door: Awaited<ReturnType<typeof createServedDoor>>): Promise<void> {
  const { answers, handoffs } = await runSample(sample, {
    request: (path, init) => fetch(new URL(path, door.url), init),
    secret: SECRET,
    client: null,
    begin: async () => undefined,
    act: async () => ({}),
    pause: (seconds) => door.later(seconds * 1_000),
    settled: () => door.rest(),
    suffix: "",
  });
  const expected = sample.expected as { answers: unknown };
  expect(describeDifferences(expected.answers, expectedOf({ answers, handoffs }, sample.whole).answers)).toBeNull();
}
