import { z } from "zod";
import { ok, type Result } from "../../../result.ts";
import { type Refusal, refuse, success } from "../../state/errors.ts";
import type { Bot } from "../../state/state.ts";
import { BOT_CHANNELS } from "../../state/vocabulary.ts";
import { targetOf } from "../conversations/route.ts";
import type { Handlers } from "../handler.ts";
import { pageOf } from "../page.ts";
import type { Platform } from "../platform.ts";

const headersSchema = z.record(z.string(), z.string()).nullable().default(null);
const urlSchema = z.string().max(2_000).nullable().default(null);
const botSchema = z.object({
  displayName: z.string().min(1).max(255),
  destination: z.string().min(1).max(255),
  channel: z.enum(BOT_CHANNELS),
  enabled: z.boolean().default(true),
  webhookUrl: urlSchema,
  webhookHeaders: headersSchema,
  webhookEventUrl: urlSchema,
  webhookEventHeaders: headersSchema,
  messagePersistencePolicy: z.enum(["PERSIST_ALL", "PERSIST_NONE"]).default("PERSIST_ALL"),
  sessionTimeoutInSec: z.int().min(60).max(86_400).default(86_400),
});
const ORDERS = ["id", "displayName", "destination", "channel", "enabled"] as const;
const missingBody = refuse({ reason: "missing-body" });

/** Leaves out fields that are not set, as the documentation's examples do. */
export const toBot = (bot: Bot): Record<string, unknown> =>
  Object.fromEntries(Object.entries(bot).filter(([, value]) => value !== null));

export function botHandlers({ store, settings }: Platform) {
  const { state, now } = store;

  function find(id: string): Result<Bot, Refusal> {
    const bot = state.bots.get(id);
    return bot === undefined ? refuse({ reason: "unknown-agent", id }) : ok(bot);
  }
  const save = (bot: Bot) => ok(toBot(store.put("bots", bot.id, bot)));

  return {
    listBots: ({ query }) =>
      pageOf(query, { key: "bots", items: state.bots.values(), orders: ORDERS, show: toBot }, settings),
    createBot({ body }) {
      const fields = botSchema.safeParse(body);
      return fields.success ? save({ ...fields.data, id: store.newId() }) : missingBody;
    },
    getBot({ param }) {
      const found = find(param("id"));
      return found.ok ? ok(toBot(found.value)) : found;
    },
    updateBot({ param, body }) {
      const fields = botSchema.safeParse(body);
      if (!fields.success) return missingBody;
      const found = find(param("id"));
      return found.ok ? save({ ...fields.data, id: found.value.id }) : found;
    },
    /** Routes the bot's open conversations. */
    deleteBot({ param }) {
      const found = find(param("id"));
      if (!found.ok) return found;
      const { id } = found.value;
      store.remove("bots", id);
      for (const conversation of state.conversations.values()) {
        if (conversation.agentId !== id || conversation.status === "CLOSED") continue;
        store.routeConversation(conversation, targetOf(conversation, state, settings, now()));
      }
      return success("Bot deleted successfully.");
    },
  } satisfies Partial<Handlers>;
}
