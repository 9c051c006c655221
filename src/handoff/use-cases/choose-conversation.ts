/** Chooses the conversation of a session's next round, and drops what the round before still had to do there. */
import type { Flow, Flows } from "../../escalation/flow.ts";
import type { Event } from "../../events/event.ts";
import type { ParsedEvent } from "../../events/source.ts";
import type { Handoff } from "../../model/handoff.ts";
import type { Session } from "../../model/session.ts";
import type { Tables } from "../../store/store.ts";
import { withoutSuperseded } from "../ledger/conversation/closed-conversation.ts";
import { type Holder, holderOf } from "./conversation-owner.ts";

/**
 * Reasons after which a conversation counts as ended: it was closed, or Baton took the customer back. One that the session still
 * names goes on anyway.
 */
const HAS_ENDED = new Set<Handoff["returnedBecause"]>(["closed", "deleted", "waited", "nobody-there", "ended"]);

/** True if a conversation of an earlier round has ended, as the platform reported or as Baton saw or did itself. */
function hasEnded(tables: Tables, account: string, id: string): boolean {
  const known = tables.conversations.find(account, id);
  const last = tables.handoffs.ofConversation(account, id);
  return (
    known?.status === "closed" || known?.status === "deleted" || (last !== null && HAS_ENDED.has(last.returnedBecause))
  );
}

/** The conversation of the round before, if the customer came back within the grace and it has not ended; null otherwise. */
function resumable(
  tables: Tables,
  flow: Flow,
  { previousConversationId, returnedAt }: Pick<Session, "previousConversationId" | "returnedAt">,
  at: number,
): string | null {
  const isBack = returnedAt !== null && at - returnedAt < flow.handBack.graceSeconds * 1_000;
  if (!isBack || previousConversationId === null) return null;
  return hasEnded(tables, flow.account, previousConversationId) ? null : previousConversationId;
}

/** The conversation of a session whose event names none, as far as its own record knows; null: none. */
export const conversationAhead = (tables: Tables, flow: Flow, session: Session, at: number): string | null =>
  session.conversationId ?? resumable(tables, flow, session, at);

/** Chooses the conversation of a handoff: the one that the bot or the session names, or the last one within the grace. */
export function chooseConversation(
  tables: Tables,
  flows: Flows,
  flow: Flow,
  session: Session,
  named: string | null,
  at: number,
) {
  const { previousConversationId: previous } = session;
  const meant = named === null ? resumable(tables, flow, session, at) : null;
  const isMeant = meant !== null && !holderOf(tables, flows, session.bot, flow.account, meant).isAnothers;
  const adopt = isMeant ? meant : named;
  return { adopt, reopen: adopt !== null && adopt === previous, continues: adopt === previous ? null : previous };
}

export interface EventConversation {
  /** The conversation to go on with. */
  conversationId: string | null;
  /** The bot's open handoff that has it. */
  own: Handoff | null;
  /** True if the event named the conversation of another bot. */
  isLeftOut: boolean;
}

/**
 * Chooses the conversation of an event: the one that it names, or the session's, unless that belongs to another bot by now. A
 * session whose customer goes on in the last one joins the handoff that another of the bot's sessions has there.
 */
export function conversationOfEvent(
  tables: Tables,
  flows: Flows,
  flow: Flow,
  session: Session,
  { conversationId: named }: Event,
  { hasOpenHandoff, comesTo, at }: { hasOpenHandoff: boolean; comesTo: ParsedEvent["comesTo"]; at: number },
): EventConversation {
  const { bot } = session;
  const known = comesTo?.isTaken === false ? comesTo.conversationId : session.conversationId;
  const holder = (id: string): Holder =>
    comesTo?.isTaken === true && id === comesTo.conversationId
      ? { own: null, isAnothers: true }
      : holderOf(tables, flows, bot, flow.account, id);
  const isOther = named !== undefined && named !== known;
  if (hasOpenHandoff) {
    return { conversationId: known, own: null, isLeftOut: isOther && holder(named).isAnothers };
  }
  const wanted = [...(isOther ? [named] : []), ...(known === null ? [] : [known])];
  let isLeftOut = false;
  for (const conversationId of wanted) {
    const { own, isAnothers } = holder(conversationId);
    if (!isAnothers) return { conversationId, own, isLeftOut };
    isLeftOut ||= conversationId === named;
  }
  const last = resumable(tables, flow, session, at);
  const own = last === null ? null : holder(last).own;
  return { conversationId: own === null ? null : last, own, isLeftOut };
}

/** Drops the steps that an earlier round still had to do in the conversation that a new one goes on with. */
export function dropSupersededSteps(tables: Tables, account: string, conversationId: string): void {
  const last = tables.handoffs.ofConversation(account, conversationId);
  const steps = (last && tables.handoffs.ledger(last.id)?.steps) ?? [];
  for (const [index, step] of withoutSuperseded(steps).entries()) {
    if (last !== null && step !== steps[index]) tables.handoffs.saveStep(last.id, step);
  }
}
