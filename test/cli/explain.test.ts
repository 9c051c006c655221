import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import { startService } from "../../src/node.ts";
import { run } from "../support/command-line.ts";

const BOT = "shop-assistant";
const folder = (): string => mkdtempSync(join(tmpdir(), "baton-explain-"));
const payload = (body: unknown): string => {
  const path = join(folder(), "payload.json");
  writeFileSync(path, JSON.stringify(body));
  return path;
};
const explain = (args: readonly string[], env: Record<string, string> = {}) =>
  run(["flows", "explain", BOT, ...args], env);

describe("flows explain of a recorded session", () => {
  const database = join(folder(), "baton.db");
  let env: Record<string, string>;

  beforeAll(async () => {
    const set = {
      DATABASE_PATH: database,
      OPERATOR_TOKEN: "a token of the tests",
      BOT_SECRETS: JSON.stringify({ [BOT]: ["a secret of the tests"] }),
      LOG_LEVEL: "error",
    };
    const config = parseConfig({ ...set, PORT: "0" });
    if (!config.ok) throw new Error(config.error.join());
    const service = await startService(config.value, flows);
    env = { OPERATOR_TOKEN: set.OPERATOR_TOKEN, PORT: new URL(service.url).port };
    const say = (body: object) =>
      fetch(`${service.url}/v1/bots/${BOT}/events`, {
        method: "POST",
        headers: { authorization: "Bearer a secret of the tests" },
        body: JSON.stringify(body),
      });
    await say({ id: "f1", type: "bot.fallback", session: "s1", text: "my card is 4111 1111 1111 1111" });
    await say({ id: "f2", type: "bot.fallback", session: "s1" });
    return () => service.stop();
  });

  it("explains its newest event and lists the others, at a running service as in the file", async () => {
    const before = readFileSync(database);
    for (const [args, given] of [
      [["--session", "s1"], env],
      [["--session", "s1", "--database", database], {}],
    ] as const) {
      const explained = await explain(args, given);
      expect(explained.code, explained.output).toBe(0);
      expect(explained.output).toMatch(/f1 +\d{4}-\d\d-\d\d [\d:]{8} +1 +bot\.fallback +-\nf2 /);
      expect(explained.output).toMatch(/f2, .* by the flow as it is now\nbot\.fallback\n[\s\S]*fallbacks .*, saw 2\n/);
      expect(explained.output).toMatch(/ {2}no handoff\nrecorded then: no rule fired\n/);
    }
    expect(readFileSync(database).equals(before)).toBe(true);
  });

  it("explains one of its events, and says what redaction took", async () => {
    const explained = await explain(["--session", "s1", "--event", "f1"], env);
    expect(explained.output).toMatch(/fallbacks .*, saw 1\n/);
    expect(explained.output).toContain("The record holds what redaction left of its words");
    const { output } = await explain(["--session", "s1", "--event", "f1", "--json"], env);
    expect(JSON.parse(output)).toMatchObject({
      session: "s1",
      id: "f1",
      rule: null,
      escalation: null,
      isAsRecorded: true,
      limits: [{ limit: "redacted" }],
    });
  });

  it("explains a payload as it would come in the session now", async () => {
    const third = payload({ id: "f3", type: "bot.fallback", session: "of the file" });
    expect((await explain([third])).output).toMatch(/saw 1\n[\s\S]*no handoff/);
    for (const [args, given] of [
      [["--session", "s1"], env],
      [["--session", "s1", "--database", database], {}],
    ] as const) {
      const { output } = await explain([third, ...args], given);
      expect(output).toMatch(/^In session s1 as it is now: control bot, round 1\.\n/);
      expect(output).toMatch(/→ bot-lost[\s\S]*saw 3[\s\S]*handoff, tags bot_handoff, bot_lost/);
    }
  });

  it.each<[string, string[], RegExp, number]>([
    ["neither a payload nor a session", [], /Give the file of a payload, or --session/, 2],
    ["an event without a session", ["--event", "f1"], /or --session/, 2],
    ["an event with a payload", ["x.json", "--session", "s1", "--event", "f1"], /without a payload/, 2],
    ["a session that is not there", ["--session", "s9"], /has no session 's9' of bot 'shop-assistant'/, 1],
    ["an event that is not there", ["--session", "s1", "--event", "f9"], /no recorded event 'f9'/, 1],
    ["a file that is not there", ["--session", "s1", "--database", "none.db"], /none\.db is not there/, 2],
    ["a file without it", ["--session", "s9", "--database", database], /has no session 's9'/, 1],
  ])("says what is missing: %s", async (_, args, output, code) => {
    expect(await explain(args, env)).toEqual({ code, output: expect.stringMatching(output) });
  });
});

it("explains an array as the service takes it: what follows a handoff joins it", async () => {
  const said = (id: string, text: string) => ({ id, type: "customer.message", session: "s1", text });
  const path = payload([said("a", "a human please"), said("b", "hello? any human there?")]);
  const { output } = await explain([path]);
  expect(output).toMatch(/handoff, tags bot_handoff, customer_asked[\s\S]*joins the open handoff/);
  expect(output).toContain("→ fired; + would have fired, had none above it");
});

describe("the payload of flows explain", () => {
  const text = JSON.stringify({ type: "customer.message", session: "s1", text: "I want a person" });

  it("may come on standard input", async () => {
    const explained = await run(["flows", "explain", BOT, "-"], {}, text);
    expect(explained.code).toBe(0);
    expect(explained.output).toContain("customer-asked");
    const wrong = await run(["flows", "explain", BOT, "-"], {}, "{");
    expect(wrong.code).toBe(2);
    expect(wrong.output).toContain("standard input cannot be read. It is not valid JSON.");
  });

  it("is no argument, and the message says where it goes", async () => {
    const { code, output } = await explain([text]);
    expect(code).toBe(2);
    expect(output).toContain("| baton flows explain <bot> -");
  });
});
