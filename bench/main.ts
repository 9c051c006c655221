/** `npm run bench`: every benchmark but those only by name; `npm run bench -- <name> [--option value]`: one. */
import { arrivals } from "./arrivals.ts";
import { measureConsole } from "./console.ts";
import { footprint } from "./footprint.ts";
import { forgetting } from "./forgetting.ts";
import { growth } from "./growth.ts";
import { handoffs } from "./handoffs.ts";
import { hostile } from "./hostile.ts";
import { instructions } from "./instructions.ts";
import { intake } from "./intake.ts";
import { latency } from "./latency.ts";
import { lists } from "./lists.ts";
import { metrics } from "./metrics.ts";
import { type Options, parseOptions } from "./options.ts";
import { phrases } from "./phrases.ts";
import { quick } from "./quick.ts";
import { recovery } from "./recovery.ts";
import { readSources } from "./sources.ts";
import { transport } from "./transport.ts";

/** `quick` is a part of the others, for CI; `instructions` may take minutes. */
const ONLY_BY_NAME = new Set(["quick", "instructions"]);

const benchmarks = new Map<string, (options: Options) => Promise<void>>([
  ["intake", intake],
  ["handoffs", handoffs],
  ["latency", latency],
  ["growth", growth],
  ["forgetting", forgetting],
  ["recovery", recovery],
  ["footprint", footprint],
  ["instructions", instructions],
  ["hostile", hostile],
  ["arrivals", arrivals],
  ["metrics", metrics],
  ["console", measureConsole],
  ["lists", lists],
  ["transport", transport],
  ["phrases", phrases],
  ["sources", readSources],
  ["quick", quick],
]);

/** Returns the benchmarks to run; null: the command line is wrong, and the mistake is printed. */
function toRun(): { names: string[]; options: Options } | null {
  try {
    const { names, options } = parseOptions(process.argv.slice(2));
    const unknown = names.filter((name) => !benchmarks.has(name));
    if (unknown.length === 0) return { names, options };
    console.error(`There is no benchmark ${unknown.join(", ")}; there is ${[...benchmarks.keys()].join(", ")}.`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  process.exitCode = 2;
  return null;
}

const wanted = toRun();
for (const [name, run] of wanted === null ? [] : benchmarks) {
  const isWanted = wanted?.names.length === 0 ? !ONLY_BY_NAME.has(name) : wanted?.names.includes(name);
  if (isWanted && wanted !== null) await run(wanted.options);
}
