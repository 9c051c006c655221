import { ok } from "../../../result.ts";
import type { EmulatorSettings } from "../../settings/settings.ts";
import { isInside } from "../../state/hours.ts";
import { factsOf, firstMatch } from "../../state/routing-expression.ts";
import type { Conversation, ConversationFields, Rule, State } from "../../state/state.ts";
import type { Handlers } from "../handler.ts";
import { pageOf } from "../page.ts";
import { findOpen, type Platform } from "../platform.ts";
import { toConversation } from "./conversation-view.ts";

type Target = Pick<ConversationFields, "queueId" | "priority">;

/**
 * A rule counts only while its queue exists and, if the rule asks for that, is open. A queue without hours has the default ones.
 */
function isInForce(rule: Rule, state: State, now: number): boolean {
  const queue = state.queues.get(rule.queueId);
  if (queue === undefined) return false;
  if (!rule.routeOnlyDuringWorkingHours) return true;
  const hours =
    queue.workingHoursId === null
      ? [...state.workingHours.values()].find(({ isDefault }) => isDefault)
      : state.workingHours.get(queue.workingHoursId);
  return hours === undefined || isInside(hours, now);
}

/** Finds the queue that routing would send the conversation to now. */
export function targetOf(conversation: Conversation, state: State, settings: EmulatorSettings, now: number): Target {
  const { queueId, priority } = conversation;
  if (settings.routeKeepsQueue && queueId !== null) return { queueId, priority };
  const rule = firstMatch(state.rules, factsOf(conversation), (one) => isInForce(one, state, now));
  if (rule !== undefined) return { queueId: rule.queueId, priority: rule.priority };
  switch (settings.noRuleMatch) {
    case "none":
      return { queueId: null, priority };
    case "default-queue":
      return { queueId: state.defaultQueueId, priority };
    case "keep":
      return { queueId, priority };
  }
}

export function routeHandlers({ store, settings }: Platform) {
  const { state, now } = store;
  return {
    route({ param }) {
      const found = findOpen(state, param("id"));
      if (!found.ok) return found;
      const routed = store.routeConversation(found.value, targetOf(found.value, state, settings, now()));
      const show = (conversation: Conversation) => toConversation(conversation, settings);
      switch (settings.routeBody) {
        case "single":
          return ok(show(routed));
        case "page":
          return pageOf(
            new URLSearchParams(),
            { key: "conversations", items: [routed], orders: ["id"], show },
            settings,
          );
        case "empty":
          return ok(undefined);
        case "object":
          return ok({});
      }
    },
    simulateRouting({ param }) {
      const found = findOpen(state, param("id"));
      return found.ok ? ok({ id: found.value.id, ...targetOf(found.value, state, settings, now()) }) : found;
    },
  } satisfies Partial<Handlers>;
}
