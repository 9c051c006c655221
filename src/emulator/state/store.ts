import type { Metadata } from "../../infobip/schema.ts";
import type { EmulatorSettings } from "../settings/settings.ts";
import { type Change, changesOf, type Happened } from "./changes.ts";
import type { Seed } from "./seed.ts";
import type {
  Agent,
  Bot,
  Conversation,
  ConversationFields,
  Message,
  Note,
  Profile,
  Queue,
  Rule,
  Security,
  State,
  Subscription,
  Tag,
  WorkingHours,
} from "./state.ts";

interface Kinds {
  tags: Tag;
  queues: Queue;
  agents: Agent;
  bots: Bot;
  workingHours: WorkingHours;
  securities: Security;
  profiles: Profile;
  subscriptions: Subscription;
}

/** Fields of a new record; the store adds id and dates. */
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
    securities: new Map(),
    profiles: new Map(),
    subscriptions: new Map(),
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
  let created = 0;

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

  function tell(change: Change): void {
    for (const listener of listeners) listener(change);
  }
  function save(conversation: Conversation, by: string | null, ...happened: Happened[]): Conversation {
    version += 1;
    keep(conversations, conversation.id, conversation);
    for (const what of happened) tell({ ...what, conversation, at: conversation.updatedAt, by });
    return conversation;
  }
  const saveWith = (
    conversation: Conversation,
    fields: Partial<Conversation>,
    by: string | null,
    ...happened: Happened[]
  ) => save({ ...conversation, ...fields, updatedAt: now() }, by, ...happened);
  /** Tags go by name; one that the account no longer has stands for itself. */
  const tagOf = (name: string) => kinds.tags.get(name) ?? { id: name, name };

  const closing = (conversation: Conversation, fields: Partial<ConversationFields>) =>
    fields.status === "CLOSED" && conversation.closedAt === null ? { closedAt: now() } : {};

  for (const tag of seed.tags) kinds.tags.set(tag.name, { ...tag, ...dates });
  for (const queue of seed.queues) kinds.queues.set(queue.id, { ...queue, ...dates });
  for (const agent of seed.agents) kinds.agents.set(agent.id, { ...agent, ...dates });
  for (const bot of seed.bots) kinds.bots.set(bot.id, bot);
  for (const hours of seed.workingHours) kinds.workingHours.set(hours.id, { ...hours, ...dates });

  return {
    state: state as State,
    /** Grows with every change. */
    version: (): number => version,
    now,
    newId,
    onChange(listener: (change: Change) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    createConversation(fields: ConversationFields): Conversation {
      const at = now();
      created += 1;
      return save(
        {
          ...fields,
          id: newId(),
          shortId: String(created),
          channel: "NO_CHANNEL",
          createdAt: at,
          updatedAt: at,
          closedAt: fields.status === "CLOSED" ? at : null,
          tags: [],
          notes: [],
          messages: [],
          metadata: null,
          customer: null,
          routes: 0,
        },
        null,
        { type: "CONVERSATION_CREATED" },
      );
    },
    /** Fields that already have their value change nothing. */
    updateConversation(
      conversation: Conversation,
      fields: Partial<ConversationFields>,
      by: string | null = null,
    ): Conversation {
      const changes = changesOf(conversation, fields);
      if (changes.length === 0) return conversation;
      return saveWith(conversation, { ...fields, ...closing(conversation, fields) }, by, ...changes);
    },
    /** Removes the assignee, wherever the conversation goes. */
    routeConversation(conversation: Conversation, target: Pick<ConversationFields, "queueId" | "priority">) {
      const fields = { ...target, agentId: null };
      const routed = { ...fields, routes: conversation.routes + 1 };
      return saveWith(conversation, routed, null, ...changesOf(conversation, fields));
    },
    deleteConversation(conversation: Conversation, by: string | null): void {
      if (!conversations.delete(conversation.id)) return;
      version += 1;
      tell({ type: "CONVERSATION_DELETED", conversation, at: now(), by });
    },
    addTag: (conversation: Conversation, name: string): Conversation =>
      saveWith(conversation, { tags: kept(conversation.tags, name) }, null, {
        type: "CONVERSATION_TAG_ADDED",
        tag: tagOf(name),
      }),
    removeTag: (conversation: Conversation, name: string): Conversation =>
      saveWith(conversation, { tags: conversation.tags.filter((tag) => tag !== name) }, null, {
        type: "CONVERSATION_TAG_REMOVED",
        tag: tagOf(name),
      }),
    setMetadata: (conversation: Conversation, metadata: Metadata | null): Conversation =>
      saveWith(conversation, { metadata }, null),
    addNote(conversation: Conversation, fields: New<Note>): Note {
      const note = { ...fields, id: newId(), createdAt: now(), updatedAt: now() };
      const happened: Happened = { type: "CONVERSATION_NOTE_ADDED", note };
      saveWith(conversation, { notes: kept(conversation.notes, note) }, note.agentId, happened);
      return note;
    },
    /** Adds a message. The first one of a customer makes the conversation theirs. */
    addMessage(conversation: Conversation, fields: New<Message>, customerName: string | null = null): Message {
      const message = { ...fields, id: newId(), createdAt: now(), updatedAt: now() };
      const isFirst = conversation.channel === "NO_CHANNEL" || conversation.channel === message.channel;
      const isNewcomer = message.direction === "INBOUND" && conversation.customer === null;
      const customer = isNewcomer ? { id: newId(), name: customerName ?? message.from } : conversation.customer;
      const happened: Happened[] = [{ type: `${message.direction}_MESSAGE`, message }];
      if (isNewcomer) happened.unshift({ type: "CONVERSATION_CUSTOMER_UPDATED" });
      saveWith(
        conversation,
        {
          messages: kept(conversation.messages, message),
          channel: isFirst ? message.channel : "MULTICHANNEL",
          customer,
        },
        message.authorType === "AGENT" ? message.authorId : null,
        ...happened,
      );
      return message;
    },
    saveAgent(agent: Agent, by: string | null = null): Agent {
      const at = now();
      const before = kinds.agents.get(agent.id)?.status;
      const saved = { ...agent, updatedAt: at };
      version += 1;
      keep(kinds.agents, agent.id, saved);
      if (before !== undefined && before !== agent.status) {
        tell({ type: "CONVERSATION_AGENT_STATUS_CHANGED", agent: saved, at, by });
      }
      return saved;
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
