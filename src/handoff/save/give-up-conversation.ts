/** Makes handoffs and sessions leave a conversation that turned out to be another bot's. */
import type { Flows } from "../../escalation/flow.ts";
import type { Handoff, Ledger } from "../../model/handoff.ts";
import type { Session } from "../../model/session.ts";
import type { Tables } from "../../store/store.ts";
import { endAsClosed } from "../ledger/conversation/closed-conversation.ts";
import { resetStep } from "../ledger/conversation/replace-conversation.ts";
import { isOpen, openFor } from "../ledger/conversation/shared-handoff.ts";
import { isSharedWith } from "../use-cases/conversation-owner.ts";
import { saveLedger } from "./save-ledger.ts";

/**
 * Gives a handoff a conversation of its own. If the other conversation may be routed by now, its bot gets the customer back.
 * Pure.
 */
function withOwnConversation({ handoff, steps }: Ledger, now: number): Ledger {
  const { decision, conversationId } = handoff;
  const leftOut = { ...decision.leftOut, ...(conversationId !== null && { conversationId }) };
  const ledger = { handoff: { ...handoff, decision: { ...decision, leftOut }, dueAt: now, updatedAt: now }, steps };
  const mayBeRouted = steps.some(({ arguments: args, sends }) => args.kind === "route" && sends > 0);
  if (mayBeRouted || handoff.state === "routed" || handoff.state === "assigned") return endAsClosed(ledger);
  const again = { conversationId: null, agentId: null, toldUntil: null, wordsAt: null, onChannel: null };
  return {
    handoff: { ...ledger.handoff, ...again, dueAt: Math.max(now, handoff.deferredUntil ?? now) },
    steps: steps.map((step) => resetStep(step, { handoff: ledger.handoff, replaces: [], now })),
  };
}

function giveUp(tables: Tables, flows: Flows, handoffs: readonly Handoff[], at: number): Handoff[] {
  return handoffs.flatMap(({ id }) => {
    const before = tables.handoffs.ledger(id);
    if (before === null) return [];
    const after = withOwnConversation(before, at);
    saveLedger(tables, before, after, at, { flows });
    return [after.handoff];
  });
}

/** Makes others leave a conversation that this handoff created, within the commit in which it learns its id. */
export function takeBack(
  tables: Tables,
  flows: Flows,
  { id, bot, account, conversationId }: Handoff,
  at: number,
): void {
  if (conversationId === null) return;
  const open = tables.handoffs.inConversation(account, conversationId).filter((it) => it.id !== id && isOpen(it));
  giveUp(
    tables,
    flows,
    open.filter((it) => !isSharedWith(flows, bot, it.bot)),
    at,
  );
}

const withoutConversation = ({ control, ...session }: Session): Session => {
  const left = { ...session, conversationId: null };
  return { ...left, control: control === "agent" ? "bot" : control };
};

/** Makes all handoffs and sessions of a record leave a conversation, within a commit. Returns the handoffs that changed. */
export function leaveConversation(tables: Tables, flows: Flows, account: string, id: string, at: number): Handoff[] {
  const open = tables.handoffs.inConversation(account, id).filter(isOpen);
  const moved = giveUp(tables, flows, open, at);
  const bots = [...flows].flatMap(([bot, flow]) => (flow.account === account ? [bot] : []));
  for (const session of tables.sessions.inConversation(id, bots)) {
    if (openFor(tables, session) === null) tables.sessions.save(withoutConversation(session), at, session);
  }
  return moved;
}
