/** What the demo tells: a chat that goes from the bot to an agent and back, and a second time to an agent. */
import type { Emulator } from "../emulator/app.ts";
import type { NodeService } from "../node.ts";
import type { CallbackReceiver } from "./callback-receiver.ts";
import { faint, good } from "./print.ts";

export const BOT = "shop-assistant";
const SESSION = "demo-chat";
const ANSWER = "Hello Iva, I am sorry. I send you the right one today.";

interface Reported {
  type: string;
  text?: string;
  [more: string]: unknown;
}

/** As a bot reports it; the last event is the one that the bot cannot deal with. */
const chat: Reported[] = [
  {
    type: "session.started",
    channel: "LIVE_CHAT",
    customer: { name: "Iva Kovač" },
    attributes: { orderId: "A-1042" },
  },
  { type: "customer.message", text: "Where is my order?", intent: { name: "order-status", confidence: 0.93 } },
  { type: "bot.message", text: "It left our warehouse yesterday." },
  { type: "customer.message", text: "It is the wrong one! My card was 4111 1111 1111 1111." },
  { type: "bot.fallback", text: "It is the wrong one!" },
  { type: "customer.message", text: "Let me speak to someone, please." },
];

interface Said {
  control: string;
  handoffState: string | null;
  reason: string | null;
  message: string | null;
}

type Conversation = ReturnType<Emulator["desk"]["list"]>[number];

/** The platform's ids are long. */
export const short = (text: string): string => text.replace(/[0-9A-F]{28}(?=[0-9A-F]{4})/g, "…");

interface StoryDeps {
  service: NodeService;
  emulator: Emulator;
  receiver: CallbackReceiver;
  secret: string;
}

export function createStory({ service, emulator, receiver, secret }: StoryDeps) {
  let control = "nobody";
  let reported = 0;

  function nowIn(next: string): string {
    const said = next === control ? next : `${control} → ${good(next)}`;
    control = next;
    return said;
  }

  async function post(given: Reported): Promise<Said> {
    reported += 1;
    const response = await fetch(`${service.url}/v1/bots/${BOT}/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ id: `demo-${reported}`, session: SESSION, ...given }),
    });
    if (!response.ok) throw new Error(`the service answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Said;
  }

  /** The bot reports an event, and is answered. */
  async function report(event: Reported): Promise<void> {
    console.log(`  bot → Baton   ${event.type}${event.text === undefined ? "" : `: ${event.text}`}`);
    const said = await post(event);
    const decision = said.reason === null ? "no handoff" : `handoff, because ${said.reason}: ${said.handoffState}`;
    console.log(`  Baton → bot   ${decision}; in control: ${nowIn(said.control)}`);
    if (said.message !== null) console.log(`                and the bot may say: “${said.message}”`);
    console.log();
  }

  /** What Baton tells the bot by itself, to the address that its flow names. */
  async function told(type: string): Promise<void> {
    const { data } = await receiver.next(type);
    const about = data.because ?? (data.text === undefined ? data.agent?.name : undefined);
    const what = about == null ? "" : ` (${about})`;
    console.log(
      `  Baton → bot   callback ${type}${what}, ${good("signature verified")}; in control: ${nowIn(data.control)}`,
    );
    console.log();
  }

  /** The newest conversation, and an agent of the queue it waits in. */
  function atDesk() {
    const [waiting] = emulator.desk.list();
    const agent = [...emulator.state.agents.values()].find(({ queueIds }) => queueIds.includes(waiting?.queueId ?? ""));
    if (waiting === undefined || agent === undefined) throw new Error("nobody found the conversation");
    return { waiting, agent };
  }

  function seen({ topic, status, priority, tags }: Conversation): void {
    console.log(`  ${topic}   ${status}, priority ${priority}`);
    console.log(`  tags: ${tags.join(", ")}`);
  }

  async function withAgent(): Promise<void> {
    const { waiting, agent } = atDesk();
    const { desk } = emulator;
    console.log(`What ${agent.displayName} of queue ${waiting.queueName} sees\n`);
    seen(waiting);
    for (const { content } of waiting.notes) console.log(`\n${String(content).replace(/^/gm, "  | ")}`);
    console.log(`\n  ${agent.displayName} takes the chat`);
    desk.take(waiting.id, agent.id);
    await told("agent.joined");
    console.log(`  ${agent.displayName} answers: “${ANSWER}”`);
    desk.reply(waiting.id, agent.id, ANSWER);
    await told("agent.message");
    await report({ type: "customer.message", text: "Thank you!" });
    console.log(`  ${agent.displayName} marks it as solved`);
    desk.setStatus(waiting.id, agent.id, "SOLVED");
    await told("handoff.returned");
  }

  function seenAgain(): void {
    const { waiting, agent } = atDesk();
    console.log(`What ${agent.displayName} sees now: a conversation of its own, linked to the one before\n`);
    seen(waiting);
    console.log(`  ${faint(short(waiting.summary ?? ""))}`);
  }

  return async (): Promise<void> => {
    for (const event of chat) await report(event);
    await withAgent();
    await report({ type: "customer.message", text: "An invoice would be good. Can a human send it?" });
    seenAgain();
  };
}
