/** Opens the handoff that an event calls for, within the event's commit. */
import type { Escalation, Subject } from "../../escalation/decide.ts";
import type { Flow, Flows } from "../../escalation/flow.ts";
import type { Handoff } from "../../model/handoff.ts";
import type { Session } from "../../model/session.ts";
import type { Tables } from "../../store/store.ts";
import { withFollowed } from "../ledger/conversation/shared-handoff.ts";
import { plan } from "../ledger/plan.ts";
import type { TakePlace } from "./backlog.ts";
import { chooseConversation, dropSupersededSteps } from "./choose-conversation.ts";
import { isSharedWith, takenByPerson } from "./conversation-owner.ts";

export interface OpenHandoffDeps {
  flows: Flows;
  takePlace: TakePlace;
  /** Generates handoff ids. Ids sort by creation time. */
  newId: () => string;
  /** Time at which people of a flow are available; not later than `at`: they are now. */
  opensAt: (flow: Flow, at: number) => number;
}

interface Opening {
  flow: Flow;
  session: Session;
  /** Names the conversation of the bot or the session. */
  subject: Subject & { id: number; epoch: number };
  escalation: Escalation;
  /** The conversation that the event named. `isLeftOut`: it may not have it. */
  asked: { conversationId: string | undefined; isLeftOut: boolean };
  /** Trace of the request. */
  traceparent: string | undefined;
  at: number;
}

interface Opened {
  handoff: Handoff;
  isLeftOut: boolean;
}

export function openHandoff(
  tables: Tables,
  { flows, takePlace, newId, opensAt }: OpenHandoffDeps,
  { flow, session, subject, escalation, asked, traceparent, at }: Opening,
): Opened {
  takePlace(tables, { account: flow.account, bot: subject.bot });
  const wanted = chooseConversation(tables, flows, flow, session, subject.conversationId, at);
  const taken = wanted.adopt === null ? [] : takenByPerson(tables, flows, flow.account, wanted.adopt);
  const isAnothers = taken.some(({ bot }) => !isSharedWith(flows, bot, session.bot));
  const { adopt, reopen, continues } = isAnothers
    ? { adopt: null, reopen: false, continues: session.previousConversationId }
    : wanted;
  const isLeftOut = asked.isLeftOut || (isAnothers && asked.conversationId === wanted.adopt);
  const ledger = plan({
    id: newId(),
    flow,
    subject: { ...subject, conversationId: adopt },
    escalation,
    continues,
    reopen,
    leftOut: isLeftOut ? (asked.conversationId ?? null) : null,
    opensAt: opensAt(flow, at),
    traceparent,
    now: at,
  });
  if (adopt !== null) dropSupersededSteps(tables, flow.account, adopt);
  tables.handoffs.add(ledger);
  const { handoff } = ledger;
  if (handoff.state === "pending" && !isAnothers) {
    // Sessions of the bot whose chat a person took before join the handoff.
    const joining = taken.filter(({ id, bot }) => bot === session.bot && id !== session.id);
    for (const one of joining) tables.sessions.save(withFollowed(one, handoff), at, one);
  }
  return { handoff, isLeftOut };
}
