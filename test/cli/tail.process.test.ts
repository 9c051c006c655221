import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { sampleSchema } from "../../src/replay/sample.ts";
import { atTheEnd, baton, freePort, until } from "../support/process.ts";

const SAMPLES = resolve(import.meta.dirname, "../../flows/retail-support/samples");
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

/** Runs a command with nothing on its standard input. */
async function run(args: readonly string[], { env }: { env?: Record<string, string> } = {}) {
  const { child, ended, output } = baton(args, env);
  child.stdin.end();
  return { code: await ended, output: output() };
}

const rasaBody = (): string =>
  JSON.stringify(JSON.parse(readFileSync(join(SAMPLES, "rasa/handoff.json"), "utf8")).script[0].body);

async function serve() {
  const port = String(await freePort());
  baton(["serve"], { ...SERVED, PORT: port });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/livez`).catch(() => undefined)) ?? undefined);
  const post = async (to: string, body: unknown) => {
    const headers = { authorization: "Bearer development", "content-type": "application/json" };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await fetch(`${url}/v1/bots/shop-assistant/${to}`, { method: "POST", headers, body: text });
    return answer.status;
  };
  return { url, port, post };
}

describe("baton tail", () => {
  it("prints what a running service receives, redacted: a sample to save, and lines to replay as they come", async () => {
    const { port, post } = await serve();
    const env = { ...SERVED, PORT: port };
    const tailing = baton(["tail", "--count", "2"], env);
    let printed = "";
    tailing.child.stdout.on("data", (chunk) => {
      printed += String(chunk);
    });
    await until(() => (tailing.output().includes("Waiting for what bots post") ? true : undefined));
    // The same lines in a pipe, which shows the first before the second comes.
    const piped = baton(["tail"], env);
    const replaying = baton(["replay", "-"]);
    piped.child.stdout.pipe(replaying.child.stdin);
    await until(() => (piped.output().includes("Waiting for what bots post") ? true : undefined));

    const asks = { user_id: "+385911234567", last_utterance: "I am Iva Horvat: a human, please", name: "Iva Horvat" };
    expect(await post("webhooks/voiceflow", asks)).toBe(200);
    await until(() => (replaying.output().includes("customer-asked") ? true : undefined));
    expect(await post("webhooks/rasa", rasaBody())).toBe(200);
    expect(await tailing.ended, tailing.output()).toBe(0);
    await until(() => (/webhooks\/rasa\n +200/.test(replaying.output()) ? true : undefined));
    piped.child.kill("SIGKILL");
    expect(await replaying.ended, replaying.output()).toBe(0);

    const [first = "", second = "", ...more] = printed.trim().split("\n");
    expect(more).toEqual([]);
    expect(printed).not.toMatch(/Iva|Horvat|385911234567/);
    for (const line of [first, second]) expect(sampleSchema.safeParse(JSON.parse(line)).success, line).toBe(true);

    const path = join(folderOf({ "saved.json": first }), "saved.json");
    expect(await run(["replay", path, "--update"])).toMatchObject({ code: 0 });
    const saved = await run(["replay", path]);
    expect(saved).toMatchObject({ code: 0, output: expect.stringMatching(/ok .*saved\.json +customer-asked, routed/) });
  });

  it("needs the operator's token, and a service", async () => {
    const { port } = await serve();
    const wrong = await run(["tail"], { env: { PORT: port, OPERATOR_TOKEN: "wrong" } });
    expect(wrong).toEqual({ code: 1, output: expect.stringContaining("refuses OPERATOR_TOKEN") });
    const nothing = await run(["tail"], { env: { PORT: String(await freePort()), OPERATOR_TOKEN: "development" } });
    expect(nothing).toEqual({ code: 1, output: expect.stringContaining("No Baton answers") });
    expect(await run(["tail", "--count", "none"], { env: SERVED })).toMatchObject({ code: 2 });
  });

  it("ends when whoever reads from it does", async () => {
    const { port, post } = await serve();
    const script = `"${process.execPath}" "${resolve(import.meta.dirname, "../../bin/baton.js")}" tail | head -1`;
    const shell = spawn("sh", ["-c", script], { env: { PATH: process.env.PATH, ...SERVED, PORT: port } });
    atTheEnd(() => shell.kill("SIGKILL"));
    const ended = new Promise((done) => shell.once("exit", done));
    let said = "";
    shell.stderr.on("data", (chunk) => {
      said += String(chunk);
    });
    await until(() => (said.includes("Waiting") ? true : undefined));
    const posting = setInterval(() => void post("events", { type: "session.started", session: "s1" }), 300);
    atTheEnd(() => clearInterval(posting));
    expect(await ended).toBe(0);
  });
});
