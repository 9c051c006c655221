/**
 * An LLM agent with a tool that hands over: it asks who has the customer before each turn, and leaves the model alone while that
 * is a person. Any chat API with OpenAI's form will do; nothing is to be installed.
 *
 *   BATON_URL=http://127.0.0.1:8787 BATON_SECRET=development MODEL_URL=https://api.openai.com/v1 MODEL=gpt-… MODEL_KEY=… node agent.js
 *
 * POST /messages { "session": "chat-1", "text": "hello" } stands for your channel.
 */
import { createServer } from "node:http";

const {
  BATON_URL = "http://127.0.0.1:8787",
  BATON_SECRET = "development",
  BOT = "shop-assistant",
  MODEL_URL = "https://api.openai.com/v1",
  MODEL = "gpt-4o-mini",
  MODEL_KEY = "",
  PORT = "3000",
} = process.env;

/** Stops a model that calls tools for ever. */
const STEPS_AT_MOST = 5;
const SYSTEM = "You help customers of a shop. Hand over when you cannot or may not help.";
const TOOL = {
  type: "function",
  function: {
    name: "hand_over_to_human",
    description:
      "Passes this chat to a human agent. Use it when the customer asks for a person, is upset, or you cannot or may not help. Then say only the message of the result.",
    parameters: {
      type: "object",
      additionalProperties: false,
      required: ["reason", "summary"],
      properties: { reason: { type: "string" }, summary: { type: "string" } },
    },
  },
};

/** Messages of each chat, in the model's form. Keep them with your sessions. */
const chats = new Map();

async function post(url, key, body) {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
const baton = (path, body) => post(`${BATON_URL}/v1/bots/${BOT}/${path}`, BATON_SECRET, body);

/** Returns who has the customer. A session that Baton never saw belongs to the bot. */
async function controlOf(session) {
  const response = await fetch(`${BATON_URL}/v1/bots/${BOT}/sessions/query`, {
    method: "POST",
    headers: { authorization: `Bearer ${BATON_SECRET}`, "content-type": "application/json" },
    body: JSON.stringify({ session }),
  });
  if (response.status === 404) return "bot";
  if (!response.ok) throw new Error(`Baton answered ${response.status}: ${await response.text()}`);
  return (await response.json()).control;
}

/** Returns the tool's result to the model. The session and the messages come from here, never from the model. */
async function handOver(session, messages, { id, function: { arguments: given } }) {
  try {
    const { reason, summary } = JSON.parse(given);
    return await baton("handoffs", { id, session, reason, summary, messages });
  } catch (error) {
    console.error(error.message);
    return { control: "bot", error: "The handoff failed. Apologise, and offer to try again." };
  }
}

/** The agent's answer; null: a person has the customer, and the agent is silent. */
async function turn(session, text) {
  const messages = chats.get(session) ?? [];
  chats.set(session, messages);
  messages.push({ role: "user", content: text });
  if ((await controlOf(session)) !== "bot") {
    // The agent at the desk reads it.
    await baton("events", { type: "customer.message", session, text });
    return null;
  }
  for (let step = 0; step < STEPS_AT_MOST; step += 1) {
    const { choices } = await post(`${MODEL_URL}/chat/completions`, MODEL_KEY, {
      model: MODEL,
      messages: [{ role: "system", content: SYSTEM }, ...messages],
      tools: [TOOL],
    });
    const { message } = choices[0];
    messages.push(message);
    const [call] = message.tool_calls ?? [];
    if (call === undefined) return message.content;
    const result = await handOver(session, messages, call);
    messages.push({ role: "tool", tool_call_id: call.id, content: JSON.stringify(result) });
    // The customer reads the flow's own text, so that the model cannot change it.
    if (result.message) {
      messages.push({ role: "assistant", content: result.message });
      return result.message;
    }
    if (result.control !== undefined && result.control !== "bot") return null;
  }
  return "I could not finish that. Please ask me again.";
}

createServer(async (request, response) => {
  const reply = (status, body) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.method !== "POST" || request.url !== "/messages") return reply(404, { error: "POST /messages" });
  try {
    let body = "";
    for await (const part of request) body += part;
    const { session, text } = JSON.parse(body);
    reply(200, { reply: await turn(session, text) });
  } catch (error) {
    console.error(error.message);
    reply(502, { error: "The agent could not answer." });
  }
}).listen(Number(PORT), "127.0.0.1", () => console.log(`agent on http://127.0.0.1:${PORT}`));
