import type { Agent, Conversation, ConversationFields, Message, Note, Tag } from "./state.ts";

const FIELD_CHANGES = {
  status: "CONVERSATION_STATUS_UPDATED",
  agentId: "CONVERSATION_ASSIGNMENT_UPDATED",
  priority: "CONVERSATION_PRIORITY_UPDATED",
  queueId: "CONVERSATION_QUEUE_UPDATED",
  topic: "CONVERSATION_TOPIC_UPDATED",
  summary: "CONVERSATION_SUMMARY_UPDATED",
} as const satisfies Record<keyof ConversationFields, string>;
const FIELDS = Object.keys(FIELD_CHANGES) as (keyof ConversationFields)[];

type PlainType =
  | (typeof FIELD_CHANGES)[keyof ConversationFields]
  | "CONVERSATION_CREATED"
  | "CONVERSATION_CUSTOMER_UPDATED"
  | "CONVERSATION_DELETED";

/** Changes of a conversation, in the platform's spelling of its own events. */
export type Happened =
  | { type: PlainType }
  | { type: "CONVERSATION_TAG_ADDED" | "CONVERSATION_TAG_REMOVED"; tag: Pick<Tag, "id" | "name"> }
  | { type: "CONVERSATION_NOTE_ADDED"; note: Note }
  | { type: "INBOUND_MESSAGE" | "OUTBOUND_MESSAGE"; message: Message };

/** `by`: the agent who did it; null: the platform, a bot, or a program with an API key. */
export type ConversationChange = Happened & { conversation: Conversation; at: number; by: string | null };
export interface AgentChange {
  type: "CONVERSATION_AGENT_STATUS_CHANGED";
  agent: Agent;
  at: number;
  by: string | null;
}
/** A change with the item that it concerns, as it was right afterwards. */
export type Change = ConversationChange | AgentChange;

/** Lists the changes that these fields make. A field that has the value already changes nothing. */
export const changesOf = (conversation: Conversation, fields: Partial<ConversationFields>): Happened[] =>
  FIELDS.filter((field) => fields[field] !== undefined && fields[field] !== conversation[field]).map((field) => ({
    type: FIELD_CHANGES[field],
  }));
