/**
 * Runs the tool definitions and the loops of the guide for LLM agents, over HTTP: Baton answers, and a scripted model in each
 * provider's form. The SDKs are too large to install for it: what they do between the two stands here.
 */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { z } from "zod";
import { type BatonClient, createBatonClient } from "../../src/client/client.ts";
import { startAnthropicModel, startOpenAiModel } from "../support/scripted-model.ts";
import { createServedDoor } from "../support/served.ts";
import { SECRET } from "../support/world.ts";

const page = readFileSync(new URL("../../docs/connect/llm-agents.md", import.meta.url), "utf8");

/** Returns a block of code after a line: the first, or the one of this place. */
function blockBehind(line: string, place = 0): string {
  const [, behind = ""] = page.split(`\n${line}\n`);
  const [, text] = [...behind.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)][place] ?? [];
  if (text === undefined) throw new Error(`nothing stands behind '${line}'`);
  return text;
}

const SAID = { reason: "wants a refund", summary: "The lamp came broken." };
const MESSAGES = [
  { role: "system", content: "Never give discounts." },
  { role: "user", content: "My lamp came broken, I want my money back" },
];
const jsonSchema = z.looseObject({
  type: z.literal("object"),
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()),
});

/** Returns arguments that fit a tool's schema, as a model writes them. */
function argumentsFor(schema: z.infer<typeof jsonSchema>): string {
  const takes = new Ajv2020().compile(schema);
  expect(takes(SAID), JSON.stringify(takes.errors)).toBe(true);
  expect(takes({ reason: "wants a refund" })).toBe(false);
  return JSON.stringify(SAID);
}

