import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import { startEmulator, startService } from "../../src/node.ts";
import { BOT_SECRETS, run } from "../support/command-line.ts";

const SAMPLES = resolve(import.meta.dirname, "../../flows/retail-support");

async function startOf(env: Record<string, string>) {
  const config = parseConfig({ BOT_SECRETS, DATABASE_PATH: ":memory:", LOG_LEVEL: "error", PORT: "0", ...env });
  if (!config.ok) throw new Error(config.error.join());
  return startService(config.value, flows);
}

describe("baton replay --against a running service", () => {
  it("leads to the same as in a rehearsal, a second time too", async () => {
    const platform = await startEmulator(0);
    const env = { INFOBIP_BASE_URL: platform.url, INFOBIP_API_KEY: "k", OPERATOR_TOKEN: "a token of the tests" };
    const service = await startOf(env);
    try {
      for (const _ of ["first", "second"]) {
        const replayed = await run(["replay", SAMPLES, "--against", service.url], { ...env, BOT_SECRETS });
        expect(replayed.code, replayed.output).toBe(0);
      }
    } finally {
      await service.stop();
      await platform.stop();
    }
  });

  it("leads to the same at the desk inside it, where agents act", async () => {
    const service = await startOf({});
    try {
      for (const name of ["given-to-the-bot", "closed-by-the-agent"]) {
        const path = resolve(SAMPLES, `samples/${name}.json`);
        const replayed = await run(["replay", path, "--against", service.url], { BOT_SECRETS });
        expect(replayed.code, replayed.output).toBe(0);
        expect(replayed.output).toMatch(/^ok {4}.*returned/m);
      }
    } finally {
      await service.stop();
    }
  });
});
