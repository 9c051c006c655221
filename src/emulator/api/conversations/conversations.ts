import { z } from "zod";
import { prioritySchema } from "../../../events/event.ts";
import { conversationFieldsSchema } from "../../../infobip/schema.ts";
import { ok, type Result } from "../../../result.ts";
import { badBody, type Refusal, refuse, unknownId } from "../../state/errors.ts";
import type { Conversation, ConversationFields } from "../../state/state.ts";
import type { Handlers } from "../handler.ts";
import { pageOf } from "../page.ts";
import { assigneeOf, findConversation, findOpen, NEW_CONVERSATION as NEW, type Platform } from "../platform.ts";
import { admits, admitsAny, checkEnums, timeWindow } from "../query.ts";
import { CONVERSATION_ORDERS, toConversation } from "./conversation-view.ts";

const assigneeSchema = z.object({ agentId: z.string().max(255) });
const FILTERS = { status: conversationFieldsSchema.shape.status.unwrap().options, priority: prioritySchema.options };
const CHANGEABLE_WHEN_CLOSED = new Set(["topic", "summary"]);

type Fields = Partial<ConversationFields>;

function readFields(body: unknown): Result<Fields, Refusal> {
  const fields = conversationFieldsSchema.safeParse(body);
  if (!fields.success) return badBody;
  return ok(Object.fromEntries(Object.entries(fields.data).filter(([, value]) => value !== undefined)));
}

export function conversationHandlers({ store, settings }: Platform) {
  const { state, now } = store;
  const shown = (conversation: Conversation) => toConversation(conversation, settings);

  function unknownReference({ queueId, agentId }: Fields): string | null {
    if (settings.unknownReference === "accept") return null;
    if (typeof queueId === "string" && !state.queues.has(queueId)) return queueId;
    return typeof agentId === "string" && assigneeOf(state, agentId) === undefined ? agentId : null;
  }

  function change(id: string, body: unknown, defaults: Fields) {
    const read = readFields(body);
    if (!read.ok) return read;
    const { assignByChange } = settings;
    if (assignByChange === "refuse" && read.value.agentId !== undefined) return badBody;
    const { agentId, ...others } = read.value;
    const given = agentId === undefined || assignByChange === "ignore" ? others : { agentId, ...others };
    const fields = { ...defaults, ...given };
    const found = findConversation(state, id);
    if (!found.ok) return found;
    const isAllowed =
      found.value.status !== "CLOSED" ||
      (settings.closedChange === "topic-and-summary" &&
        Object.keys(given).every((field) => CHANGEABLE_WHEN_CLOSED.has(field)));
    if (!isAllowed) return refuse({ reason: "closed" });
    const unknown = unknownReference(fields);
    if (unknown !== null) return unknownId(unknown);
    return ok(shown(store.updateConversation(found.value, found.value.status === "CLOSED" ? given : fields)));
  }

  return {
    listConversations({ query }) {
      const known = checkEnums(query, FILTERS);
      if (!known.ok) return known;
      const isInTime = timeWindow(query, ["created", "updated", "closed"]);
      if (!isInTime.ok) return isInTime;
      const { listLagMs } = settings;
      const visibleUntil = now() - listLagMs;
      const items = [...state.conversations.values()].filter(
        (conversation) =>
          (listLagMs === 0 || conversation.createdAt <= visibleUntil) &&
          admits(query, "conversationIds", conversation.id) &&
          admits(query, "queueIds", conversation.queueId) &&
          admitsAny(query, "tagNames", conversation.tags) &&
          admits(query, "agentId", conversation.agentId) &&
          admits(query, "status", conversation.status) &&
          admits(query, "priority", conversation.priority) &&
          isInTime.value(conversation),
      );
      return pageOf(query, { key: "conversations", items, orders: CONVERSATION_ORDERS, show: shown }, settings);
    },
    createConversation({ body }) {
      const fields = readFields(body);
      if (!fields.ok) return fields;
      const unknown = unknownReference(fields.value);
      if (unknown !== null) return unknownId(unknown);
      return ok(shown(store.createConversation({ ...NEW, ...fields.value })));
    },
    getConversation({ param }) {
      const found = findConversation(state, param("id"));
      return found.ok ? ok(shown(found.value)) : found;
    },
    updateConversation({ param, body }) {
      const { status, priority } = NEW;
      return change(param("id"), body, settings.putAbsent === "clear" ? NEW : { status, priority });
    },
    patchConversation: ({ param, body }) => change(param("id"), body, {}),
    assign({ param, body }) {
      const assignee = assigneeSchema.safeParse(body);
      if (!assignee.success) return badBody;
      const found = findOpen(state, param("id"));
      if (!found.ok) return found;
      const { agentId } = assignee.data;
      if (assigneeOf(state, agentId) === undefined) return unknownId(agentId);
      return ok(shown(store.updateConversation(found.value, { agentId })));
    },
    unassign({ param }) {
      const found = findOpen(state, param("id"));
      return found.ok ? ok(shown(store.updateConversation(found.value, { agentId: null }))) : found;
    },
    /** The emulator links no conversations. */
    listLinks({ param }) {
      const id = param("id");
      return state.conversations.has(id) ? ok({ linkedConversations: [] }) : refuse({ reason: "not-found", id });
    },
  } satisfies Partial<Handlers>;
}
