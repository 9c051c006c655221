/** Story of the demo: a chat on WhatsApp that goes from the bot to an agent and back, and a second time to an agent. */
import type { Emulator } from "../../emulator/app.ts";
import type { NodeService } from "../../node.ts";
import { faint, good } from "../support/print.ts";
import type { CallbackReceiver } from "./callback-receiver.ts";

export const BOT = "shop-assistant";
const SESSION = "demo-chat";
const ANSWER = "Hello Iva, I am sorry. I send you the right one today.";

interface Reported {
  type: string;
  text?: string;
  [more: string]: unknown;
}

/** The customer's telephone and the shop's WhatsApp number, at which the bot answers. */
const CUSTOMER = { from: "385911234567", to: "447860099299", channel: "WHATSAPP", name: "Iva Kovač" };

interface Said {
  control: string;
  handoffState: string | null;
  reason: string | null;
  message: string | null;
}

type Conversation = ReturnType<Emulator["desk"]["list"]>[number];

/** Shortens the platform's long ids. */
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
  let conversationId = "";

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
      body: JSON.stringify({ id: `demo-${reported}`, session: SESSION, conversationId, ...given }),
    });
    if (!response.ok) throw new Error(`the service answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Said;
  }

  /** Reports an event for the bot, and says the text of the answer. */
  async function report(event: Reported): Promise<void> {
    console.log(`  bot → Baton        ${event.type}${event.text === undefined ? "" : `: ${event.text}`}`);
    const said = await post(event);
    const decision = said.reason === null ? "no handoff" : `handoff, because ${said.reason}: ${said.handoffState}`;
    console.log(`  Baton → bot        ${decision}; in control: ${nowIn(said.control)}`);
    if (said.message !== null) await say(said.message);
    console.log();
  }

  /** Writes on WhatsApp as the customer. Infobip puts it into their conversation, or into a new one, which the bot gets. */
  function write(text: string): void {
    const written = emulator.desk.receive({ text, ...CUSTOMER });
    if (!written.ok) throw new Error(`the customer cannot write: ${written.error.reason}`);
    conversationId = written.value.id;
    console.log(`  customer           ${text}`);
  }

  /** Answers the customer as the bot, through Infobip. */
  async function say(text: string): Promise<void> {
    const { agentId = null } = emulator.state.conversations.get(conversationId) ?? {};
    const body = {
      from: CUSTOMER.to,
      to: CUSTOMER.from,
      channel: CUSTOMER.channel,
      contentType: "TEXT",
      content: { text },
    };
    const sent = await emulator.fetch(
      new Request(`http://emulator.localhost/ccaas/1/conversations/${conversationId}/messages`, {
        method: "POST",
        headers: { authorization: "App demo", ...(agentId !== null && { "x-agent-id": agentId }) },
        body: JSON.stringify(body),
      }),
    );
    if (!sent.ok) throw new Error(`the bot cannot answer: ${sent.status}`);
    console.log(`  bot → customer     ${text}`);
  }

  /** Prints the next callback of a type that Baton sends to the bot. */
  async function told(type: string): Promise<void> {
    const { data } = await receiver.next(type);
    const about = data.because ?? (data.text === undefined ? data.agent?.name : undefined);
    const what = about == null ? "" : ` (${about})`;
    console.log(
      `  Baton → bot        callback ${type}${what}, ${good("signature verified")}; in control: ${nowIn(data.control)}`,
    );
    console.log();
  }

  /** Finds the newest conversation, and an agent of its queue. */
  function atDesk() {
    const [waiting] = emulator.desk.list();
    const agent = [...emulator.state.agents.values()].find(({ queueIds }) => queueIds.includes(waiting?.queueId ?? ""));
    if (waiting === undefined || agent === undefined) throw new Error("no agent found the conversation");
    return { waiting, agent };
  }

  function seen({ topic, status, priority, tags }: Conversation): void {
    console.log(`  ${topic}   ${status}, priority ${priority}`);
    console.log(`  tags: ${tags.join(", ")}`);
  }

  /** Returns the last message on the customer's telephone. */
  function lastRead(): string {
    const { messages = [] } = emulator.state.conversations.get(conversationId) ?? {};
    const last = messages.findLast(({ direction, to }) => direction === "OUTBOUND" && to === CUSTOMER.from);
    return String((last?.content as { text?: string } | undefined)?.text);
  }

  async function withBot(): Promise<void> {
    console.log("A customer writes to the shop on WhatsApp. Infobip gives the conversation to the shop's bot\n");
    write("Where is my order?");
    await report({
      type: "session.started",
      channel: CUSTOMER.channel,
      customer: { name: CUSTOMER.name, phone: `+${CUSTOMER.from}` },
      attributes: { orderId: "A-1042" },
    });
    await report({
      type: "customer.message",
      text: "Where is my order?",
      intent: { name: "order-status", confidence: 0.93 },
    });
    await say("It left our warehouse yesterday.");
    await report({ type: "bot.message", text: "It left our warehouse yesterday." });
    write("It is the wrong one! My card was 4111 1111 1111 1111.");
    await report({ type: "customer.message", text: "It is the wrong one! My card was 4111 1111 1111 1111." });
    await report({ type: "bot.fallback" });
    write("Let me speak to someone, please.");
    await report({ type: "customer.message", text: "Let me speak to someone, please." });
  }

  async function withAgent(): Promise<void> {
    const { waiting, agent } = atDesk();
    const { desk } = emulator;
    console.log(`What ${agent.displayName} of queue ${waiting.queueName} sees, beside the messages on WhatsApp\n`);
    seen(waiting);
    for (const { content } of waiting.notes) console.log(`\n${String(content).replace(/^/gm, "  | ")}`);
    console.log(`\n  ${agent.displayName} takes the chat`);
    desk.take(waiting.id, agent.id);
    await told("agent.joined");
    console.log(`  ${agent.displayName} answers on WhatsApp`);
    const answered = desk.reply(waiting.id, agent.id, ANSWER);
    if (!answered.ok) throw new Error(`the agent cannot answer: ${answered.error.reason}`);
    console.log(`  customer reads     ${lastRead()}`);
    await told("agent.message");
    write("Thank you!");
    console.log(
      faint("                     for the agent: the bot is not asked while an agent has the conversation\n"),
    );
    console.log(`  ${agent.displayName} closes the conversation`);
    desk.setStatus(waiting.id, agent.id, "CLOSED");
    await told("handoff.returned");
  }

  async function onceMore(): Promise<void> {
    console.log("The customer writes again. Infobip opens another conversation, and the bot has it\n");
    const text = "An invoice would be good. Can a human send it?";
    write(text);
    await report({ type: "customer.message", text });
    const { waiting, agent } = atDesk();
    console.log(`What ${agent.displayName} sees now: the new conversation, linked to the one before\n`);
    seen(waiting);
    console.log(`  ${faint(short(waiting.summary ?? ""))}`);
  }

  return async (): Promise<void> => {
    await withBot();
    await withAgent();
    await onceMore();
  };
}

/** Connects the demo's bot to the shop's WhatsApp number, as its owner does in Infobip's portal. */
export async function connectBot(emulator: Emulator): Promise<void> {
  const bot = { displayName: "Shop assistant on WhatsApp", destination: CUSTOMER.to, channel: CUSTOMER.channel };
  const made = await emulator.fetch(
    new Request("http://emulator.localhost/ccaas/1/bots", {
      method: "POST",
      headers: { authorization: "App demo" },
      body: JSON.stringify(bot),
    }),
  );
  if (!made.ok) throw new Error(`the bot cannot be connected: ${made.status}`);
}
