/** `npm run fuzz -- --runs N [--seed S]`: runs the fuzz tests and properties, each property N times. */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { runs: { type: "string", default: "10000" }, seed: { type: "string" } } });
const runs = Number(values.runs);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
  console.error("Usage: npm run fuzz -- --runs <number> [--seed <number>]");
  process.exit(2);
}
console.log(`${runs} runs of each property, seed ${seed}; again: npm run fuzz -- --runs ${runs} --seed ${seed}`);
const root = new URL("../../", import.meta.url);
const vitest = new URL("node_modules/vitest/vitest.mjs", root).pathname;
const { status } = spawnSync(process.execPath, [vitest, "run", "test/fuzz", "test/properties", "--testTimeout", "0"], {
  cwd: root,
  env: { ...process.env, FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed) },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
