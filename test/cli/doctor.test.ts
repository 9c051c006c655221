import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import { type EmulatorServer, type NodeService, startEmulator, startService } from "../../src/node.ts";
import { run } from "../support/command-line.ts";

const SECRETS = {
  "shop-assistant": ["the-first-long-secret", "the-second-long-secret"],
  "travel-assistant": ["the-third-long-secret"],
  "delivery-journey": ["the-fourth-long-secret"],
  "bank-assistant": ["the-fifth-long-secret"],
};

const started: NodeService[] = [];
afterEach(async () => {
  for (const service of started.splice(0)) await service.stop();
});

async function serve(env: Record<string, string>): Promise<NodeService> {
  const config = parseConfig({ ...env, PORT: "0", LOG_LEVEL: "error" });
  if (!config.ok) throw new Error(config.error.join());
  const service = await startService(config.value, flows);
  started.push(service);
  return service;
}

describe("baton doctor", () => {
  let platform: EmulatorServer;
  let env: Record<string, string>;
  beforeAll(async () => {
    platform = await startEmulator(0);
    env = {
      INFOBIP_BASE_URL: platform.url,
      INFOBIP_API_KEY: "key",
      BOT_SECRETS: JSON.stringify(SECRETS),
      OPERATOR_TOKEN: "a-long-operator-token",
      DATABASE_PATH: join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db"),
      // Nobody listens there, and fetch asks there.
      PORT: "2",
    };
    return () => platform.stop();
  });

  it("ends with 0 where nothing fails, and asks no account without --live", async () => {
    const looked = await run(["doctor"], env);
    expect(looked.code, looked.output).toBe(0);
    expect(looked.output).toMatch(/✓ ok {7}environment: complete/);
    expect(looked.output).toMatch(/– skipped {2}file: .* is not there yet/);
    expect(looked.output).toMatch(/ 0 failures, \d+ skipped\n$/);
    expect(looked.output).not.toMatch(/account default|long-secret|long-operator/);
    expect(platform.emulator.calls).toEqual([]);
  });

  it("asks with --live, by reading alone", async () => {
    const looked = await run(["doctor", "--live"], env);
    expect(looked.code, looked.output).toBe(0);
    expect(looked.output).toMatch(/account default\n {2}✓ ok {7}credentials: the API key is accepted/);
    expect(looked.output).toMatch(/clock: agrees with the platform's/);
    expect(looked.output).toMatch(/routing of retail-support\/vip-unsure: \[bot_handoff, vip\] 'VIP customers' → VIP/);
    expect(new Set(platform.emulator.calls.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });

  it("ends with 1 where something fails, in JSON too, and with 2 where it is called wrongly", async () => {
    const wrong = await run(["doctor", "--json"], { ...env, OPERATOR_TOKEN: "" });
    expect(wrong.code).toBe(1);
    const { verdict, checks } = JSON.parse(wrong.output);
    expect(verdict).toBe("failure");
    expect(checks[0]).toEqual({
      area: "configuration",
      name: "environment",
      verdict: "failure",
      says: "OPERATOR_TOKEN is missing",
    });
    expect((await run(["doctor"], { ...env, BOT_SECRETS: "", BOT_SECRETS_FILE: "/nowhere" })).output).toMatch(
      /✗ failure {2}environment: BOT_SECRETS_FILE names .* which is not there/,
    );
    const unreachable = await run(["doctor", "--live"], { ...env, INFOBIP_BASE_URL: `http://127.0.0.1:${env.PORT}` });
    expect(unreachable).toEqual({ code: 1, output: expect.stringMatching(/could not be reached \(ECONNREFUSED\)/) });
    expect((await run(["doctor", "--alive"], env)).code).toBe(2);
  });

  it("asks the emulator inside a service where no account is configured, and skips it where none runs", async () => {
    const own = { DATABASE_PATH: join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db") };
    const alone = await run(["doctor", "--live"], { ...own, PORT: "2" });
    expect(alone.code).toBe(0);
    expect(alone.output).toMatch(/– skipped {2}credentials: the account cannot be asked: No account is configured/);
    const service = await serve(own);
    const looked = await run(["doctor", "--live"], { ...own, PORT: new URL(service.url).port });
    expect(looked.code, looked.output).toBe(0);
    expect(looked.output).toMatch(new RegExp(`service: process ${process.pid} has the file`));
    expect(looked.output).toMatch(/credentials: the API key is accepted/);
  });

  it("tells which secret a service has seen used", async () => {
    const service = await serve(env);
    const answer = await fetch(`${service.url}/v1/bots/shop-assistant/sessions/nobody`, {
      headers: { authorization: `Bearer ${SECRETS["shop-assistant"][1]}` },
    });
    expect(answer.status).toBe(404);
    await service.stop();
    started.pop();
    expect((await run(["doctor"], env)).output).toMatch(
      /✓ ok {7}secrets of shop-assistant: secret 1 of 2 never in the .*, secret 2 of 2 was last used \d+ seconds? ago/,
    );
  });
});
