/** Requests of a bot, as the benchmarks send them. */
import { type Dispatcher, request } from "undici";
import { handoffRequest } from "./handoff-request.ts";
import { type Running, SECRET } from "./process.ts";

const BOT = "shop-assistant";

let asked = 0;

async function post(url: string, body: object, headers: Record<string, string>, dispatcher: Dispatcher) {
  const answer = await request(url, {
    method: "POST",
    headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    dispatcher,
  });
  return { status: answer.statusCode, text: await answer.body.text() };
}

/** Requests a handoff for a new chat, and waits until it is routed. `more` is added to the request. */
export const handingOver =
  (url: string, dispatcher: Dispatcher) =>
  async (more: object = {}): Promise<void> => {
    asked += 1;
    const body = { ...handoffRequest(`chat-${asked}`), ...more };
    const { status, text } = await post(`${url}/v1/bots/${BOT}/handoffs`, body, {}, dispatcher);
    if (status !== 201) throw new Error(`a handoff was answered ${status}: ${text}`);
  };

/** Requests a handoff for a new chat, and waits until it is durable. */
export const leaving = (url: string, dispatcher: Dispatcher) => async (): Promise<void> => {
  asked += 1;
  const body = handoffRequest(`chat-${asked}`);
  const headers = { prefer: "respond-async" };
  const { status, text } = await post(`${url}/v1/bots/${BOT}/handoffs`, body, headers, dispatcher);
  if (status !== 202) throw new Error(`a handoff was answered ${status}: ${text}`);
};

/** Sends a message that needs no handoff, in one of a thousand chats; `session` names another. */
export const telling =
  (url: string, dispatcher: Dispatcher) =>
  async (session?: string): Promise<void> => {
    asked += 1;
    const event = {
      id: `e-${asked}`,
      type: "customer.message",
      session: session ?? `chat-of-messages-${asked % 1_000}`,
      text: "Where is my order? It was to come on Monday, and nobody has told me anything since.",
      intent: { name: "order-status", confidence: 0.93 },
    };
    const { status, text } = await post(`${url}/v1/bots/${BOT}/events`, event, {}, dispatcher);
    if (status !== 200) throw new Error(`an event was answered ${status}: ${text}`);
  };

/**
 * Calls that the platform's stand-in got. `firstAt`: time of the first call, `routedAt`: of the last route, in milliseconds since
 * the epoch.
 */
export async function seenBy(
  platform: Running,
): Promise<{ calls: number; routes: number; firstAt: number; routedAt: number }> {
  const answer = await request(platform.url);
  return (await answer.body.json()) as { calls: number; routes: number; firstAt: number; routedAt: number };
}

/** Reads what operators may read. */
export const reading = (url: string, dispatcher: Dispatcher) => async (): Promise<string> => {
  const answer = await request(url, { headers: { authorization: `Bearer ${SECRET}` }, dispatcher });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${url} was answered ${answer.statusCode}`);
  return text;
};
