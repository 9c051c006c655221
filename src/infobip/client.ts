import type { z } from "zod";
import type { Query } from "./build-url.ts";
import { mapOk, type Outcome } from "./outcome.ts";
import { readAllPages } from "./pages.ts";
import { type ClientDeps, createSend, type Send } from "./request.ts";
import * as wire from "./schema.ts";

const ROOT = ["ccaas", "1"];
const CONVERSATIONS = [...ROOT, "conversations"];
/** Page size for things with long texts (conversations, notes, messages): a full page has to fit under the size cap of an answer. */
const LONG_TEXT_PAGE = 100;

/** `yyyy-MM-dd'T'HH:mm:ss.SSS+0000`, as the filters want it. */
const toFilterDate = (ms: number): string => new Date(ms).toISOString().replace("Z", "+0000");

const idOf = ({ id }: { id: string }) => id;
const nameOf = ({ name }: wire.Tag) => name;
/** A rule's id is not promised. */
const ruleOf = (rule: { id?: string | null | undefined }) => rule.id ?? JSON.stringify(rule);

/** This operation alone may have an empty answer. */
const routeSchema = wire.routeAnswerSchema.optional();

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

interface AgentFilter {
  queueIds?: readonly string[];
  availability?: "ACTIVE" | "BUSY" | "INVISIBLE" | "AWAY";
  displayName?: string;
}

interface NewMessage {
  from: string;
  to: string;
  channel: string;
  contentType: string;
  content: Record<string, unknown>;
}

/**
 * Infobip Conversations, one function an operation. None throws for a failure of the network or the platform: each returns an
 * outcome. Lists are read to their last page.
 */
export function createConversationsClient(deps: ClientDeps) {
  const send = createSend(deps);
  return {
    ...operationsOver(send),
    /** The same client, within a trace. */
    within: (traceparent: string): ConversationsClient =>
      operationsOver((exchange) => send({ ...exchange, traceparent })),
  };
}