async function askFor(request: object) {
  const door = await createServedDoor();
  const answer = await fetch(`${door.url}/v1/bots/shop-assistant/handoffs`, {
    method: "POST",
    headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  expect([answer.status, await answer.json()]).toMatchObject([201, { control: "queue", message: expect.any(String) }]);
  expect(door.note()).toMatch(/wants a refund[\s\S]*The lamp came broken[\s\S]*I want my money back/);
  expect(door.note()).not.toContain("discounts");
}

it("OpenAI: the definition is a strict function, whose call is a request", async () => {
  const tool = z
    .strictObject({
      type: z.literal("function"),
      function: z.strictObject({
        name: z.string().regex(/^[\w-]{1,64}$/),
        description: z.string().max(1_024),
        strict: z.literal(true),
        parameters: jsonSchema.extend({ additionalProperties: z.literal(false) }),
      }),
    })
    .parse(JSON.parse(blockBehind("OpenAI:")));
  const { name, parameters } = tool.function;
  // The rule of strict functions.
  expect(parameters.required.sort()).toEqual(Object.keys(parameters.properties).sort());
  const call = { id: "call_Za7", type: "function", function: { name, arguments: argumentsFor(parameters) } };
  await askFor({
    ...call,
    session: "chat-1",
    messages: [...MESSAGES, { role: "assistant", content: null, tool_calls: [call] }],
  });
});

it("Anthropic: the definition is a tool, whose use is a request", async () => {
  const tool = z
    .strictObject({ name: z.string().regex(/^[\w-]{1,64}$/), description: z.string(), input_schema: jsonSchema })
    .parse(JSON.parse(blockBehind("Anthropic:")));
  const use = { type: "tool_use", id: "toolu_01", name: tool.name, input: JSON.parse(argumentsFor(tool.input_schema)) };
  await askFor({ ...use, session: "chat-1", messages: [...MESSAGES, { role: "assistant", content: [use] }] });
});

type AnswerCustomer = (session: string, messages: object[]) => Promise<string | null>;

/** Makes the loop of the guide. `given`: what the bot has around it. */
function loopOf(line: string, place: number, given: Record<string, unknown>): AnswerCustomer {
  const code = `${blockBehind(line, place)}\nreturn answerCustomer;`;
  return new Function(...Object.keys(given), code)(...Object.values(given)) as AnswerCustomer;
}

/** Posts as the SDKs do, which throw for any status beyond 2xx. */
const postTo = (url: string) => async (body: object) => {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
};

/** Holds a chat with the bot of a loop, until a person has helped and the bot goes on. */
async function holdChat(make: (baton: BatonClient) => AnswerCustomer, asked: readonly unknown[]) {
  const door = await createServedDoor();
  const answerCustomer = make(createBatonClient({ url: door.url, bot: "shop-assistant", secret: SECRET }));
  const messages: object[] = [];
  const say = (content: string) => {
    messages.push({ role: "user", content });
    return answerCustomer("chat-1", messages);
  };
  expect(await say("My lamp is broken")).toBe("What is wrong with it?");
  expect(await say("It came in pieces. I want my money back!")).toMatch(/passing you to a colleague/);
  expect(asked).toHaveLength(2);
  expect(door.note()).toMatch(
    /wants a refund[\s\S]*The lamp came broken[\s\S]*What is wrong with it\?[\s\S]*in pieces/,
  );

  expect(await say("Are you there?")).toBeNull();
  expect(asked).toHaveLength(2);
  expect(door.conversations()).toHaveLength(1);
  await door.take();
  expect(await say("I have a picture of it")).toBeNull();
  await door.finish();
  expect(await say("Thanks, all done")).toBe("Glad that it is settled.");
  expect(asked).toHaveLength(3);
}

it("OpenAI: the loop hands over by its tool, and leaves the model alone while a person has the customer", async () => {
  const call = {
    id: "call_Za7",
    type: "function",
    function: { name: "hand_over_to_human", arguments: JSON.stringify(SAID) },
  };
  const model = await startOpenAiModel([
    { content: "What is wrong with it?" },
    { tool_calls: [call] },
    { content: "Glad that it is settled." },
  ]);
  const handOverToHuman = JSON.parse(blockBehind("OpenAI:"));
  const openai = { chat: { completions: { create: postTo(`${model.url}/chat/completions`) } } };
  await holdChat((baton) => loopOf("OpenAI:", 1, { baton, openai, handOverToHuman, model: "scripted" }), model.asked);
  expect(model.asked[0]?.tools).toEqual([handOverToHuman]);
});

it("Anthropic: the loop hands over by its tool, and leaves the model alone while a person has the customer", async () => {
  const model = await startAnthropicModel([
    [{ type: "text", text: "What is wrong with it?" }],
    [{ type: "tool_use", id: "toolu_01", name: "hand_over_to_human", input: SAID }],
    [{ type: "text", text: "Glad that it is settled." }],
  ]);
  const handOverToHuman = JSON.parse(blockBehind("Anthropic:"));
  const anthropic = { messages: { create: postTo(`${model.url}/v1/messages`) } };
  await holdChat(
    (baton) => loopOf("Anthropic:", 1, { baton, anthropic, handOverToHuman, model: "scripted" }),
    model.asked,
  );
  expect(model.asked[0]?.tools).toEqual([handOverToHuman]);
});

it("tells the model that the tool failed, and lets it go on", async () => {
  const call = {
    id: "call_Za7",
    type: "function",
    function: { name: "hand_over_to_human", arguments: JSON.stringify(SAID) },
  };
  const model = await startOpenAiModel([{ tool_calls: [call] }, { content: "I could not reach anybody." }]);
  const openai = { chat: { completions: { create: postTo(`${model.url}/chat/completions`) } } };
  const nobody = createBatonClient({
    url: "http://baton.invalid",
    bot: "shop-assistant",
    secret: SECRET,
    fetch: async (input) =>
      String(input).endsWith("/sessions/query")
        ? Response.json({ control: "bot" })
        : Response.json({ type: "urn:x", title: "Not now" }, { status: 422 }),
  });
  const answerCustomer = loopOf("OpenAI:", 1, { baton: nobody, openai, handOverToHuman: {}, model: "scripted" });
  expect(await answerCustomer("chat-1", [{ role: "user", content: "help" }])).toBe("I could not reach anybody.");
  expect(model.asked[1]?.messages.at(-1)).toMatchObject({
    role: "tool",
    content: expect.stringContaining("It failed."),
  });
});

interface AiTool {
  description: string;
  inputSchema: z.ZodType<typeof SAID>;
  execute: (input: typeof SAID, options: { messages: readonly object[]; toolCallId: string }) => Promise<unknown>;
}
interface Step {
  text: string;
  toolResults: { output: unknown }[];
}
interface Generation {
  model: string;
  messages: readonly object[];
  tools: Record<string, AiTool>;
  stopWhen: (so: { steps: Step[] }) => boolean;
}

/** Does as the SDK's function of this name: asks the model, runs its tools, and goes on until it is to stop. */
async function generateText({ model, messages, tools, stopWhen }: Generation) {
  const steps: Step[] = [];
  const made: object[] = [];
  for (;;) {
    const { choices } = (await postTo(`${model}/chat/completions`)({
      messages: [...messages, ...made],
      tools: [],
    })) as {
      choices: { message: { content: string | null; tool_calls?: { id: string; function: Called }[] } }[];
    };
    const { content, tool_calls: calls = [] } = choices[0]?.message ?? { content: null };
    const step: Step = { text: content ?? "", toolResults: [] };
    steps.push(step);
    if (calls.length === 0) made.push({ role: "assistant", content: [{ type: "text", text: content }] });
    for (const { id, function: called } of calls) {
      const own = { toolCallId: id, toolName: called.name };
      const input = tools[called.name]?.inputSchema.parse(JSON.parse(called.arguments)) ?? SAID;
      const output = await tools[called.name]?.execute(input, { toolCallId: id, messages: [...messages, ...made] });
      step.toolResults.push({ output });
      made.push(
        { role: "assistant", content: [{ type: "tool-call", ...own, input }] },
        { role: "tool", content: [{ type: "tool-result", ...own, output: { type: "json", value: output } }] },
      );
    }
    if (calls.length === 0 || stopWhen({ steps })) return { ...step, steps, response: { messages: made } };
  }
}
type Called = { name: string; arguments: string };

it("AI SDK: the loop hands over by its tool, and leaves the model alone while a person has the customer", async () => {
  const tools: AiTool[] = [];
  const tool = (given: AiTool): AiTool => {
    tools.push(given);
    return given;
  };
  const called = { name: "handOverToHuman", arguments: JSON.stringify(SAID) };
  const model = await startOpenAiModel([
    { content: "What is wrong with it?" },
    { tool_calls: [{ id: "call_ai", type: "function", function: called }] },
    { content: "Glad that it is settled." },
  ]);
  const given = { tool, generateText, z, model: model.url };
  await holdChat((baton) => loopOf("AI SDK:", 0, { ...given, baton }), model.asked);
  const schema = jsonSchema.parse(z.toJSONSchema(tools[0]?.inputSchema ?? z.never()));
  expect(JSON.parse(argumentsFor(schema))).toEqual(SAID);
});
