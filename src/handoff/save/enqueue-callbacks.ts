/** Puts callbacks about handoffs into the outbox, in the commit of the change that they report. */
import type { Flows } from "../../escalation/flow.ts";
import { flowWants } from "../../escalation/flow-wants.ts";
import { type CallbackType, callbackId } from "../../events/callback-types.ts";
import type { CallbackData } from "../../model/callback.ts";
import type { Handoff } from "../../model/handoff.ts";
import type { Tables } from "../../store/store.ts";
import { controlOf } from "./control.ts";

interface Told {
  flows: Flows;
  notice?: string | null;
  isWaiting?: boolean;
}

/** Sessions that a handoff serves: its own, and those that follow it because they are in its conversation. */
const sessionsOf = (tables: Tables, { id, sessionId, session }: Handoff): { sessionId: number; session: string }[] => [
  { sessionId, session },
  ...tables.sessions.followersOf(id).map((follower) => ({ sessionId: follower.id, session: follower.session })),
];

/** Puts a callback into the outbox for each session of a handoff, if the flow wants it. */
export function addCallback(
  tables: Tables,
  flows: Flows,
  type: CallbackType,
  handoff: Handoff,
  at: number,
  more: Partial<CallbackData> = {},
): void {
  const flow = flows.get(handoff.bot);
  if (flow === undefined || !flowWants(flow, type)) return;
  const first = callbackId(handoff.id, type, at);
  for (const { sessionId, session } of sessionsOf(tables, handoff)) {
    let id = first;
    for (let n = 2; tables.callbacks.byId(id) !== null; n += 1) id = `${first}-${n}`;
    tables.callbacks.add({
      id,
      bot: handoff.bot,
      sessionId,
      handoffId: handoff.id,
      type,
      data: {
        bot: handoff.bot,
        session,
        handoffId: handoff.id,
        state: handoff.state,
        control: controlOf(handoff),
        reason: handoff.reason,
        conversationId: handoff.conversationId,
        ...more,
      },
      now: at,
    });
  }
}

/** The agent who has the conversation, with a name if the platform gave one. */
export function agentOf(tables: Tables, { account, conversationId, agentId }: Handoff): CallbackData["agent"] {
  if (agentId === null) return undefined;
  const known = conversationId === null ? null : tables.conversations.find(account, conversationId);
  return { id: agentId, name: known?.agentId === agentId ? known.agentName : null };
}

/** Reports the changes between two states of a handoff. */
export function tellBot(tables: Tables, before: Handoff, after: Handoff, at: number, told: Told): void {
  const { flows, notice } = told;
  const said = notice == null ? {} : { message: notice };
  const add = (type: CallbackType, more: Partial<CallbackData>): void =>
    addCallback(tables, flows, type, after, at, more);
  if (told.isWaiting === true) add("handoff.waiting", { ...said, because: "threshold" });
  const isNew = after.state !== before.state;
  switch (after.state) {
    case "routed": {
      // A handoff that was deferred said its text then.
      const isUnsaid = before.state === "pending" && after.deferredUntil === null;
      const isFirst = isUnsaid && after.decision.texts === "return" && after.message !== null;
      if (isNew) add("handoff.routed", isFirst ? { message: after.message ?? undefined } : {});
      return;
    }
    case "assigned":
      if (isNew || after.agentId !== before.agentId) add("agent.joined", { agent: agentOf(tables, after) });
      return;
    case "returned": {
      const message = after.returnedBecause === "nobody-there" ? after.message : (notice ?? null);
      if (isNew) {
        add("handoff.returned", { because: after.returnedBecause ?? undefined, ...(message !== null && { message }) });
      }
      return;
    }
    case "parked":
      if (isNew) add("handoff.parked", {});
      return;
    case "pending":
    case "deferred":
    case "cancelled":
      return;
  }
}
