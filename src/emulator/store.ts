import type { Metadata } from "../conversations/schema.ts";
import type { Seed } from "./seed.ts";
import type { EmulatorSettings } from "./settings.ts";
import type {
  Agent,
  Bot,
  Conversation,
  ConversationFields,
  Message,
  Note,
  Queue,
  Rule,
  State,
  Tag,
  WorkingHours,
} from "./state.ts";

/** In the platform's spelling of its own events. */
export type ChangeType =
  | "CONVERSATION_CREATED"
  | "CONVERSATION_STATUS_UPDATED"
  | "CONVERSATION_ASSIGNMENT_UPDATED"
  | "CONVERSATION_PRIORITY_UPDATED"
  | "CONVERSATION_QUEUE_UPDATED"
  | "CONVERSATION_TOPIC_UPDATED"
  | "CONVERSATION_SUMMARY_UPDATED"
  | "CONVERSATION_TAG_ADDED"
  | "CONVERSATION_TAG_REMOVED"
  | "CONVERSATION_NOTE_ADDED"
  | "INBOUND_MESSAGE"
  | "OUTBOUND_MESSAGE";

export interface Change {
  type: ChangeType;
  conversationId: string;
  at: number;
}

interface Kinds {
  tags: Tag;
  queues: Queue;
  agents: Agent;
  bots: Bot;
  workingHours: WorkingHours;
}

const FIELD_CHANGES = {
  status: "CONVERSATION_STATUS_UPDATED",
  agentId: "CONVERSATION_ASSIGNMENT_UPDATED",
  priority: "CONVERSATION_PRIORITY_UPDATED",
  queueId: "CONVERSATION_QUEUE_UPDATED",
  topic: "CONVERSATION_TOPIC_UPDATED",
  summary: "CONVERSATION_SUMMARY_UPDATED",
} as const satisfies Record<keyof ConversationFields, ChangeType>;
const FIELDS = Object.keys(FIELD_CHANGES) as (keyof ConversationFields)[];

/** What a new one is made of; the store adds id and dates. */
type New<T> = Omit<T, "id" | "createdAt" | "updatedAt">;

