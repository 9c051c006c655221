/** Conversations at the platform before a schedule begins. */
import type { Emulator } from "../../src/emulator/app.ts";
import type { Conversation } from "../../src/emulator/state/state.ts";
import type { Random } from "./random.ts";
import { PLANTED } from "./scenario.ts";

/** Creates earlier conversations: open, with a bot, with a person, closed. Returns their ids. */
export async function seedConversations(emulator: Emulator, random: Random): Promise<string[]> {
  const ids: string[] = [];
  const send = async (method: string, path: string, body: object): Promise<string> => {
    const response = await emulator.fetch(
      new Request(`https://platform.invalid/ccaas/1/conversations${path}`, {
        method,
        headers: { authorization: "App seed", "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
    return ((await response.json()) as { id: string }).id;
  };
  /** Adds a customer's message, for which the emulator has no call: it gives texts an address. */
  const write = (id: string): void => {
    const conversation = emulator.state.conversations.get(id);
    if (conversation === undefined) return;
    const said = { id: `m-${id}`, channel: "LIVE_CHAT", from: "customer", to: "shop", direction: "INBOUND" } as const;
    const author = { authorId: null, authorType: "CUSTOMER", contentType: "TEXT", content: { text: PLANTED } } as const;
    const { createdAt, updatedAt } = conversation;
    const messages = [{ ...said, ...author, createdAt, updatedAt }];
    (emulator.state.conversations as Map<string, Conversation>).set(id, { ...conversation, messages });
  };
  const [bot] = emulator.state.bots.keys();
  const [agent] = emulator.state.agents.keys();
  const [queue] = emulator.state.queues.keys();
  for (let n = random.pick([0, 2, 4]); n > 0; n -= 1) {
    const agentId = random.pick([null, null, bot, agent]) ?? null;
    const id = await send("POST", "", { topic: "before", agentId, queueId: queue ?? null });
    if (random.chance(0.6)) write(id);
    if (random.chance(0.25)) await send("PATCH", `/${id}`, { status: "CLOSED" });
    ids.push(id);
  }
  return ids;
}