function operationsOver(send: Send) {
  const get = <T>(operation: string, path: readonly string[], schema: z.ZodType<T>, query: Query = {}) =>
    send({ operation, method: "GET", path, query, schema });
  const post = <T>(operation: string, path: readonly string[], body: unknown, schema: z.ZodType<T>, headers = {}) =>
    send({ operation, method: "POST", path, body, schema, headers });
  const patch = <T>(operation: string, path: readonly string[], body: unknown, schema: z.ZodType<T>) =>
    send({ operation, method: "PATCH", path, body, schema });
  const remove = (operation: string, path: readonly string[]) =>
    send({ operation, method: "DELETE", path, schema: wire.statusCodeSchema });

  const all = <K extends string, T>(
    operation: string,
    path: readonly string[],
    key: K,
    schema: z.ZodType<Record<K, T[]> & { pagination?: { totalItems: number; limit: number } | null | undefined }>,
    identify: (item: T) => string,
    { limit = wire.PAGE_LIMIT_MAX, query = {} }: { limit?: number; query?: Query } = {},
  ): Promise<Outcome<T[]>> =>
    readAllPages(limit, identify, async (page) => {
      const outcome = await get(operation, path, schema, { ...query, limit, page });
      return mapOk(outcome, ({ [key]: items, pagination }) => ({ items, pagination }));
    });

  return {
    create: (fields: wire.ConversationFields) => post("create", CONVERSATIONS, fields, wire.conversationSchema),
    /** Uses PATCH: PUT would reset status and priority. */
    update: (id: string, fields: wire.ConversationFields) =>
      patch("update", [...CONVERSATIONS, id], fields, wire.conversationSchema),
    get: (id: string) => get("get", [...CONVERSATIONS, id], wire.conversationSchema),
    list: (filter: wire.ConversationFilter = {}) =>
      all("list", CONVERSATIONS, "conversations", wire.conversationPageSchema, idOf, {
        limit: LONG_TEXT_PAGE,
        query: toConversationQuery(filter),
      }),
    /** Returns the newest, at most 100. */
    newest: async (filter: Omit<wire.ConversationFilter, "orderBy">, limit: number) =>
      mapOk(
        await get("newest", CONVERSATIONS, wire.conversationPageSchema, {
          ...toConversationQuery(filter),
          orderBy: "createdAt:desc",
          limit: Math.min(limit, LONG_TEXT_PAGE),
        }),
        ({ conversations }) => conversations,
      ),
    /**
     * Removes the assignee and routes the conversation by the rules. The answer varies, and may be empty; null: it does not show
     * the conversation.
     */
    route: async (id: string) =>
      mapOk(
        await send({ operation: "route", method: "POST", path: [...CONVERSATIONS, id, "route"], schema: routeSchema }),
        (conversation) => (conversation?.id === id ? conversation : null),
      ),
    /** Assigns it to an agent or a bot. */
    assign: (id: string, agentId: string) =>
      send({
        operation: "assign",
        method: "PUT",
        path: [...CONVERSATIONS, id, "assignee"],
        body: { agentId },
        schema: wire.conversationSchema,
      }),
    simulateRouting: (id: string) =>
      get("simulateRouting", [...CONVERSATIONS, id, "simulate-routing"], wire.routingSimulationSchema),

    addTag: (id: string, tagName: string) =>
      post("addTag", [...CONVERSATIONS, id, "tags"], { tagName }, wire.statusCodeSchema),
    removeTag: (id: string, tagName: string) => remove("removeTag", [...CONVERSATIONS, id, "tags", tagName]),
    tagsOf: (conversationId: string) =>
      all("tagsOf", [...ROOT, "tags"], "tags", wire.tagPageSchema, nameOf, { query: { conversationId } }),
    tags: (name?: string) => all("tags", [...ROOT, "tags"], "tags", wire.tagPageSchema, nameOf, { query: { name } }),
    createTag: (name: string) => post("createTag", [...ROOT, "tags"], { name }, wire.tagSchema),
    deleteTag: (name: string) => remove("deleteTag", [...ROOT, "tags", name]),

    addNote: (id: string, note: wire.NewNote) =>
      post("addNote", [...CONVERSATIONS, id, "notes"], note, wire.noteSchema),
    notesOf: (id: string) =>
      all("notesOf", [...CONVERSATIONS, id, "notes"], "notes", wire.notePageSchema, idOf, { limit: LONG_TEXT_PAGE }),
    metadataOf: (id: string) => get("metadataOf", [...CONVERSATIONS, id, "metadata"], wire.metadataSchema),
    /** Merges; at least one property. */
    patchMetadata: (id: string, data: Record<string, string>) =>
      patch("patchMetadata", [...CONVERSATIONS, id, "metadata"], data, wire.statusCodeSchema),
    messagesOf: (id: string) =>
      all("messagesOf", [...CONVERSATIONS, id, "messages"], "messages", wire.messagePageSchema, idOf, {
        limit: LONG_TEXT_PAGE,
      }),
    /** Messages that anybody sent to the customer after a moment, the oldest first. */
    messagesAfter: (id: string, createdAfterMs: number) =>
      all("messagesAfter", [...CONVERSATIONS, id, "messages"], "messages", wire.messagePageSchema, idOf, {
        limit: LONG_TEXT_PAGE,
        query: { direction: "OUTBOUND", createdAfter: toFilterDate(createdAfterMs), orderBy: "createdAt:asc" },
      }),
    /** The customer's last message; null: none. */
    lastInbound: async (id: string) =>
      mapOk(
        await get("lastInbound", [...CONVERSATIONS, id, "messages"], wire.messagePageSchema, {
          direction: "INBOUND",
          limit: 1,
          orderBy: "createdAt:desc",
        }),
        ({ messages }) => messages[0] ?? null,
      ),
    /** `agentId` is required exactly when the conversation has an assignee: the assignee, or a supervisor. */
    addMessage: (id: string, message: NewMessage, agentId?: string) =>
      post(
        "addMessage",
        [...CONVERSATIONS, id, "messages"],
        message,
        wire.messageSchema,
        agentId === undefined ? {} : { "x-agent-id": agentId },
      ),

    /** The cheapest request: it shows whether the account accepts our credentials. */
    check: () => get("check", [...ROOT, "queues"], wire.queuePageSchema, { limit: 1 }),
    queues: (name?: string) =>
      all("queues", [...ROOT, "queues"], "queues", wire.queuePageSchema, idOf, { query: { name } }),
    agents: ({ queueIds, availability, displayName }: AgentFilter = {}) =>
      all("agents", [...ROOT, "agents"], "agents", wire.agentPageSchema, idOf, {
        query: { queueIds, availability, displayName },
      }),
    /** Tells whether an agent of this queue is available now; null: of the account. */
    isAnybody: async (queueId: string | null) =>
      mapOk(
        await get("isAnybody", [...ROOT, "agents"], wire.agentPageSchema, {
          ...(queueId !== null && { queueIds: [queueId] }),
          availability: "ACTIVE",
          enabled: "true",
          limit: 1,
        }),
        ({ agents }) => agents.length > 0,
      ),
    /** Ids of conversations that wait in a queue for an agent: those without an assignee among the newest 100 that are open. */
    waiting: async (queueId: string) =>
      mapOk(
        await get("waiting", CONVERSATIONS, wire.conversationPageSchema, {
          queueIds: [queueId],
          status: ["OPEN"],
          orderBy: "createdAt:desc",
          limit: LONG_TEXT_PAGE,
        }),
        ({ conversations }) => conversations.filter(({ agentId }) => !agentId).map(({ id }) => id),
      ),
    bots: () => all("bots", [...ROOT, "bots"], "bots", wire.botPageSchema, idOf),
    routingRules: () => all("routingRules", [...ROOT, "routing"], "routes", wire.routingPageSchema, ruleOf),
    workingHoursStatus: (id: string) =>
      get("workingHoursStatus", [...ROOT, "working-hours", id, "status"], wire.workingHoursStatusSchema),
  };
}
export type ConversationsClient = ReturnType<typeof operationsOver>;
