import { spawn, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { toCloudEvent, toHeaders } from "../../src/callbacks/envelope.ts";
import type { Callback, CallbackData } from "../../src/model/callback.ts";
import { atTheEnd, baton, freePort, until } from "../support/process.ts";

const SECRET = "development";
const BOTS = resolve(import.meta.dirname, "../../examples/bots");
const hasPython = spawnSync("python3", ["--version"]).status === 0;

const post = async (url: string, body: unknown, headers: Record<string, string> = {}) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(url, { method: "POST", body: text, headers: { "content-type": "application/json", ...headers } });
};
const isUp = (url: string) => until(async () => (await fetch(url).catch(() => undefined)) ?? undefined);

/** Starts Baton with the emulator, and the example's bot beside it: three processes in all, as the guide has them. */
async function start(command: string, file: string) {
  const [batonPort, botPort] = [await freePort(), await freePort()];
  const batonUrl = `http://127.0.0.1:${batonPort}`;
  const bot = `http://127.0.0.1:${botPort}`;
  const service = baton(["serve"], {
    PORT: String(batonPort),
    DATABASE_PATH: ":memory:",
    OPERATOR_TOKEN: "development",
    BOT_SECRETS: JSON.stringify({ "shop-assistant": [SECRET] }),
  });
  const child = spawn(command, [file], {
    cwd: BOTS,
    env: { PATH: process.env.PATH, PORT: String(botPort), BATON_URL: batonUrl, BATON_SECRET: SECRET },
    stdio: "ignore",
  });
  atTheEnd(() => child.kill("SIGKILL"));
  await Promise.all([isUp(`${batonUrl}/livez`), isUp(`${bot}/sent`)]);
  const say = async (text: string): Promise<unknown> =>
    ((await (await post(`${bot}/messages`, { session: "chat-1", text })).json()) as { reply: unknown }).reply;
  return { bot, say, service };
}

function callback(id: string, type: Callback["type"], data: Partial<CallbackData>) {
  const at = Date.now();
  const body = toCloudEvent({ id, bot: "shop-assistant", type, createdAt: at } as Callback, {
    bot: "shop-assistant",
    session: "chat-1",
    handoffId: "01H",
    state: "assigned",
    control: "agent",
    reason: null,
    conversationId: "C",
    ...data,
  });
  return { body, headers: toHeaders(id, body, [SECRET], at) ?? {} };
}

describe.each([
  ["in JavaScript", process.execPath, "express.js", true],
  ["in Python", "python3", "bot.py", hasPython],
] as const)("the example's bot %s", (_, command, file, isThere) => {
  it.skipIf(!isThere)("hands over, is silent while a person has the customer, and goes on afterwards", async () => {
    const { bot, say } = await start(command, file);
    expect(await say("hello")).toBe("You said: hello");
    expect(await say("a human, please")).toContain("passing you to a colleague");
    expect(await say("are you there?")).toBeNull();

    const wrote = callback("cb-1", "agent.message", { text: "Hello, I am Ana" });
    for (const _again of [1, 2]) expect((await post(`${bot}/callbacks`, wrote.body, wrote.headers)).status).toBe(204);
    expect(await (await fetch(`${bot}/sent`)).json()).toEqual([{ session: "chat-1", text: "Hello, I am Ana" }]);
    const forged = await post(`${bot}/callbacks`, wrote.body.replace("Ana", "Eve"), wrote.headers);
    expect(forged.status).toBe(401);

    const back = callback("cb-2", "handoff.returned", { control: "bot", state: "returned" });
    expect((await post(`${bot}/callbacks`, back.body, back.headers)).status).toBe(204);
  });
});
