import type * as wire from "../../../infobip/schema.ts";
import type { EmulatorSettings } from "../../settings/settings.ts";
import { toDate } from "../../state/dates.ts";
import type { Conversation } from "../../state/state.ts";
import { withAbsent } from "../absent.ts";

/** Fields that orderBy may name in a list of conversations. */
export const CONVERSATION_ORDERS = [
  "id",
  "topic",
  "summary",
  "status",
  "priority",
  "queueId",
  "agentId",
  "createdAt",
  "updatedAt",
  "closedAt",
] as const satisfies (keyof Conversation)[];

/** A conversation as the platform shows it. */
export function toConversation(conversation: Conversation, settings: EmulatorSettings): wire.Conversation {
  const { id, topic, summary, status, priority, queueId, agentId, createdAt, updatedAt, closedAt } = conversation;
  const shown: wire.Conversation = {
    id,
    topic,
    summary,
    status,
    priority,
    queueId,
    agentId,
    createdAt: toDate(createdAt, settings),
    updatedAt: toDate(updatedAt, settings),
    ...(closedAt !== null && { closedAt: toDate(closedAt, settings) }),
    ...(settings.withChannel && { channel: conversation.channel }),
  };
  return withAbsent(shown, settings);
}