/** Every change of the state goes through here. Conversations are replaced, never changed in place. */
export function createStore(deps: { now: () => number; newId: () => string; settings: EmulatorSettings; seed: Seed }) {
  const { now, settings, seed } = deps;
  const conversations = new Map<string, Conversation>();
  const kinds: { [K in keyof Kinds]: Map<string, Kinds[K]> } = {
    tags: new Map(),
    queues: new Map(),
    agents: new Map(),
    bots: new Map(),
    workingHours: new Map(),
  };
  const dates = { createdAt: now(), updatedAt: now() };
  const state = {
    conversations,
    ...kinds,
    rules: seed.rules.map((rule): Rule => ({ ...rule, ...dates })),
    defaultQueueId: seed.defaultQueueId,
    accountWebhookUrl: null as string | null,
  } satisfies State;
  const listeners = new Set<(change: Change) => void>();
  let version = 0;

  function newId(): string {
    const id = deps.newId();
    if (settings.idStyle === "hex") return id;
    return id.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function keep<T>(map: Map<string, T>, key: string, item: T): void {
    map.set(key, item);
    if (map.size <= settings.maxItems) return;
    for (const oldest of map.keys()) {
      map.delete(oldest);
      if (map.size <= settings.maxItems) return;
    }
  }
  const kept = <T>(items: readonly T[], item: T): T[] => [...items, item].slice(-settings.maxItems);

  function save(conversation: Conversation, ...types: ChangeType[]): Conversation {
    version += 1;
    keep(conversations, conversation.id, conversation);
    const { id: conversationId, updatedAt: at } = conversation;
    for (const type of types) for (const listener of listeners) listener({ type, conversationId, at });
    return conversation;
  }
  const saveWith = (conversation: Conversation, fields: Partial<Conversation>, ...types: ChangeType[]) =>
    save({ ...conversation, ...fields, updatedAt: now() }, ...types);

  const changesOf = (conversation: Conversation, fields: Partial<ConversationFields>): ChangeType[] =>
    FIELDS.filter((field) => fields[field] !== undefined && fields[field] !== conversation[field]).map(
      (field) => FIELD_CHANGES[field],
    );
  const closing = (conversation: Conversation, fields: Partial<ConversationFields>) =>
    fields.status === "CLOSED" && conversation.closedAt === null ? { closedAt: now() } : {};

  for (const tag of seed.tags) kinds.tags.set(tag.name, { ...tag, ...dates });
  for (const queue of seed.queues) kinds.queues.set(queue.id, { ...queue, ...dates });
  for (const agent of seed.agents) kinds.agents.set(agent.id, { ...agent, ...dates });
  for (const bot of seed.bots) kinds.bots.set(bot.id, bot);
  for (const hours of seed.workingHours) kinds.workingHours.set(hours.id, { ...hours, ...dates });

  return {
    state: state as State,
    /** Moves with every change. */
    version: (): number => version,
    now,
    newId,
    onChange(listener: (change: Change) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    createConversation(fields: ConversationFields): Conversation {
      const at = now();
      return save(
        {
          ...fields,
          id: newId(),
          channel: "NO_CHANNEL",
          createdAt: at,
          updatedAt: at,
          closedAt: fields.status === "CLOSED" ? at : null,
          tags: [],
          notes: [],
          messages: [],
          metadata: null,
          routes: 0,
        },
        "CONVERSATION_CREATED",
      );
    },
    /** Fields that say what is already so change nothing. */
    updateConversation(conversation: Conversation, fields: Partial<ConversationFields>): Conversation {
      const changes = changesOf(conversation, fields);
      if (changes.length === 0) return conversation;
      return saveWith(conversation, { ...fields, ...closing(conversation, fields) }, ...changes);
    },
    /** Takes the assignee off, wherever it goes. */
    routeConversation(conversation: Conversation, target: Pick<ConversationFields, "queueId" | "priority">) {
      const fields = { ...target, agentId: null };
      return saveWith(conversation, { ...fields, routes: conversation.routes + 1 }, ...changesOf(conversation, fields));
    },
    addTag: (conversation: Conversation, name: string): Conversation =>
      saveWith(conversation, { tags: kept(conversation.tags, name) }, "CONVERSATION_TAG_ADDED"),
    removeTag: (conversation: Conversation, name: string): Conversation =>
      saveWith(conversation, { tags: conversation.tags.filter((tag) => tag !== name) }, "CONVERSATION_TAG_REMOVED"),
    setMetadata: (conversation: Conversation, metadata: Metadata | null): Conversation =>
      saveWith(conversation, { metadata }),
    addNote(conversation: Conversation, fields: New<Note>): Note {
      const note = { ...fields, id: newId(), createdAt: now(), updatedAt: now() };
      saveWith(conversation, { notes: kept(conversation.notes, note) }, "CONVERSATION_NOTE_ADDED");
      return note;
    },
    addMessage(conversation: Conversation, fields: New<Message>): Message {
      const message = { ...fields, id: newId(), createdAt: now(), updatedAt: now() };
      const isFirst = conversation.channel === "NO_CHANNEL" || conversation.channel === message.channel;
      saveWith(
        conversation,
        { messages: kept(conversation.messages, message), channel: isFirst ? message.channel : "MULTICHANNEL" },
        `${message.direction}_MESSAGE`,
      );
      return message;
    },

    put<K extends keyof Kinds>(kind: K, key: string, item: Kinds[K]): Kinds[K] {
      version += 1;
      keep(kinds[kind], key, item);
      return item;
    },
    remove(kind: keyof Kinds, key: string): void {
      if (kinds[kind].delete(key)) version += 1;
    },
    setRules(rules: readonly Rule[]): void {
      version += 1;
      state.rules = [...rules];
    },
    setAccountWebhookUrl(url: string | null): void {
      version += 1;
      state.accountWebhookUrl = url;
    },
  };
}
export type Store = ReturnType<typeof createStore>;
