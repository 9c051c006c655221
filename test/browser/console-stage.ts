/** One service with its embedded emulator, with handoffs of every kind in it, for the tests of the console. */
import { flows } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import { startService } from "../../src/node.ts";

export const ACTING = "token-of-ana-0123456789";
export const LOOKING = "token-of-rita-0123456789";
const BOT_SECRET = "a-secret-of-the-shop-bot";
const BOT = "shop-assistant";

export async function createConsoleStage() {
  const config = parseConfig({
    PORT: "0",
    DATABASE_PATH: ":memory:",
    LOG_LEVEL: "error",
    BOT_SECRETS: JSON.stringify({ [BOT]: [BOT_SECRET] }),
    OPERATOR_TOKENS: JSON.stringify({ ana: ACTING, "rita:read": LOOKING }),
  });
  if (!config.ok) throw new Error(config.error.join());
  const service = await startService(config.value, flows);
  const { url, emulator } = service;
  if (emulator === null) throw new Error("without an account there is the emulator");

  async function report(session: string, event: object): Promise<{ handoffId: string; conversationId: string }> {
    const answer = await fetch(`${url}/v1/bots/${BOT}/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${BOT_SECRET}`, "content-type": "application/json" },
      body: JSON.stringify({ session, ...event }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as { handoffId: string; conversationId: string };
  }
  const ask = (session: string) =>
    report(session, { type: "customer.message", text: "I want to talk to a human, please", customer: { name: "Iva" } });
  const [agent] = [...emulator.state.agents.values()];
  const take = (conversationId: string) => emulator.desk.take(conversationId, agent?.id ?? "");

  const solve = (conversationId: string) => emulator.desk.setStatus(conversationId, agent?.id ?? "", "SOLVED");
  const refuseNextCreate = () =>
    emulator.faults.add({ kind: "status", status: 400, operation: "createConversation", times: 1 });
  async function controlOf(session: string): Promise<string> {
    const headers = { authorization: `Bearer ${BOT_SECRET}` };
    const answer = await fetch(`${url}/v1/bots/${BOT}/sessions/${session}`, { headers });
    return ((await answer.json()) as { control: string }).control;
  }

  /** Handoffs whose create the platform refuses for good: each is set aside. */
  async function park(sessions: readonly string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const session of sessions) {
      refuseNextCreate();
      ids.push((await ask(session)).handoffId);
    }
    return ids;
  }

  /** Handoffs of every kind. */
  async function fill() {
    await report("chat-1001", { type: "session.started" });
    await report("chat-1001", { type: "customer.message", text: "My parcel is late", attributes: { orderId: "A-7" } });
    await report("chat-1001", { type: "bot.message", text: "Could you tell me your order number?" });
    const [waiting, helped, over] = [await ask("chat-1001"), await ask("chat-1002"), await ask("chat-1003")];
    take(helped.conversationId);
    take(over.conversationId);
    solve(over.conversationId);
    const parked = await park(["chat-1004", "chat-1005"]);
    return { waiting: waiting.handoffId, helped: helped.handoffId, parked: parked[0] ?? "" };
  }
  return { ...service, emulator, ask, take, solve, park, refuseNextCreate, controlOf, fill };
}
export type ConsoleStage = Awaited<ReturnType<typeof createConsoleStage>>;
