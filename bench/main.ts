/** `npm run bench`: every benchmark; `npm run bench -- <name>`: one. */
import { arrivals } from "./arrivals.ts";
import { hostile } from "./hostile.ts";
import { intake } from "./intake.ts";
import { roundTrips } from "./round-trips.ts";

const benchmarks = new Map([
  ["round-trips", roundTrips],
  ["intake", intake],
  ["hostile", hostile],
  ["arrivals", arrivals],
]);

const names = process.argv.slice(2);
const unknown = names.filter((name) => !benchmarks.has(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}; there is ${[...benchmarks.keys()].join(", ")}.`);
  process.exitCode = 2;
} else {
  for (const [name, run] of benchmarks) {
    if (names.length === 0 || names.includes(name)) await run();
  }
}
