/** Tells what an event leaves behind once its handoff is opened or told. Pure: no I/O, no clock. */
import type { Escalation } from "../../../escalation/decide.ts";
import type { Event } from "../../../events/event.ts";
import { type Facts, withHandoff } from "../../../events/facts.ts";
import type { Handoff } from "../../../model/handoff.ts";
import type { Session } from "../../../model/session.ts";
import { controlOf } from "../../save/control.ts";
import type { Intake } from "./decide-intake.ts";

/** Handoffs as the event's own commit left them. */
export interface Effects {
  opened: Handoff | null;
  /** The open handoff with the event. */
  added: Handoff | null;
  /** Fields of the event that could not be used, or only in part. */
  leftOut: readonly string[];
}

/** The rule that matched, and what followed from it. */
export interface Decided {
  reason: string;
  course: "opened" | "deferred" | "joined" | "declined" | "suggested";
}

/** A handoff that has something to do, with its time. */
interface Due {
  id: string;
  at: number;
  /** True if it was just opened and starts at once. */
  isFirst: boolean;
}

export interface Conclusion {
  session: Session;
  /** The handoff that the answer is about. */
  handoffId: string | null;
  /** Text for the customer in the answer. */
  message: string | null;
  /** Reason of a rule that opens no handoff. */
  reason: string | null;
  due: Due | null;
  decided: Decided | null;
  /** True: the customer is told that the session had its most handoffs. */
  isLimited: boolean;
}

/** Tells the customer that no agent is available each time they ask, else once in a round. */
const isDeclineSaid = ({ isDeclined }: Facts, { type }: Event, { why }: Escalation): boolean =>
  !isDeclined || type === "handoff.requested" || why.some(({ key }) => key === "text" || key === "intent");

function courseOf({ act }: Intake, opened: Handoff | null): Decided["course"] {
  switch (act) {
    case "suggest":
      return "suggested";
    case "decline":
      return "declined";
    case "open":
      return opened?.state === "deferred" ? "deferred" : "opened";
    case "add":
    case "record":
      return "joined";
  }
}

function factsAfter({ act, subject }: Intake, at: number): Facts {
  if (act === "decline") return { ...subject.facts, isDeclined: true };
  return act === "open" ? withHandoff(subject.facts, at) : subject.facts;
}

function dueOf({ current }: Intake, { opened, added }: Effects, at: number): Due | null {
  if (opened !== null) return { id: opened.id, at, isFirst: opened.state === "pending" };
  if (added === null || added === current || added.dueAt === null) return null;
  return { id: added.id, at: added.dueAt, isFirst: false };
}

export function concludeIntake(intake: Intake, effects: Effects, at: number): Conclusion {
  const { act, event, session, current, subject, escalation } = intake;
  const { opened, added } = effects;
  const standing = opened?.state === "pending" ? opened : added;
  const isEnded = event.type === "session.ended" && current === null && opened === null;
  const control = isEnded ? "nobody" : standing === null ? session.control : controlOf(standing);
  const isSaid =
    escalation !== null &&
    (act === "suggest" || (act === "decline" && isDeclineSaid(session.facts, event, escalation)));
  const own = isSaid ? escalation.message : null;
  return {
    session: {
      ...session,
      ...(control !== session.control && { control }),
      conversationId: (opened ?? subject).conversationId,
      facts: factsAfter(intake, at),
      notice: own === null ? null : session.notice,
      ...(opened !== null && { follows: null, followsEpoch: null }),
    } as Session,
    // A repeated request gets an answer about the handoff that is open.
    handoffId: opened?.id ?? (intake.isAboutCurrent ? (current?.id ?? null) : null),
    // A customer who left gets no text.
    message: own ?? (event.type === "session.ended" ? null : session.notice),
    reason: escalation !== null && (act === "decline" || act === "suggest") ? escalation.reason : null,
    due: dueOf(intake, effects, at),
    decided: escalation === null ? null : { reason: escalation.reason, course: courseOf(intake, opened) },
    isLimited: isSaid && escalation.course === "limit",
  };
}
