/** Reads a conversation in an answer of the platform: as an observation with the platform's time, and whether it is news. */

import { readTimestamp } from "../../events/reading/timestamp.ts";
import type { Conversation } from "../../infobip/schema.ts";
import type { Observation } from "../../model/conversation-state.ts";
import type { Watched } from "../../store/platform-watch.ts";
import type { Account } from "./step-context.ts";

type Directory = Pick<Account["directory"], "isBot">;

function statusOf({ status }: Conversation): NonNullable<Observation["status"]> {
  switch (status) {
    case "CLOSED":
      return "closed";
    case "SOLVED":
      return "solved";
    case "OPEN":
    case "WAITING":
    case "PENDING":
      return "open";
  }
}

/** `otherwiseAt`: time for a conversation without the time of its last change. Null: its assignee is unknown. */
export async function wordOf(
  directory: Directory,
  conversation: Conversation,
  otherwiseAt: number,
): Promise<Observation | null> {
  const { agentId, queueId, updatedAt } = conversation;
  const isBot = agentId ? await directory.isBot(agentId) : null;
  if (isBot !== null && isBot.kind !== "ok") return null;
  const kind = isBot === null ? "none" : isBot.value ? "bot" : "human";
  const changedAt = readTimestamp(updatedAt);
  return {
    at: changedAt === undefined ? otherwiseAt : Date.parse(changedAt),
    status: statusOf(conversation),
    assignee: { kind, id: agentId || null, name: null },
    queueId: queueId || null,
  };
}

export const isOver = ({ handBackWhen }: Watched, { status }: Conversation): boolean =>
  status === "CLOSED" || (status === "SOLVED" && handBackWhen === "solved");

/** True if a conversation in the list differs from the record. */
export async function isNews(directory: Directory, watched: Watched, conversation: Conversation): Promise<boolean> {
  const agentId = conversation.agentId || null;
  if (watched.state !== "returned") return isOver(watched, conversation) || agentId !== watched.agentId;
  const isBot = async (id: string): Promise<boolean> => {
    const answer = await directory.isBot(id);
    return answer.kind === "ok" && answer.value;
  };
  switch (watched.returnedBecause) {
    case "solved":
      return conversation.status !== "SOLVED";
    case "given-to-bot":
      return isOver(watched, conversation) || agentId === null || !(await isBot(agentId));
    case "ended":
      return conversation.status === "CLOSED" || (agentId !== null && agentId !== watched.agentId);
    case "waited":
    case "nobody-there":
    case null:
      // It waits for nobody: only a person who took it anyway is news.
      return conversation.status !== "CLOSED" && agentId !== null && !(await isBot(agentId));
    case "closed":
    case "deleted":
      return false;
  }
}
