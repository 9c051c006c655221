/** Explains events one after another: each leaves its session otherwise for the next, as in the service. Pure. */
import type { Escalation, Subject } from "../escalation/decide.ts";
import { withEvent } from "../escalation/decide.ts";
import { type ExplainedRule, explain } from "../escalation/explain.ts";
import type { Flow } from "../escalation/flow.ts";
import type { SessionHistory } from "../escalation/past/history.ts";
import type { Event } from "../events/event.ts";
import { noFacts, withHandoff } from "../events/facts.ts";
import type { Control, Session } from "../model/session.ts";
import { withRound } from "./ledger/round.ts";

/** A session as the next event finds it. */
export interface Chat {
  session: Session;
  hasOpenHandoff: boolean;
}

export interface ExplainedEvent {
  subject: Subject & { id: number; epoch: number };
  /** Empty: the rules are not asked, since an agent has the customer. */
  rules: ExplainedRule[];
  escalation: Escalation | null;
  /** True: a handoff is open, and what the rules find joins it. */
  isJoined: boolean;
  after: Chat;
}

const withControl = (session: Session, control: Control): Session =>
  control === "agent" ? { ...session, control, agentId: null } : { ...session, control };

/** A session that its bot begins with the next event. */
export const newChat = (bot: string, session: string, now: number): Chat => ({
  hasOpenHandoff: false,
  session: {
    ...{ id: 0, bot, session, epoch: 1, control: "bot", facts: noFacts, version: 0, createdAt: now, updatedAt: now },
    ...{ conversationId: null, previousConversationId: null, returnedAt: null },
    ...{ follows: null, followsEpoch: null, notice: null },
  },
});

/** A recorded session as it is now. */
export function recordedChat({ bot, session: name, createdAt, handoffs, now }: SessionHistory): Chat {
  const { control, ...rest } = now;
  const { session } = newChat(bot, name, createdAt);
  return {
    session: withControl({ ...session, ...rest, version: 1 }, control),
    hasOpenHandoff: control === "queue" || control === "agent" || handoffs.some(({ overAt }) => overAt === null),
  };
}

function controlAfter({ control }: Session, event: Event, opened: Escalation | null, hasOpenHandoff: boolean): Control {
  if (opened?.course === "now") return "queue";
  const isLeft = event.type === "session.ended" && (control === "queue" || !hasOpenHandoff);
  return isLeft ? "nobody" : control;
}

/** Explains an event, received at `now`. */
export function explainEvent(flow: Flow, chat: Chat, event: Event, now: number): ExplainedEvent {
  // A customer who left the queue and is back is with the bot again.
  const hasOpenHandoff = chat.hasOpenHandoff && (chat.session.control !== "nobody" || event.type === "session.ended");
  const session = withRound(chat.session, {
    type: event.type,
    hasOpenHandoff,
    newRoundAfterMs: flow.newRoundAfter * 1_000,
    now,
  });
  const { id, epoch, bot, session: name, returnedAt } = session;
  const given = { id, epoch, bot, session: name, conversationId: event.conversationId ?? null, returnedAt };
  const subject = { ...given, isOpen: hasOpenHandoff, facts: session.facts };
  const isJudged = session.control !== "agent" || event.type === "handoff.requested";
  const { facts, rules, escalation } = isJudged
    ? explain(flow, subject, event, now)
    : { facts: withEvent(flow, session.facts, event, now), rules: [], escalation: null };
  const isOpening = !hasOpenHandoff && (escalation?.course === "now" || escalation?.course === "defer");
  const opened = isOpening ? escalation : null;
  const after = withControl(session, controlAfter(session, event, opened, hasOpenHandoff));
  return {
    subject: { ...subject, facts },
    rules,
    escalation,
    isJoined: hasOpenHandoff && escalation !== null,
    after: {
      session: {
        ...after,
        version: session.version + 1,
        updatedAt: now,
        facts: isOpening ? withHandoff(facts, now) : facts,
      },
      hasOpenHandoff: isOpening || hasOpenHandoff,
    },
  };
}
