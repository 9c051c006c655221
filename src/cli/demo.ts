import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../config.ts";
import { type NodeService, startService } from "../node.ts";
import { projectFlows } from "./project-flows.ts";

const BOT = "shop-assistant";
const SESSION = "demo-chat";

/** A chat as a bot reports it; the last event is the one that the bot cannot deal with. */
const chat = [
  {
    type: "session.started",
    channel: "LIVE_CHAT",
    customer: { name: "Ana Horvat" },
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

function show(event: { type: string; text?: string }, said: Said): void {
  console.log(`  bot → Baton   ${event.type}${event.text === undefined ? "" : `: ${event.text}`}`);
  const decision = said.reason === null ? "no handoff" : `handoff, because ${said.reason}: ${said.handoffState}`;
  console.log(`  Baton → bot   ${decision}; in control: ${said.control}`);
  if (said.message !== null) console.log(`                and the bot may say: “${said.message}”`);
  console.log();
}

function showAsAgent({ emulator }: NodeService): void {
  for (const conversation of emulator?.state.conversations.values() ?? []) {
    const queue = emulator?.state.queues.get(conversation.queueId ?? "")?.name ?? "none";
    console.log("What the agent sees\n");
    console.log(`  ${conversation.topic}   ${conversation.status}, priority ${conversation.priority}, queue ${queue}`);
    console.log(`  tags: ${conversation.tags.join(", ")}`);
    for (const { content } of conversation.notes) console.log(`\n${String(content).replace(/^/gm, "  | ")}`);
  }
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
    for (const [index, event] of chat.entries()) show(event, await report(service, secret, event, index));
    showAsAgent(service);
    if (once) return;
    console.log(`\nBaton goes on serving; end it with Ctrl-C. Try it yourself:\n
  curl ${service.url}/v1/bots/${BOT}/handoffs -H 'Authorization: Bearer ${secret}' \\
    -H 'Content-Type: application/json' -d '{"session":"mine","reason":"I want to see it"}'\n`);
    await new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
