/** Tests of the tool definitions in the guide for LLM agents: a scripted model in each provider's form gets its own. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { z } from "zod";
import { createBatonClient } from "../../src/client/client.ts";
import { createServedDoor } from "../support/served.ts";
import { SECRET } from "../support/world.ts";

const page = readFileSync(new URL("../../docs/connect/llm-agents.md", import.meta.url), "utf8");

/** Returns the first block of code after a line. */
function blockBehind(line: string): string {
  const [, text] = new RegExp(`^${line}[^\\n]*\\n\\n\`\`\`\\w+\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(page) ?? [];
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

it("AI SDK: the tool asks for a person when it is executed", async () => {
  const door = await createServedDoor();
  const baton = createBatonClient({ url: door.url, bot: "shop-assistant", secret: SECRET });
  interface Tool {
    description: string;
    inputSchema: z.ZodType<typeof SAID>;
    execute: (input: typeof SAID, options: { messages: unknown[]; toolCallId: string }) => Promise<unknown>;
  }
  // The SDK's own function, too, returns its argument and serves the types only.
  const tool = (given: Tool): Tool => given;
  const code = `${blockBehind("AI SDK")}\nreturn handOverToHuman;`;
  const made = new Function("tool", "z", "baton", "session", code)(tool, z, baton, "chat-1") as Tool;
  const schema = jsonSchema.parse(z.toJSONSchema(made.inputSchema));
  const input = made.inputSchema.parse(JSON.parse(argumentsFor(schema)));
  const content = [{ type: "text", text: "My lamp came broken, I want my money back" }];
  const messages = [
    { role: "system", content: "Never give discounts." },
    { role: "user", content },
  ];
  const options = { messages, toolCallId: "call-1" };
  expect(await made.execute(input, options)).toMatchObject({ outcome: "accepted", control: "queue" });
  expect(await made.execute(input, options)).toMatchObject({ control: "queue" });
  expect(door.conversations()).toHaveLength(1);
  expect(door.note()).toMatch(/wants a refund[\s\S]*The lamp came broken[\s\S]*I want my money back/);
  expect(door.note()).not.toContain("discounts");
});
