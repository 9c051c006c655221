import { ok, type Result } from "../../result.ts";
import type { EmulatorSettings } from "../settings/settings.ts";
import { type Refusal, refuse, unknownId } from "../state/errors.ts";
import type { Agent, Bot, Conversation, ConversationFields, State } from "../state/state.ts";
import type { Store } from "../state/store.ts";

/** State and settings that the operations work on. */
export interface Platform {
  store: Store;
  settings: EmulatorSettings;
}

export const NEW_CONVERSATION: ConversationFields = {
  topic: null,
  summary: null,
  status: "OPEN",
  priority: "NORMAL",
  queueId: null,
  agentId: null,
};

export function findConversation(state: State, id: string): Result<Conversation, Refusal> {
  const conversation = state.conversations.get(id);
  return conversation === undefined ? unknownId(id) : ok(conversation);
}

/** Finds a conversation that may still change. */
export function findOpen(state: State, id: string): Result<Conversation, Refusal> {
  const found = findConversation(state, id);
  return found.ok && found.value.status === "CLOSED" ? refuse({ reason: "closed" }) : found;
}

/** Finds a conversation that takes notes, messages and metadata. */
export const findWritable = (state: State, id: string, settings: EmulatorSettings): Result<Conversation, Refusal> =>
  settings.closedContext === "refuse" ? findOpen(state, id) : findConversation(state, id);

/** Finds the agent or bot that a conversation can be assigned to. */
export const assigneeOf = (state: State, id: string): Agent | Bot | undefined =>
  state.agents.get(id) ?? state.bots.get(id);
