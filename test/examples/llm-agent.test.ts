import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { atTheEnd, baton, freePort, until } from "../support/process.ts";
import { startOpenAiModel } from "../support/scripted-model.ts";

const SECRET = "development";
const AGENT = resolve(import.meta.dirname, "../../examples/llm-agent/agent.js");

const calls = (reason: string, summary: string) => ({
  tool_calls: [
    {
      id: "call_Za7",
      type: "function",
      function: { name: "hand_over_to_human", arguments: JSON.stringify({ reason, summary }) },
    },
  ],
});

it("an LLM agent hands over by its tool, leaves the model alone while a person has the customer, and goes on afterwards", async () => {
  const [batonPort, agentPort] = [await freePort(), await freePort()];
  const [service, agent] = [`http://127.0.0.1:${batonPort}`, `http://127.0.0.1:${agentPort}`];
  const model = await startOpenAiModel([
    { content: "What is wrong with it?" },
    calls("wants a refund", "The lamp came broken."),
    { content: "Glad that it is settled." },
  ]);
  baton(["serve"], {
    PORT: String(batonPort),
    DATABASE_PATH: ":memory:",
    OPERATOR_TOKEN: "development",
    BOT_SECRETS: JSON.stringify({ "shop-assistant": [SECRET] }),
  });
  const child = spawn(process.execPath, [AGENT], {
    env: { PORT: String(agentPort), BATON_URL: service, BATON_SECRET: SECRET, MODEL_URL: model.url, MODEL: "scripted" },
    stdio: "ignore",
  });
  atTheEnd(() => child.kill("SIGKILL"));
  for (const url of [`${service}/livez`, agent])
    await until(async () => (await fetch(url).catch(() => undefined)) ?? undefined);
  const send = async (url: string, body: object, headers: Record<string, string> = {}) => {
    const init = {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    };
    return (await (await fetch(url, init)).json()) as Record<string, unknown>;
  };
  const say = async (text: string) => (await send(`${agent}/messages`, { session: "chat-1", text })).reply;

  expect(await say("My lamp is broken")).toBe("What is wrong with it?");
  expect(await say("It came in pieces. I want my money back!")).toContain("passing you to a colleague");
  expect(model.asked).toHaveLength(2);

  expect(await say("Are you there?")).toBeNull();
  expect(model.asked).toHaveLength(2);

  const emulator = { authorization: "App emulator" };
  const { conversations } = (await (await fetch(`${service}/ccaas/1/conversations`, { headers: emulator })).json()) as {
    conversations: { id: string }[];
  };
  const [conversation] = conversations;
  expect(conversations).toHaveLength(1);
  const path = `${service}/ccaas/1/conversations/${conversation?.id}`;
  // Words from before, words of the request, and words that came while the agent has it.
  await until(async () => {
    const { notes } = (await (await fetch(`${path}/notes`, { headers: emulator })).json()) as {
      notes: { content: string }[];
    };
    const all = notes.map(({ content }) => content).join("\n");
    const has = [
      "My lamp is broken",
      "What is wrong with it?",
      "It came in pieces",
      "wants a refund",
      "Are you there?",
    ];
    return has.every((words) => all.includes(words)) || undefined;
  });

  const closed = await fetch(path, {
    method: "PUT",
    headers: { ...emulator, "content-type": "application/json" },
    body: JSON.stringify({ status: "CLOSED" }),
  });
  expect(closed.status).toBe(200);
  await until(async () => ((await say("Thanks, all done")) === "Glad that it is settled." ? true : undefined));
  expect(model.asked).toHaveLength(3);
  expect(model.asked[2]?.messages[0]?.role).toBe("system");
});
