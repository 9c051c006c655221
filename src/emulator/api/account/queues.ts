import { z } from "zod";
import { ok } from "../../../result.ts";
import type { EmulatorSettings } from "../../settings/settings.ts";
import { toDate } from "../../state/dates.ts";
import { badBody, success, unknownId } from "../../state/errors.ts";
import type { Queue, State } from "../../state/state.ts";
import type { Handlers } from "../handler.ts";
import { pageOf } from "../page.ts";
import type { Platform } from "../platform.ts";
import { admits, admitsPart } from "../query.ts";

const queueSchema = z.object({
  name: z.string().min(1).max(255),
  isAutoAssignmentEnabled: z.boolean().default(false),
  workingHoursId: z.string().nullable().default(null),
  externalId: z.string().nullable().default(null),
});
const ORDERS = ["id", "name", "createdAt", "updatedAt", "externalId"] as const;

export const toQueue = (queue: Queue, state: State, settings: EmulatorSettings) => ({
  ...queue,
  enabledAgentsCount: [...state.agents.values()].filter(
    ({ enabled, queueIds }) => enabled && queueIds.includes(queue.id),
  ).length,
  enabledRoutesCount: state.rules.filter(({ enabled, queueId }) => enabled && queueId === queue.id).length,
  autoAssignmentAlgorithm: "LOAD_BALANCING",
  isAutoAssignmentOutsideOfWorkingHoursEnabled: false,
  stickyAgentTimeoutDays: null,
  isStickyAutoAssignmentEnabled: false,
  isRestricted: false,
  isPrivate: false,
  deletedAt: null,
  createdAt: toDate(queue.createdAt, settings),
  updatedAt: toDate(queue.updatedAt, settings),
});

/** Operations on queues. Nothing assigns by itself, even with auto-assignment on. */
export function queueHandlers({ store, settings }: Platform) {
  const { state, now } = store;
  const show = (queue: Queue) => toQueue(queue, state, settings);
  return {
    listQueues({ query }) {
      const agentId = query.get("agentId");
      const agentQueues = agentId === null ? null : (state.agents.get(agentId)?.queueIds ?? []);
      const items = [...state.queues.values()].filter(
        ({ id, name, workingHoursId }) =>
          admits(query, "queueIds", id) &&
          admits(query, "workingHoursId", workingHoursId) &&
          admitsPart(query, "name", name) &&
          (agentQueues === null || agentQueues.includes(id)),
      );
      return pageOf(query, { key: "queues", items, orders: ORDERS, show }, settings);
    },
    createQueue({ body }) {
      const fields = queueSchema.safeParse(body);
      if (!fields.success) return badBody;
      const id = store.newId();
      return ok(show(store.put("queues", id, { ...fields.data, id, createdAt: now(), updatedAt: now() })));
    },
    updateQueue({ param, body }) {
      const fields = queueSchema.safeParse(body);
      if (!fields.success) return badBody;
      const queue = state.queues.get(param("id"));
      if (queue === undefined) return unknownId(param("id"));
      return ok(show(store.put("queues", queue.id, { ...queue, ...fields.data, updatedAt: now() })));
    },
    deleteQueue({ param }) {
      if (!state.queues.has(param("id"))) return unknownId(param("id"));
      store.remove("queues", param("id"));
      return success("Queue deleted successfully.");
    },
  } satisfies Partial<Handlers>;
}
