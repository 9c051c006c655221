/** Opens the handoff that an event calls for, within the event's commit. */
import type { Escalation, Subject } from "../escalation/decide.ts";
import type { Flow } from "../escalation/flow.ts";
import type { Handoff } from "../sessions/ledger.ts";
import type { Tables } from "../sessions/record.ts";
import type { Session } from "../sessions/session.ts";
import type { TakePlace } from "./backlog.ts";
import { conversationFor, leaveTo } from "./next-conversation.ts";
import { plan } from "./plan.ts";

export interface OpenHandoffDeps {
  takePlace: TakePlace;
  /** Of a handoff: grows with time. */
  newId: () => string;
  /** When people of a flow are there; not later than `at`: they are. */
  opensAt: (flow: Flow, at: number) => number;
}

interface Opening {
  flow: Flow;
  session: Session;
  /** With the conversation that the bot or the session names. */
  subject: Subject & { id: number; epoch: number };
  escalation: Escalation;
  at: number;
}

export function openHandoff(
  tables: Tables,
  { takePlace, newId, opensAt }: OpenHandoffDeps,
  { flow, session, subject, escalation, at }: Opening,
): Handoff {
  takePlace(tables, { account: flow.account, bot: subject.bot });
  const { adopt, reopen, continues } = conversationFor(tables, flow, session, subject.conversationId, at);
  const ledger = plan({
    id: newId(),
    flow,
    subject: { ...subject, conversationId: adopt },
    escalation,
    continues,
    reopen,
    opensAt: opensAt(flow, at),
    now: at,
  });
  if (adopt !== null) leaveTo(tables, flow.account, adopt);
  tables.handoffs.add(ledger);
  return ledger.handoff;
}
