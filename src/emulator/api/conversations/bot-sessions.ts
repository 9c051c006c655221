import type { Change } from "../../state/changes.ts";
import type { Platform } from "../platform.ts";

/** Closes the conversations in which a customer of a bot has been silent for longer than the bot waits. */
export function createBotSessions({ store, settings }: Platform) {
  const { state, now } = store;
  /** Time at which each of the bots' conversations closes. */
  const dueAt = new Map<string, number>();
  let earliest = Number.POSITIVE_INFINITY;

  function watch(change: Change): void {
    if (change.type === "CONVERSATION_AGENT_STATUS_CHANGED") return;
    const { id, agentId, status, messages } = change.conversation;
    const bot = agentId === null ? undefined : state.bots.get(agentId);
    const last = messages.findLast(({ direction }) => direction === "INBOUND");
    const isWaited = bot !== undefined && last !== undefined && status !== "CLOSED" && state.conversations.has(id);
    if (!isWaited) {
      dueAt.delete(id);
      return;
    }
    const due = last.createdAt + bot.sessionTimeoutInSec * 1_000;
    dueAt.set(id, due);
    earliest = Math.min(earliest, due);
  }
  store.onChange(watch);

  return {
    /** Closes what is due. Nothing else passes time on, so each request and each look calls it. */
    closeSilent(): void {
      if (settings.botSessions === "endless" || now() < earliest) return;
      for (const [id, due] of [...dueAt]) {
        const conversation = state.conversations.get(id);
        if (due <= now() && conversation !== undefined) store.updateConversation(conversation, { status: "CLOSED" });
      }
      earliest = Math.min(Number.POSITIVE_INFINITY, ...dueAt.values());
    },
  };
}
