/** Decides about an event of a session: the commit around it reads before and writes after. Pure: no I/O, no clock. */
import { decide, type Escalation, type Subject, withEvent } from "../../../escalation/decide.ts";
import type { Flow } from "../../../escalation/flow.ts";
import type { KnownHours } from "../../../escalation/hours.ts";
import { redactEvent } from "../../../escalation/redaction/redact-event.ts";
import type { Event } from "../../../events/event.ts";
import type { Handoff } from "../../../model/handoff.ts";
import type { Session } from "../../../model/session.ts";
import { withFollowed } from "../../ledger/conversation/shared-handoff.ts";
import type { EventConversation } from "../choose-conversation.ts";
import { withoutConversation } from "../conversation-owner.ts";

/** Everything that is known before the decision. */
export interface Loaded {
  flow: Flow;
  /** The session in the round of the event. */
  session: Session;
  /** The open handoff of the session. */
  open: Handoff | null;
  conversation: EventConversation;
  event: Event;
  knownHours: KnownHours;
  at: number;
}

/**
 * `open`: a handoff is opened. `add`: the event goes to the open handoff. `decline`, `suggest`: the customer may get a text, and
 * no handoff is opened. `record`: no more than that.
 */
type Act = "open" | "add" | "decline" | "suggest" | "record";

export interface Intake {
  act: Act;
  /** The event without a conversation that its bot may not have. */
  event: Event;
  /** The event as it is recorded. */
  stored: Event;
  /** The session, which follows the handoff of another one from now on if that has its conversation. */
  session: Session;
  /** The open handoff that the event goes to. */
  current: Handoff | null;
  /** True if the session follows that handoff from this event on. */
  hasJoined: boolean;
  /** The session with its event, for the rules and the handoff that is opened. */
  subject: Subject & { id: number; epoch: number };
  escalation: Escalation | null;
  /** True: the answer is about the open handoff. */
  isAboutCurrent: boolean;
}

function actOf(escalation: Escalation | null, current: Handoff | null): Act {
  if (current !== null) return "add";
  if (escalation === null) return "record";
  switch (escalation.course) {
    case "now":
    case "defer":
      return "open";
    case "decline":
    case "limit":
      return "decline";
    case "suggest":
      return "suggest";
  }
}

export function decideIntake({
  flow,
  session: before,
  open,
  conversation,
  event: given,
  knownHours,
  at,
}: Loaded): Intake {
  const event = conversation.isLeftOut ? withoutConversation(given) : given;
  const others = event.type === "session.ended" ? null : conversation.own;
  const session = others === null ? before : withFollowed(before, others);
  const current = open ?? others;
  const subject = {
    id: session.id,
    epoch: session.epoch,
    bot: session.bot,
    session: event.session,
    conversationId: others === null ? conversation.conversationId : session.conversationId,
    returnedAt: session.returnedAt,
    isOpen: current !== null,
  };
  // The rules go on while a handoff waits, and what they request joins it. A customer with an agent needs no rule; the bot may
  // still ask Baton to pass on context.
  const isWithBot = current === null || current.state === "parked" || current.state === "deferred";
  const isJudged = session.control !== "agent" || event.type === "handoff.requested";
  const { facts, escalation } = isJudged
    ? decide(flow, { ...subject, facts: session.facts }, event, at, knownHours)
    : { facts: withEvent(flow, session.facts, event, at), escalation: null };
  const act = actOf(escalation, current);
  return {
    act,
    event,
    stored: redactEvent(flow, event),
    session,
    current,
    hasJoined: others !== null,
    subject: { ...subject, facts },
    escalation,
    isAboutCurrent:
      (escalation !== null && act !== "suggest" && isWithBot) || others !== null || event.type === "handoff.requested",
  };
}
