/** Where the next round of a session goes on, and what that leaves of the round before. */
import type { Flow, Flows } from "../escalation/flow.ts";
import type { Handoff } from "../sessions/ledger.ts";
import type { Tables } from "../sessions/record.ts";
import type { Session } from "../sessions/session.ts";
import { superseded } from "./closed-conversation.ts";
import { holderOf } from "./whose-conversation.ts";

/** A conversation that is closed; one that we took back ourselves is, unless the session still names it. */
const HAS_ENDED = new Set<Handoff["returnedBecause"]>(["closed", "deleted", "waited", "nobody-there", "ended"]);

/** Whether a conversation of a round before has ended, by what the platform told, or by what we saw or did ourselves. */
function hasEnded(tables: Tables, account: string, id: string): boolean {
  const known = tables.conversations.find(account, id);
  const last = tables.handoffs.ofConversation(account, id);
  return (
    known?.status === "closed" || known?.status === "deleted" || (last !== null && HAS_ENDED.has(last.returnedBecause))
  );
}

const isBack = ({ returnedAt }: Session, flow: Flow, at: number): boolean =>
  returnedAt !== null && at - returnedAt < flow.handBack.graceSeconds * 1_000;

/** The conversation in which a handoff may go on that names none, before the record of another session is asked; null: none. */
export const conversationAhead = (session: Session, flow: Flow, at: number): string | null =>
  session.conversationId ?? (isBack(session, flow, at) ? session.previousConversationId : null);

/** Where a handoff goes on: the conversation that the bot or the session names, or the last one while it may be meant. */
export function conversationFor(
  tables: Tables,
  flows: Flows,
  flow: Flow,
  session: Session,
  named: string | null,
  at: number,
) {
  const { previousConversationId: previous } = session;
  const isMeant =
    named === null &&
    isBack(session, flow, at) &&
    previous !== null &&
    !hasEnded(tables, flow.account, previous) &&
    !holderOf(tables, flows, session.bot, flow.account, previous).isAnothers;
  const adopt = isMeant ? previous : named;
  return { adopt, reopen: adopt !== null && adopt === previous, continues: adopt === previous ? null : previous };
}

/** What an earlier round still had to do in the conversation that a new one goes on with is not done any more. */
export function leaveTo(tables: Tables, account: string, conversationId: string): void {
  const last = tables.handoffs.ofConversation(account, conversationId);
  const steps = (last && tables.handoffs.ledger(last.id)?.steps) ?? [];
  for (const [index, step] of superseded(steps).entries()) {
    if (last !== null && step !== steps[index]) tables.handoffs.saveStep(last.id, step);
  }
}
