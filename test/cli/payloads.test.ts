import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import { startService } from "../../src/node.ts";
import { run as runHere } from "../support/command-line.ts";
import { atTheEnd } from "../support/process.ts";

const SAMPLES = resolve(import.meta.dirname, "../../flows/retail-support/samples");
const BOT = ["--bot", "shop-assistant"];
const SERVED = {
  DATABASE_PATH: ":memory:",
  OPERATOR_TOKEN: "development",
  BOT_SECRETS: JSON.stringify({ "shop-assistant": ["development"] }),
};

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "baton-payloads-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(resolve(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Runs a command with something on its standard input. */
const run = (args: readonly string[], { input, env }: { input?: string; env?: Record<string, string> } = {}) =>
  runHere(args, env, input);

const rasaBody = (): string =>
  JSON.stringify(JSON.parse(readFileSync(join(SAMPLES, "rasa/handoff.json"), "utf8")).script[0].body);

async function serve(): Promise<string> {
  const config = parseConfig({ ...SERVED, PORT: "0", LOG_LEVEL: "error" });
  if (!config.ok) throw new Error(config.error.join());
  const service = await startService(config.value, flows);
  atTheEnd(() => void service.stop());
  return service.url;
}

describe("baton replay", () => {
  it("shows of a payload of any source the answer, the decision with its reason, and the calls", async () => {
    const path = join(folderOf({ "rasa.json": rasaBody() }), "rasa.json");
    const { code, output } = await run(["replay", path, ...BOT, "--source", "rasa"]);
    expect(code, output).toBe(0);
    expect(output).toMatch(/POST \/v1\/bots\/shop-assistant\/webhooks\/rasa/);
    expect(output).toMatch(/200 \{"events":\[\{"event":"slot".*"value":"queue"/);
    expect(output).toMatch(/handoff\.requested of .*: customer-asked\n +because event \["handoff\.requested"\]/);
    expect(output).toMatch(/POST \/ccaas\/1\/conversations 200 \{"topic"/);
    expect(output).toMatch(/\/route 200/);
  });

  it("takes a chat of several lines, in which each goes on from the one before", async () => {
    const line = (id: number) => JSON.stringify({ id: `f${id}`, type: "bot.fallback", session: "s1" });
    const path = join(folderOf({ "chat.jsonl": `${line(1)}\n${line(2)}\n\n${line(3)}\n` }), "chat.jsonl");
    const { code, output } = await run(["replay", path, ...BOT]);
    expect(code, output).toBe(0);
    expect(output).toMatch(
      /jsonl:1[\s\S]*no rule holds[\s\S]*jsonl:2[\s\S]*no rule holds[\s\S]*jsonl:4[\s\S]*bot-lost/,
    );
    expect(output).toMatch(/because fallbacks \{"atLeast":3\}, saw 3/);
  });

  it("takes a folder of samples, payloads and lines", async () => {
    const folder = folderOf({
      "a/unhappy.json": readFileSync(join(SAMPLES, "unhappy.json"), "utf8"),
      "b/asks.json": '{"text":"a human, please","session":"s1"}',
      "c/more.jsonl": '{"type":"customer.message","text":"hello?","session":"s1"}',
    });
    const { code, output } = await run(["replay", folder, ...BOT, "--source", "http"]);
    expect(code, output).toBe(0);
    expect(output).toMatch(/more\.jsonl:1[\s\S]*asks\.json[\s\S]*"control":"queue"[\s\S]*ok +.*unhappy\.json/);
  });

  it.each<[string, string, string[], RegExp]>([
    [
      "one payload over several lines",
      '{\n "session": "s1",\n "text": "a human, please"\n}',
      ["http"],
      /"control":"queue"/,
    ],
    [
      "a body that a builder pasted together",
      '{"session":"s1","text":"a "human"\n please"}',
      ["http"],
      /"control":"queue"/,
    ],
    ["a form", "session=s1&text=a+human%2C+please", ["http"], /"control":"queue"/],
    ["requests for a handoff", '{"session":"s1","reason":"refund"}', ["handoffs"], /201 .*"control":"queue"/],
    [
      "a request with its headers",
      JSON.stringify({
        headers: {
          "ce-specversion": "1.0",
          "ce-type": "customer.message",
          "ce-source": "/a",
          "ce-id": "1",
          "ce-subject": "s1",
        },
        body: { text: "a human, please" },
      }),
      ["baton"],
      /customer\.message of s1: customer-asked/,
    ],
  ])("reads from standard input %s", async (_, input, [source = ""], shown) => {
    const { code, output } = await run(["replay", "-", ...BOT, "--source", source], { input });
    expect(code, output).toBe(0);
    expect(output).toMatch(shown);
  });

  it("shows the same as JSON", async () => {
    const input = '{"session":"s1","text":"a human, please"}';
    const { output } = await run(["replay", "-", ...BOT, "--source", "http", "--json"], { input });
    const [played] = JSON.parse(output) as Record<string, unknown>[];
    expect(played).toMatchObject({
      label: "line 1",
      status: 200,
      answer: { control: "queue" },
      events: [{ type: "handoff.requested", rule: "customer-asked", why: [{ key: "event" }] }],
      calls: expect.arrayContaining([expect.objectContaining({ call: "POST /ccaas/1/conversations", status: 200 })]),
    });
  });

  it.each<[string, string[], string, number, RegExp]>([
    [
      "1 where a payload is refused",
      [...BOT, "--source", "rasa"],
      '{"text":"hi"}',
      1,
      /422 .*sender_id[\s\S]*1 of 1 posts were refused/,
    ],
    ["2 where nobody says whose it is", [], '{"text":"hi"}', 2, /line 1 does not say which bot posts it: give --bot/],
    ["2 for a bot that no flow has", ["--bot", "nobody"], '{"text":"hi"}', 2, /'nobody', which no flow has/],
    [
      "2 for a source that is not there",
      [...BOT, "--source", "parrot"],
      "{}",
      2,
      /no source 'parrot'; there is .*rasa/,
    ],
    ["2 for a time that is none", [...BOT, "--at", "soon"], "{}", 2, /--at soon is no time/],
    ["2 where it should rewrite payloads", [...BOT, "--update"], "{}", 2, /--update writes into samples/],
  ])("ends with %s", async (_, args, input, code, said) => {
    expect(await run(["replay", "-", ...args], { input })).toEqual({ code, output: expect.stringMatching(said) });
  });

  it("posts payloads to a running service, in new sessions each time", async () => {
    const url = await serve();
    const path = join(folderOf({ "asks.json": '{"session":"s1","text":"a human, please"}' }), "asks.json");
    const args = ["replay", path, ...BOT, "--source", "http", "--against", url];
    const first = await run(args, { env: SERVED });
    expect(first.code, first.output).toBe(0);
    expect(first.output).toMatch(/200 .*"outcome":"accepted".*"control":"queue"/);
    expect((await run(args, { env: SERVED })).output).toMatch(/"outcome":"accepted"/);
    const shown = await run([...args, "--dry-run"], { env: SERVED });
    expect(shown).toMatchObject({ code: 0, output: expect.stringMatching(/POST .*webhooks\/http\n.*a human, please/) });
  });
});
