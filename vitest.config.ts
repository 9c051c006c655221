import { defineConfig, defineProject } from "vitest/config";

/** Projects: what runs on Node. The Worker's project joins here when the Worker does. */
export default defineConfig({
  test: {
    projects: [
      defineProject({
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/worker/**"],
          environment: "node",
          // A machine that is busy is slow, not wrong.
          testTimeout: 60_000,
          setupFiles: ["./test/support/fail-on-console-error.ts"],
        },
      }),
    ],
  },
});
