import { resolve } from "node:path";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig, defineProject } from "vitest/config";

/** Tests of Baton as others start it: command line, npm package, Workers' tools, browser. */
const PROCESSES = ["test/{browser,crash,examples,wrangler}/**/*.test.ts", "test/**/*.process.test.ts"];
const setupFiles = ["./test/support/fail-on-console-error.ts"];
// A machine that is busy is slow, not wrong.
const PATIENCE = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Many tests wait for a process of their own: one worker would leave a core idle.
    maxWorkers: "100%",
    projects: [
      defineProject({
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/worker/**", ...PROCESSES],
          // Files of one worker share its modules, none of which keeps state: loading them for each file takes a second.
          isolate: false,
          setupFiles,
          ...PATIENCE,
        },
      }),
      defineProject({
        test: { name: "process", include: PROCESSES, setupFiles, ...PATIENCE, sequence: { groupOrder: 1 } },
      }),
      defineProject({
        plugins: [
          cloudflareTest({ remoteBindings: false, wrangler: { configPath: "./wrangler.toml", environment: "dev" } }),
        ],
        // One more flow, for what no flow of the project declares.
        resolve: { alias: [{ find: /^(\.\.\/)+flows\/index\.ts$/, replacement: resolve("test/worker/flows.ts") }] },
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.ts"],
          testTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      }),
    ],
  },
});
