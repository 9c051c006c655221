import { z } from "zod";
import { ok, type Result } from "../../../result.ts";
import type { EmulatorSettings } from "../../settings/settings.ts";
import { toDate } from "../../state/dates.ts";
import { type Refusal, refuse, success, unknownId } from "../../state/errors.ts";
import type { Agent, Conversation } from "../../state/state.ts";
import { CONVERSATION_ORDERS, toConversation } from "../conversations/conversation-view.ts";
import type { Handlers } from "../handler.ts";
import { pageOf } from "../page.ts";
import type { Platform } from "../platform.ts";
import { admits, admitsAny, admitsPart, checkEnums, timeWindow } from "../query.ts";

export const agentStatusSchema = z.enum(["ACTIVE", "BUSY", "INVISIBLE", "AWAY"]);
const agentSchema = z.object({
  displayName: z.string().min(1).max(255),
  status: agentStatusSchema,
  role: z.enum(["AGENT", "SUPERVISOR"]),
  enabled: z.boolean().default(true),
});
const FILTERS = {
  status: agentStatusSchema.options,
  availability: agentStatusSchema.options,
  role: agentSchema.shape.role.options,
};
const joinSchema = z.object({ queueId: z.string().min(1).max(255) });
const ORDERS = ["id", "displayName", "status", "availability", "role", "enabled", "createdAt", "updatedAt"] as const;
const missingBody = refuse({ reason: "missing-body" });

export function toAgent(agent: Agent, settings: EmulatorSettings) {
  const { id, displayName, status, availability, role, enabled, createdAt, updatedAt } = agent;
  return {
    id,
    displayName,
    status,
    availability,
    role,
    enabled,
    createdAt: toDate(createdAt, settings),
    updatedAt: toDate(updatedAt, settings),
  };
}

export function agentHandlers({ store, settings }: Platform) {
  const { state, now } = store;
  const show = (agent: Agent) => toAgent(agent, settings);

  function find(id: string): Result<Agent, Refusal> {
    const agent = state.agents.get(id);
    return agent === undefined ? refuse({ reason: "unknown-agent", id }) : ok(agent);
  }
  const save = (agent: Agent): Agent => store.saveAgent(agent);

  return {
    listAgents({ query }) {
      const known = checkEnums(query, FILTERS);
      if (!known.ok) return known;
      const isInTime = timeWindow(query, ["created", "updated"]);
      if (!isInTime.ok) return isInTime;
      const items = [...state.agents.values()].filter(
        (agent) =>
          admits(query, "agentIds", agent.id) &&
          admitsAny(query, "queueIds", agent.queueIds) &&
          admitsPart(query, "displayName", agent.displayName) &&
          admits(query, "email", agent.email) &&
          admits(query, "status", agent.status) &&
          admits(query, "availability", agent.availability) &&
          admits(query, "role", agent.role) &&
          admits(query, "enabled", agent.enabled) &&
          isInTime.value(agent),
      );
      return pageOf(query, { key: "agents", items, orders: ORDERS, show }, settings);
    },
    createAgent({ body }) {
      const fields = agentSchema.safeParse(body);
      if (!fields.success) return missingBody;
      const agent = { ...fields.data, id: store.newId(), availability: fields.data.status, email: null, queueIds: [] };
      return ok(show(save({ ...agent, createdAt: now(), updatedAt: now() })));
    },
    getAgent({ param }) {
      const found = find(param("id"));
      return found.ok ? ok({ ...show(found.value), email: found.value.email }) : found;
    },
    updateAgent({ param, body }) {
      const fields = agentSchema.safeParse(body);
      if (!fields.success) return missingBody;
      const found = find(param("id"));
      return found.ok ? ok(show(save({ ...found.value, ...fields.data, availability: fields.data.status }))) : found;
    },
    setAgentStatus({ param, body }) {
      const given = z.object({ status: agentStatusSchema }).safeParse(body);
      if (!given.success) return missingBody;
      const { status } = given.data;
      const found = find(param("id"));
      return found.ok ? ok(show(save({ ...found.value, status, availability: status }))) : found;
    },
    heartbeat({ param }) {
      const found = find(param("id"));
      return found.ok ? success("Heartbeat received.") : found;
    },
    listAgentConversations({ param, query }) {
      const id = param("id");
      if (!state.agents.has(id)) return unknownId(id);
      const items = [...state.conversations.values()].filter(({ agentId }) => agentId === id);
      const showOne = (conversation: Conversation) => toConversation(conversation, settings);
      return pageOf(query, { key: "conversations", items, orders: CONVERSATION_ORDERS, show: showOne }, settings);
    },
    joinQueue({ param, body }) {
      const given = joinSchema.safeParse(body);
      if (!given.success) return missingBody;
      const found = find(param("id"));
      if (!found.ok) return found;
      const { queueId } = given.data;
      if (!state.queues.has(queueId)) return unknownId(queueId);
      const { queueIds } = found.value;
      if (!queueIds.includes(queueId)) save({ ...found.value, queueIds: [...queueIds, queueId] });
      return success("Agent added to queue successfully.");
    },
    leaveQueue({ param }) {
      const found = find(param("id"));
      if (!found.ok) return found;
      const queueId = param("queueId");
      const { queueIds } = found.value;
      if (queueIds.includes(queueId)) save({ ...found.value, queueIds: queueIds.filter((id) => id !== queueId) });
      return success("Agent removed from queue successfully.");
    },
  } satisfies Partial<Handlers>;
}
