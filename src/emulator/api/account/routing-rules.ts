import { z } from "zod";
import { prioritySchema } from "../../../events/event.ts";
import { PAGE_LIMIT_MAX } from "../../../infobip/schema.ts";
import { ok } from "../../../result.ts";
import type { EmulatorSettings } from "../../settings/settings.ts";
import { toDate } from "../../state/dates.ts";
import { badBody, success, unknownId } from "../../state/errors.ts";
import { expressionSchema } from "../../state/expression.ts";
import type { Rule, State } from "../../state/state.ts";
import type { Handlers } from "../handler.ts";
import type { Platform } from "../platform.ts";
import { admits } from "../query.ts";

const rulesSchema = z
  .array(
    z.object({
      name: z.string().max(255).default(""),
      queueId: z.string().max(255),
      priority: prioritySchema.default("NORMAL"),
      expression: expressionSchema,
      enabled: z.boolean().default(true),
      routeOnlyDuringWorkingHours: z.boolean().default(false),
    }),
  )
  .max(PAGE_LIMIT_MAX);

export const toRule = (rule: Rule, order: number, state: State, settings: EmulatorSettings) => ({
  ...rule,
  queueName: state.queues.get(rule.queueId)?.name ?? null,
  order,
  isPrivate: false,
  createdAt: toDate(rule.createdAt, settings),
  updatedAt: toDate(rule.updatedAt, settings),
});

export function routingRuleHandlers({ store, settings }: Platform) {
  const { state, now } = store;
  return {
    getRouting({ query }) {
      const routes = state.rules
        .map((rule, index) => toRule(rule, index + 1, state, settings))
        .filter(({ id, enabled }) => admits(query, "ruleIds", id) && admits(query, "enabled", enabled));
      const pagination = { totalItems: routes.length, page: 0, limit: PAGE_LIMIT_MAX, orderBy: "order:ASC" };
      return ok({ routes, ...(settings.withPagination && { pagination }) });
    },
    putRouting({ body }) {
      const rules = rulesSchema.safeParse(body);
      if (!rules.success) return badBody;
      const unknown = rules.data.find(({ queueId }) => !state.queues.has(queueId));
      if (unknown !== undefined && settings.unknownReference === "refuse") return unknownId(unknown.queueId);
      store.setRules(rules.data.map((rule) => ({ ...rule, id: store.newId(), createdAt: now(), updatedAt: now() })));
      return success("Routing added successfully.");
    },
    deleteRouting() {
      if (state.rules.length > 0) store.setRules([]);
      return success("Routing deleted successfully.");
    },
  } satisfies Partial<Handlers>;
}
