import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../config.ts";
import type { Emulator } from "../emulator/app.ts";
import { type NodeService, startService } from "../node.ts";
import { good } from "./print.ts";
import { projectFlows } from "./project-flows.ts";

const BOT = "shop-assistant";
const SESSION = "demo-chat";

/** A chat as a bot reports it; the last event is the one that the bot cannot deal with. */
const chat = [
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

async function report(service: NodeService, secret: string, given: object, index: number): Promise<Said> {
  const response = await fetch(`${service.url}/v1/bots/${BOT}/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ id: `demo-${index}`, session: SESSION, ...given }),
  });
  if (!response.ok) throw new Error(`the service answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Said;
}

/** Prints what Baton decided, and who is in control now. Returns that. */
function show(said: Said, before: string): string {
  const decision = said.reason === null ? "no handoff" : `handoff, because ${said.reason}: ${said.handoffState}`;
  const control = said.control === before ? said.control : `${before} → ${good(said.control)}`;
  console.log(`  Baton → bot   ${decision}; in control: ${control}`);
  if (said.message !== null) console.log(`                and the bot may say: “${said.message}”`);
  console.log();
  return said.control;
}

/** The desk: an agent of the queue finds the conversation, takes it and answers. */
function showAgent(emulator: Emulator): void {
  const [waiting] = emulator.desk.list();
  const agent = [...emulator.state.agents.values()].find(({ queueIds }) => queueIds.includes(waiting?.queueId ?? ""));
  if (waiting === undefined || agent === undefined) throw new Error("nobody found the conversation");
  console.log(`What ${agent.displayName} of queue ${waiting.queueName} sees\n`);
  console.log(`  ${waiting.topic}   ${waiting.status}, priority ${waiting.priority}`);
  console.log(`  tags: ${waiting.tags.join(", ")}`);
  for (const { content } of waiting.notes) console.log(`\n${String(content).replace(/^/gm, "  | ")}`);
  emulator.desk.take(waiting.id, agent.id);
  const answer = "Hello Iva, I am sorry. I send you the right one today.";
  emulator.desk.reply(waiting.id, agent.id, answer);
  console.log(`\n  ${agent.displayName} takes the chat and answers: “${answer}”`);
}

/** A chat is handed to an agent before your eyes: the real service over HTTP, the emulator as the platform. */
export async function demoCommand({ once = false }: { once?: boolean }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "baton-demo-"));
  const config = parseConfig({
    DATABASE_PATH: join(folder, "baton.db"),
    PORT: once ? "0" : process.env.PORT,
    LOG_LEVEL: "error",
  });
  if (!config.ok) throw new Error(config.error.join("; "));
  const service = await startService(config.value, await projectFlows());
  try {
    const secret = service.development?.botSecrets.get(BOT)?.[0] ?? "";
    const started = performance.now();
    service.emulator?.onCall(({ method, path, status }) => {
      const at = `${Math.round(performance.now() - started)} ms`.padStart(8);
      console.log(`      ${at}   Baton → Infobip   ${method} ${path.replace(/[0-9A-F]{28}/g, "…")}  ${status}`);
    });
    console.log(`\nBaton is at ${service.url}, with an emulator of Infobip Conversations inside.\n`);
    let control = "nobody";
    for (const [index, event] of chat.entries()) {
      console.log(`  bot → Baton   ${event.type}${event.text === undefined ? "" : `: ${event.text}`}`);
      control = show(await report(service, secret, event, index), control);
    }
    if (service.emulator !== null) showAgent(service.emulator);
    if (once) return;
    console.log(`\nBaton goes on serving; end it with Ctrl-C. An agent's desk is at ${service.url}/emulator/desk.
Try it yourself, and then see what became of it:\n
  curl ${service.url}/v1/bots/${BOT}/handoffs -H 'Authorization: Bearer ${secret}' \\
    -H 'Content-Type: application/json' -d '{"session":"mine","reason":"I want to see it"}'
  OPERATOR_TOKEN=${service.development?.operatorToken} npx baton handoffs list
  npx baton conversations list\n`);
    await new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
