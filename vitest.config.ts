import { resolve } from "node:path";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig, defineProject } from "vitest/config";

/** Projects: what runs on Node, and what runs in workerd. */
export default defineConfig({
  test: {
    // Many tests wait for a process of their own: one worker would leave a core idle.
    maxWorkers: "100%",
    projects: [
      defineProject({
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/worker/**"],
          environment: "node",
          // A machine that is busy is slow, not wrong.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          setupFiles: ["./test/support/fail-on-console-error.ts"],
        },
      }),
      defineProject({
        plugins: [
          cloudflareTest({ remoteBindings: false, wrangler: { configPath: "./wrangler.toml", environment: "dev" } }),
        ],
        // One more flow, for what no flow of the project declares.
        resolve: { alias: [{ find: /^(\.\.\/)+flows\/index\.ts$/, replacement: resolve("test/worker/flows.ts") }] },
        test: { name: "worker", include: ["test/worker/**/*.test.ts"], testTimeout: 60_000 },
      }),
    ],
  },
});
