import type { EmulatorSettings } from "../settings/settings.ts";
import type { AgentChange, Change, ConversationChange } from "../state/changes.ts";
import { toDate } from "../state/dates.ts";
import type { Agent, AgentStatus, Message, State } from "../state/state.ts";

/** A Conversations event as the platform posts it: `conversation-event-webhook` of OpenAPI 3.210.0. */
export interface Push {
  type: string;
  timestamp: string;
  payload: Record<string, unknown>;
}

/** Renders the push to a bot's own webhook: the bare message, with the sender's and the channel's own words beside it. */
export type BotPush = ReturnType<typeof toBotPush>;

type Shown = Record<string, string | null>;

const STATUSES: Record<AgentStatus, Shown> = {
  ACTIVE: { id: "5eed0000-0000-4000-8000-0000000000a1", name: "Available", group: "ACTIVE" },
  BUSY: { id: "5eed0000-0000-4000-8000-0000000000a2", name: "Busy", group: "BUSY" },
  INVISIBLE: { id: "5eed0000-0000-4000-8000-0000000000a3", name: "Invisible", group: "INVISIBLE" },
  AWAY: { id: "5eed0000-0000-4000-8000-0000000000a4", name: "Away", group: "AWAY" },
};
const NO_FORM: Shown = { id: null, name: null };

export function toPush(change: Change, state: State, settings: EmulatorSettings): Push {
  const timestamp = toDate(change.at, settings);
  if (change.type === "CONVERSATION_AGENT_STATUS_CHANGED") {
    return { type: change.type, timestamp, payload: agentPayload(change, state) };
  }
  const payload = { ...conversationPayload(change, state, settings), ...extrasOf(change, settings), timestamp };
  return { type: change.type, timestamp, payload };
}

function invokerOf(by: string | null, { agents }: State): Shown {
  const agent = by === null ? undefined : agents.get(by);
  return agent === undefined
    ? { type: "SYSTEM", id: null, name: null }
    : { type: "AGENT", id: agent.id, name: agent.displayName };
}

/** Payload without a conversation; no other type lacks one. */
const agentPayload = ({ agent, by }: AgentChange, state: State) => ({
  id: agent.id,
  ...(agent.email !== null && { email: agent.email }),
  role: agent.role,
  status: STATUSES[agent.status],
  invoker: invokerOf(by, state),
});

function assigneeOf(id: string | null, { agents, bots }: State): Shown {
  const agent: Pick<Agent, "displayName" | "email"> | undefined = id === null ? undefined : agents.get(id);
  const bot = id === null ? undefined : bots.get(id);
  const role = id === null ? null : bot === undefined ? (agents.get(id)?.role ?? null) : "BOT";
  return { id, name: (agent ?? bot)?.displayName ?? null, email: agent?.email ?? null, role };
}

function conversationPayload(change: ConversationChange, state: State, settings: EmulatorSettings) {
  const { conversation, by } = change;
  const { id, shortId, status, priority, channel, queueId, agentId, messages, topic, summary } = conversation;
  const given = (shown: Shown): Shown | null => {
    if (Object.values(shown).some((value) => value !== null) || settings.pushAbsent === "nulls") return shown;
    return settings.pushAbsent === "empty" ? {} : null;
  };
  const queue = queueId === null ? undefined : state.queues.get(queueId);
  const { customer } = conversation;
  return {
    id,
    shortId,
    status,
    queue: given({ id: queueId, name: queue?.name ?? null }),
    priority,
    channel,
    // The first message's side began the conversation. One without messages was opened by an API call, from this side. A guess.
    direction: messages[0]?.direction ?? "OUTBOUND",
    assignee: given(assigneeOf(agentId, state)),
    customer: given({ id: customer?.id ?? null, name: customer?.name ?? null, personId: null }),
    // The emulator has no forms.
    form: given(NO_FORM),
    tags: conversation.tags.map((name) => ({ id: state.tags.get(name)?.id ?? name, name })),
    invoker: invokerOf(by, state),
    topic,
    summary,
  };
}

const lastMessage = ({ conversation }: ConversationChange) => {
  const last = conversation.messages.at(-1);
  if (last === undefined) return {};
  const { from, to, direction, channel } = last;
  return { lastMessage: { from, to, direction, channel } };
};

/** The emulator does not judge how a customer feels: 0 is neutral. */
const FINAL = { formFields: [], sentiment: 0 };

function messagePayload(message: Message, conversationId: string, settings: EmulatorSettings) {
  const { id, channel, from, to, content } = message;
  const [createdAt, updatedAt] = [toDate(message.createdAt, settings), toDate(message.updatedAt, settings)];
  return { id, messageId: id, channel, from, to, conversationId, createdAt, updatedAt, content };
}

/** Fields of a type beside those that all types have. */
function extrasOf(change: ConversationChange, settings: EmulatorSettings): Record<string, unknown> {
  switch (change.type) {
    case "INBOUND_MESSAGE":
    case "OUTBOUND_MESSAGE":
      return { message: messagePayload(change.message, change.conversation.id, settings) };
    case "CONVERSATION_TAG_ADDED":
      return { ...lastMessage(change), addedTag: { id: change.tag.id, name: change.tag.name } };
    case "CONVERSATION_TAG_REMOVED":
      return { ...lastMessage(change), removedTag: { id: change.tag.id, name: change.tag.name } };
    case "CONVERSATION_NOTE_ADDED": {
      const { id, type, content } = change.note;
      return { ...lastMessage(change), note: { id, type, content } };
    }
    case "CONVERSATION_DELETED":
      return { ...lastMessage(change), ...FINAL };
    case "CONVERSATION_STATUS_UPDATED":
      return { ...lastMessage(change), ...(change.conversation.status === "CLOSED" && FINAL) };
    case "CONVERSATION_CREATED":
    case "CONVERSATION_ASSIGNMENT_UPDATED":
    case "CONVERSATION_PRIORITY_UPDATED":
    case "CONVERSATION_QUEUE_UPDATED":
    case "CONVERSATION_TOPIC_UPDATED":
    case "CONVERSATION_SUMMARY_UPDATED":
    case "CONVERSATION_CUSTOMER_UPDATED":
      return lastMessage(change);
  }
}

const PHONES: readonly string[] = ["WHATSAPP", "SMS", "VIBER", "RCS"];

/**
 * Follows the pushes that Infobip's own connectors are tested with. The inner content of a message that is no text is a guess.
 */
export function toBotPush(message: Message, conversationId: string, settings: EmulatorSettings) {
  const { id, channel, from, to, direction, contentType, content } = message;
  const partyOf = (address: string | null) =>
    PHONES.includes(channel) ? { phoneNumber: address, type: "PHONE_NUMBER" } : { id: address, type: "ID" };
  return {
    id,
    channel,
    from,
    to,
    direction,
    conversationId,
    createdAt: toDate(message.createdAt, settings),
    updatedAt: toDate(message.updatedAt, settings),
    content,
    singleSendMessage: {
      from: partyOf(from),
      to: partyOf(to),
      content: { ...(typeof content === "object" ? content : {}), type: contentType },
      channel,
      direction,
    },
    contentType,
  };
}
