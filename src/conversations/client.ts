import type { z } from "zod";
import type { Outcome } from "./outcome.ts";
import { type ClientDeps, createSend } from "./request.ts";
import * as wire from "./schema.ts";

const ROOT = ["ccaas", "1"];
const CONVERSATIONS = [...ROOT, "conversations"];
/** Whoever has more pages than this has asked for the wrong thing. */
const MAX_PAGES = 1_000;

/** `yyyy-MM-dd'T'HH:mm:ss.SSS+0000`, as the filters want it. */
const toFilterDate = (ms: number): string => new Date(ms).toISOString().replace("Z", "+0000");

type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

function toSearch(query: Query): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  return search;
}

const DATES = ["created", "updated", "closed"] as const;

function toConversationQuery(filter: wire.ConversationFilter): Query {
  const { conversationIds, queueIds, tagNames, agentId, status, priority, orderBy } = filter;
  const dates = DATES.flatMap((name) => {
    const after = filter[`${name}AfterMs`];
    const before = filter[`${name}BeforeMs`];
    return [
      [`${name}After`, after === undefined ? undefined : toFilterDate(after)],
      [`${name}Before`, before === undefined ? undefined : toFilterDate(before)],
    ];
  });
  return { conversationIds, queueIds, tagNames, agentId, status, priority, orderBy, ...Object.fromEntries(dates) };
}

export interface AgentFilter {
  queueIds?: readonly string[];
  availability?: "ACTIVE" | "BUSY" | "INVISIBLE" | "AWAY";
  displayName?: string;
}

export interface NewMessage {
  from: string;
  to: string;
  channel: string;
  contentType: string;
  content: Record<string, unknown>;
}

/**
 * Infobip Conversations, an operation a function. None throws for the network's or the platform's sake: each ends in an
 * outcome. Lists are read to their last page.
 */
export function createConversationsClient(deps: ClientDeps) {
  const send = createSend(deps);

  const get = <T>(path: readonly string[], schema: z.ZodType<T>, query: Query = {}) =>
    send({ method: "GET", path, query: toSearch(query), schema });
  const post = <T>(
    path: readonly string[],
    body: unknown,
    schema: z.ZodType<T>,
    headers: Record<string, string> = {},
  ) => send({ method: "POST", path, body, schema, headers });
  const remove = (path: readonly string[]) => send({ method: "DELETE", path, schema: wire.statusCodeSchema });

  async function all<K extends string, T>(
    path: readonly string[],
    key: K,
    schema: z.ZodType<Record<K, T[]> & { pagination?: { totalItems: number } | null | undefined }>,
    query: Query = {},
  ): Promise<Outcome<T[]>> {
    const items: T[] = [];
    for (let page = 0; ; page += 1) {
      const outcome = await get(path, schema, { ...query, limit: wire.PAGE_LIMIT_MAX, page });
      if (outcome.kind !== "ok") return outcome;
      const { [key]: found, pagination } = outcome.value;
      items.push(...found);
      const isLast =
        found.length < wire.PAGE_LIMIT_MAX || items.length >= (pagination?.totalItems ?? Number.POSITIVE_INFINITY);
      if (isLast || page + 1 >= MAX_PAGES) return { ...outcome, value: items };
    }
  }

  return {
    create: (fields: wire.ConversationFields) => post(CONVERSATIONS, fields, wire.conversationSchema),
    /** PATCH: PUT would set status and priority back. */
    update: (id: string, fields: wire.ConversationFields) =>
      send({ method: "PATCH", path: [...CONVERSATIONS, id], body: fields, schema: wire.conversationSchema }),
    get: (id: string) => get([...CONVERSATIONS, id], wire.conversationSchema),
    list: (filter: wire.ConversationFilter = {}) =>
      all(CONVERSATIONS, "conversations", wire.conversationPageSchema, toConversationQuery(filter)),
    /** Takes the assignee off and sends the conversation to the routing rules. What is in the answer differs; null: nothing. */
    route: (id: string) =>
      send({ method: "POST", path: [...CONVERSATIONS, id, "route"], schema: wire.routeAnswerSchema }),
    simulateRouting: (id: string) => get([...CONVERSATIONS, id, "simulate-routing"], wire.routingSimulationSchema),

    addTag: (id: string, tagName: string) => post([...CONVERSATIONS, id, "tags"], { tagName }, wire.statusCodeSchema),
    removeTag: (id: string, tagName: string) => remove([...CONVERSATIONS, id, "tags", tagName]),
    tagsOf: (conversationId: string) => all([...ROOT, "tags"], "tags", wire.tagPageSchema, { conversationId }),
    tags: (name?: string) => all([...ROOT, "tags"], "tags", wire.tagPageSchema, { name }),
    createTag: (name: string) => post([...ROOT, "tags"], { name }, wire.tagSchema),
    deleteTag: (name: string) => remove([...ROOT, "tags", name]),

    addNote: (id: string, note: wire.NewNote) => post([...CONVERSATIONS, id, "notes"], note, wire.noteSchema),
    notesOf: (id: string) => all([...CONVERSATIONS, id, "notes"], "notes", wire.notePageSchema),
    metadataOf: (id: string) => get([...CONVERSATIONS, id, "metadata"], wire.metadataSchema),
    /** Merges. At least one property. */
    patchMetadata: (id: string, data: Record<string, string>) =>
      send({ method: "PATCH", path: [...CONVERSATIONS, id, "metadata"], body: data, schema: wire.statusCodeSchema }),
    messagesOf: (id: string) => all([...CONVERSATIONS, id, "messages"], "messages", wire.messagePageSchema),
    /** `agentId` exactly when somebody is assigned: the assignee, or a supervisor. */
    addMessage: (id: string, message: NewMessage, agentId?: string) =>
      post(
        [...CONVERSATIONS, id, "messages"],
        message,
        wire.messageSchema,
        agentId === undefined ? {} : { "x-agent-id": agentId },
      ),

    queues: (name?: string) => all([...ROOT, "queues"], "queues", wire.queuePageSchema, { name }),
    agents: ({ queueIds, availability, displayName }: AgentFilter = {}) =>
      all([...ROOT, "agents"], "agents", wire.agentPageSchema, { queueIds, availability, displayName }),
    bots: () => all([...ROOT, "bots"], "bots", wire.botPageSchema),
    routingRules: () => all([...ROOT, "routing"], "routes", wire.routingPageSchema),
    workingHoursStatus: (id: string) => get([...ROOT, "working-hours", id, "status"], wire.workingHoursStatusSchema),
  };
}
export type ConversationsClient = ReturnType<typeof createConversationsClient>;
