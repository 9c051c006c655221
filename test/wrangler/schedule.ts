/** Plays one schedule of chats over HTTP, on any runtime, and records the platform's calls. */
import { until } from "../support/process.ts";

export interface Side {
  url: string;
  secret: string;
}

interface Call {
  operation: string;
  method: string;
  path: string;
  body: unknown;
  status: number;
  answer: { id?: string } | null;
}
interface Shown {
  control: string;
  conversationId: string | null;
  handoff: { id: string; state: string } | null;
}

type Step =
  /** The bot sends an event. */
  | { do: "say"; event: Record<string, unknown> }
  /** The next request of this kind meets a fault. */
  | { do: "fault"; fault: Record<string, unknown> }
  /** An agent acts in the conversation. */
  | { do: "desk"; act: "take" | "close" }
  /** Waits until words after the request reach the agent, some seconds later. */
  | { do: "be-told" }
  | { do: "cancel" };
export type Chat = Step[];

const say = (given: Record<string, unknown>): Step => ({ do: "say", event: { type: "customer.message", ...given } });
const ask = say({ text: "a human, please" });
const fault = (given: Record<string, unknown>): Step => ({ do: "fault", fault: given });
const fallback = say({ type: "bot.fallback", text: "what?" });

/** Chats that go well or wrong in one way each. */
export const chats: Record<string, Chat> = {
  "asks-at-once": [ask],
  "has-a-history": [say({ text: "where is it?" }), say({ type: "bot.message", text: "on its way" }), ask],
  "loses-the-bot": [fallback, fallback, fallback],
  "asks-twice": [ask, ask, { do: "be-told" }],
  "is-never-handed-over": [say({ text: "hello" }), say({ type: "session.ended" })],
  "create-answered-in-vain": [fault({ operation: "createConversation", kind: "malformed", when: "after" }), ask],
  "create-fails-after-its-effect": [
    fault({ operation: "createConversation", kind: "status", status: 500, when: "after" }),
    ask,
  ],
  "create-fails-before-it": [fault({ operation: "createConversation", kind: "status", status: 503 }), ask],
  "tag-is-throttled": [fault({ operation: "addTag", kind: "status", status: 429, retryAfter: 1 }), ask],
  "route-fails-after-its-effect": [fault({ operation: "route", kind: "status", status: 502, when: "after" }), ask],
  "route-answered-in-vain": [fault({ operation: "route", kind: "wrong-shape", when: "after" }), ask],
  "is-served-and-comes-back": [
    ask,
    { do: "desk", act: "take" },
    { do: "desk", act: "close" },
    say({ text: "thanks" }),
    ask,
  ],
  "is-refused": [fault({ operation: "createConversation", kind: "status", status: 400 }), ask, { do: "cancel" }],
};

async function answered<T>(response: Promise<Response>): Promise<T> {
  const answer = await response;
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

function createClient({ url, secret }: Side, operatorToken: string) {
  const bot = `${url}/v1/bots/shop-assistant`;
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  const post = (to: string, body: unknown, more = headers) =>
    fetch(to, { method: "POST", headers: more, body: JSON.stringify(body) });
  return {
    say: (event: unknown) => answered(post(`${bot}/events`, event)),
    session: (name: string) => answered<Shown>(fetch(`${bot}/sessions/${name}`, { headers })),
    emulator: (path: string, body: unknown) => answered(post(`${url}/emulator/${path}`, body)),
    state: () => answered<{ agents: { id: string }[] }>(fetch(`${url}/emulator/state`)),
    calls: async () => (await answered<{ calls: Call[] }>(fetch(`${url}/emulator/calls`))).calls,
    cancel: (id: string) =>
      post(`${url}/v1/handoffs/${id}/cancel`, {}, { ...headers, authorization: `Bearer ${operatorToken}` }),
  };
}

/** Numbers ids in the order of first sight and removes times: nothing else differs between two runs. */
function named(calls: readonly Call[]): string[] {
  const names = new Map<string, string>();
  const id = /\b(?:[0-9A-F]{32}|01[0-9A-HJKMNP-TV-Z]{24})\b/g;
  return calls.map(({ operation, method, path, body, status }) =>
    `${operation} ${method} ${decodeURIComponent(path)} ${JSON.stringify(body)} ${status}`
      .replace(id, (found) => {
        const known = names.get(found) ?? `#${names.size + 1}`;
        names.set(found, known);
        return known;
      })
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-][\d:]+)/g, "TIME")
      .replace(/\b\d\d:\d\d\b/g, "TIME"),
  );
}

/** Plays a chat to its rest, and returns the platform's calls; those that went side by side stay side by side. */
export async function playChat(side: Side, operatorToken: string, name: string, chat: Chat) {
  const client = createClient(side, operatorToken);
  const before = (await client.calls()).length;
  const settled = () =>
    until(async () => {
      const shown = await client.session(name);
      return shown.handoff?.state === "pending" ? undefined : shown;
    });
  const controlled = (control: string) =>
    until(async () => ((await client.session(name)).control === control ? true : undefined));
  for (const [index, step] of chat.entries()) {
    switch (step.do) {
      case "say":
        await client.say({ id: `${name}-${index}`, session: name, ...step.event });
        await settled();
        break;
      case "fault":
        await client.emulator("faults", step.fault);
        break;
      case "desk": {
        const { conversationId } = await client.session(name);
        const agentId = (await client.state()).agents[0]?.id;
        const desk = `desk/conversations/${conversationId}`;
        if (step.act === "take") await client.emulator(`${desk}/take`, { agentId });
        else await client.emulator(`${desk}/status`, { agentId, status: "CLOSED" });
        await controlled(step.act === "take" ? "agent" : "bot");
        break;
      }
      case "be-told": {
        const isFurther = ({ body }: Call): boolean => JSON.stringify(body).includes("Further messages");
        await until(async () => ((await client.calls()).slice(before).some(isFurther) ? true : undefined));
        break;
      }
      case "cancel":
        await client.cancel((await client.session(name)).handoff?.id ?? "");
        break;
    }
  }
  const { control, handoff } = await settled();
  const calls = (await client.calls()).slice(before);
  // A look at the whole account belongs to no chat.
  const own = calls.filter(({ operation, path }) => operation !== "listConversations" || path.includes("createdAfter"));
  const lines = named(own);
  const isContext = (line: string): boolean => /^(addTag|createTag|createNote|patchMetadata)/.test(line);
  return {
    control,
    state: handoff?.state ?? null,
    context: lines.filter(isContext).sort(),
    rest: lines.filter((l) => !isContext(l)),
  };
}
