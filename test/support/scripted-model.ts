/** Language models that say scripted lines in turn, over HTTP. Each refuses messages that its provider refuses. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { atTheEnd } from "./process.ts";

export interface ScriptedModel<Asked> {
  url: string;
  /** Requests so far. */
  asked: Asked[];
}

/** `refusalOf`: says why the provider would not take a request; null where it would. */
async function startModel<Asked>(
  answers: readonly object[],
  refusalOf: (asked: Asked) => string | null,
): Promise<ScriptedModel<Asked>> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const given = JSON.parse(body) as Asked;
    const error = refusalOf(given);
    const answer = error === null ? answers[asked.length] : { error };
    asked.push(given);
    response.writeHead(error === null ? 200 : 400, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  atTheEnd(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

interface OpenAiMessage {
  role: string;
  content?: string | null;
  tool_calls?: { id: string }[];
  tool_call_id?: string;
}
export interface OpenAiRequest {
  messages: OpenAiMessage[];
  tools: { function: { name: string } }[];
}

/** The message that calls tools is followed by an answer to each call. */
function openAiRefusal({ messages }: OpenAiRequest): string | null {
  for (const [index, { tool_calls: calls = [] }] of messages.entries()) {
    const behind = messages.slice(index + 1, index + 1 + calls.length);
    const isAnswered = calls.every(({ id }) => behind.some((it) => it.role === "tool" && it.tool_call_id === id));
    if (!isAnswered) return "An assistant message with 'tool_calls' must be followed by tool messages.";
  }
  return null;
}

/** `lines`: the assistant's messages. */
export const startOpenAiModel = (lines: readonly object[]): Promise<ScriptedModel<OpenAiRequest>> =>
  startModel(
    lines.map((line) => ({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1_700_000_000,
      model: "scripted",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: null, ...line },
          finish_reason: "tool_calls" in line ? "tool_calls" : "stop",
        },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    })),
    openAiRefusal,
  );

interface AnthropicPart {
  type: string;
  text?: string;
  id?: string;
  name?: string;
  input?: object;
  tool_use_id?: string;
}
export interface AnthropicRequest {
  messages: { role: string; content: string | AnthropicPart[] }[];
  tools: { name: string }[];
  max_tokens: number;
}

const partsOf = (content: string | AnthropicPart[] | undefined): AnthropicPart[] =>
  Array.isArray(content) ? content : [];

/** The use of a tool is followed by the user's message with its result. */
function anthropicRefusal({ messages, max_tokens: most }: AnthropicRequest): string | null {
  if (!Number.isInteger(most)) return "max_tokens: Field required";
  for (const [index, { role, content }] of messages.entries()) {
    if (role !== "user" && role !== "assistant") return "messages: Unexpected role";
    const uses = partsOf(content).filter(({ type }) => type === "tool_use");
    const next = messages[index + 1];
    const results = next?.role === "user" ? partsOf(next.content) : [];
    const isAnswered = uses.every(({ id }) => results.some((it) => it.type === "tool_result" && it.tool_use_id === id));
    if (!isAnswered) return "`tool_use` ids were found without `tool_result` blocks immediately after.";
  }
  return null;
}

/** `lines`: the contents of the assistant's messages. */
export const startAnthropicModel = (lines: readonly AnthropicPart[][]): Promise<ScriptedModel<AnthropicRequest>> =>
  startModel(
    lines.map((content) => ({
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "scripted",
      content,
      stop_reason: content.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn",
      usage: { input_tokens: 1, output_tokens: 1 },
    })),
    anthropicRefusal,
  );
