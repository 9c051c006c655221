import { resolve } from "node:path";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig, defineProject } from "vitest/config";

/** Tests of Baton as others start it (command line, npm package, Workers' tools), and of what takes real time. */
const PROCESSES = ["test/{crash,delivery,examples,wrangler}/**/*.test.ts", "test/**/*.process.test.ts"];
const BROWSER = ["test/browser/**/*.test.ts"];
/** Schedules, made-up inputs, all samples, and files of earlier versions: much work for each line of the product that one changes. */
const BATTERIES = ["test/{fuzz,properties,released,simulation}/**/*.test.ts", "test/flows.test.ts"];
const setupFiles = ["./test/support/fail-on-console-error.ts", "./test/support/fail-on-broken-row.ts"];
/** A busy machine is slow, not wrong: only the time of the whole test ends a wait. */
const LIMIT_MS = 300_000;
const patience = { testTimeout: LIMIT_MS, hookTimeout: LIMIT_MS, expect: { poll: { timeout: LIMIT_MS } } };
const LATER = ["test/worker/**", ...PROCESSES, ...BROWSER, ...BATTERIES];
// Files of one worker share its modules, none of which keeps state: loading them for each file takes a second.
const here = { isolate: false, setupFiles, ...patience };

/** Files about a whole account or all sessions: what others do there would count. */
const ALONE = ["test/worker/{alerts,audit,callbacks}.test.ts"];
const onWorkers = (name: string, files: { include: string[]; exclude?: string[]; isolate?: boolean }) =>
  defineProject({
    plugins: [
      cloudflareTest({ remoteBindings: false, wrangler: { configPath: "./wrangler.toml", environment: "dev" } }),
    ],
    // One more flow, for what no flow of the project declares.
    resolve: { alias: [{ find: /^(\.\.\/)+flows\/index\.ts$/, replacement: resolve("test/worker/flows.ts") }] },
    test: { name, ...files, ...patience, sequence: { groupOrder: 2 } },
  });

export default defineConfig({
  test: {
    // Many tests wait for a process of their own: one worker would leave a core idle.
    maxWorkers: "100%",
    // `npm run coverage`. Pure code has direct tests of every line. The branches that no test takes are nearly all the
    // `?? 0` and `?? ""` that the compiler wants behind an index which the code before it has proved.
    coverage: {
      include: ["src/{escalation,events}/**", "src/handoff/{ledger/**,use-cases/intake/*-intake.ts}"],
      thresholds: {
        "src/handoff/**": { 100: true },
        "src/{escalation,events}/**": { statements: 100, lines: 100, functions: 100, branches: 98 },
      },
      reporter: ["text"],
    },
    projects: [
      defineProject({ test: { name: "node", include: ["test/**/*.test.ts"], exclude: LATER, ...here } }),
      defineProject({ test: { name: "battery", include: BATTERIES, ...here } }),
      defineProject({
        test: {
          name: "browser",
          include: BROWSER,
          globalSetup: "./test/browser/unpack.ts",
          setupFiles,
          ...patience,
          sequence: { groupOrder: 2 },
        },
      }),
      defineProject({
        test: { name: "process", include: PROCESSES, setupFiles, ...patience, sequence: { groupOrder: 1 } },
      }),
      // A runtime of its own costs a file some three seconds. `stubFor` keeps the sessions of files in one apart.
      onWorkers("worker", { include: ["test/worker/**/*.test.ts"], exclude: ALONE, isolate: false }),
      onWorkers("worker-alone", { include: ALONE }),
    ],
  },
});
