/** Writes a ledger's changes, within a commit, with their effect on the session and its bot. */
import type { Flows } from "../../escalation/flow.ts";
import { factsOfNextRound } from "../../events/facts.ts";
import type { Handoff, Ledger } from "../../model/handoff.ts";
import type { Session } from "../../model/session.ts";
import type { Tables } from "../../store/store.ts";
import { withoutDelivered } from "../ledger/empty-notes.ts";
import { controlOf } from "./control.ts";
import { tellBot } from "./enqueue-callbacks.ts";

const isOver = ({ state }: Handoff): boolean => state === "returned" || state === "cancelled";

/** Conversation of the next round. Baton reuses one that is left open, so that a chat never has two open ones. */
function nextConversation({ handoff, steps }: Ledger): string | null {
  const isAdopted = steps.some(({ arguments: args }) => args.kind === "conversation" && args.adopt !== null);
  const isLeftOpen =
    handoff.state === "cancelled" ||
    handoff.returnedBecause === "given-to-bot" ||
    (handoff.returnedBecause === null && handoff.decision.whenCustomerLeaves === "keep") ||
    (isAdopted && (handoff.returnedBecause === "waited" || handoff.returnedBecause === "nobody-there"));
  return isLeftOpen ? handoff.conversationId : null;
}

/** `epoch`: number of the session's round in which the handoff is. */
function withHandoff(session: Session, ledger: Ledger, epoch: number, at: number): Session {
  const { handoff } = ledger;
  const { id, bot, session: name, facts, follows, followsEpoch, notice, version, createdAt, updatedAt } = session;
  const common = { id, bot, session: name, follows, followsEpoch, notice, version, createdAt, updatedAt };
  const next = isOver(handoff)
    ? {
        ...common,
        epoch: epoch + 1,
        conversationId: nextConversation(ledger),
        previousConversationId: handoff.conversationId ?? session.previousConversationId,
        returnedAt: handoff.state === "returned" ? at : session.returnedAt,
        // Facts and counters end with the round: a fallback from before the agent must not open the next handoff.
        facts: factsOfNextRound(facts),
      }
    : {
        ...common,
        epoch,
        conversationId: handoff.conversationId,
        previousConversationId: session.previousConversationId,
        returnedAt: null,
        facts,
      };
  const control = controlOf(handoff);
  // The agent speaks now, so the text that waits is dropped.
  return control === "agent" ? { ...next, control, agentId: handoff.agentId, notice: null } : { ...next, control };
}

/** True if a waiting text about a transfer or about waiting is no longer true. */
function isMoot({ control, notice }: Session, { returnedBecause, decision }: Handoff): boolean {
  const isOfTheEnd = returnedBecause === "waited" && notice === (decision.waiting.at(-1)?.message ?? null);
  return control !== "queue" && !isOfTheEnd;
}

/** Applies a handoff to its session. The session stays the same if a later round has begun, in which the handoff has no say. */
function sessionAfter(session: Session, before: Handoff, ledger: Ledger, at: number): Session {
  const { handoff } = ledger;
  const epoch = (session.id === handoff.sessionId ? null : session.followsEpoch) ?? handoff.epoch;
  const isTakenUp = isOver(before) && !isOver(handoff);
  if (session.epoch === epoch || (isTakenUp && session.epoch === epoch + 1)) {
    const next = withHandoff(session, ledger, epoch, at);
    const isNews = handoff.state !== before.state || handoff.leftAt !== before.leftAt;
    return isNews && isMoot(next, handoff) ? { ...next, notice: null } : next;
  }
  // The reason for the round's end changed before the next round used its conversation.
  const isEndNews = isOver(before) && before.returnedBecause !== handoff.returnedBecause;
  const isNext = session.epoch === epoch + 1 && [null, handoff.conversationId].includes(session.conversationId);
  return isEndNews && isNext ? { ...session, conversationId: nextConversation(ledger) } : session;
}

export interface SaveOptions {
  flows: Flows;
  /** Text for the next answer to the bot. */
  notice?: string | null;
  /** True if the handoff passed a threshold of waiting. */
  isWaiting?: boolean;
}

/** Dates each write, and never backwards: the next start sees by it that the clock was ahead. */
const withDate = (before: Ledger, { handoff, steps }: Ledger, at: number): Handoff =>
  handoff === before.handoff && steps === before.steps
    ? handoff
    : { ...handoff, updatedAt: Math.max(before.handoff.updatedAt, at) };

/** Writes the changes. Returns true if the bot may have a callback due. */
export function saveLedger(tables: Tables, before: Ledger, after: Ledger, at: number, kept: SaveOptions): boolean {
  const handoff = withDate(before, after, at);
  const steps = isOver(handoff) ? withoutDelivered(after.steps, handoff) : after.steps;
  const known = new Map(before.steps.map((step) => [step.position, step]));
  for (const step of steps) {
    const was = known.get(step.position);
    if (was === undefined) tables.handoffs.addStep(handoff.id, step);
    else if (was !== step) {
      if (was.state === "sent" && was.fence !== step.fence) tables.handoffs.keepAttempt(handoff.id, was);
      tables.handoffs.saveStep(handoff.id, step);
    }
  }
  tables.handoffs.save(handoff, before.handoff);
  const notice = kept.notice ?? null;
  const isMoved =
    handoff.state !== before.handoff.state ||
    handoff.conversationId !== before.handoff.conversationId ||
    handoff.agentId !== before.handoff.agentId ||
    handoff.leftAt !== before.handoff.leftAt ||
    handoff.returnedBecause !== before.handoff.returnedBecause;
  if (!isMoved && notice === null && kept.isWaiting !== true) return false;
  const own = tables.sessions.byId(handoff.sessionId);
  if (own === null) return false;
  const isForgetting =
    isOver(handoff) && !isOver(before.handoff) && kept.flows.get(handoff.bot)?.transcript === "handoff";
  for (const session of [own, ...tables.sessions.followersOf(handoff.id)]) {
    if (isForgetting) {
      const epoch = session.id === own.id ? handoff.epoch : session.followsEpoch;
      if (epoch !== null) tables.events.emptyWords(session.id, epoch);
    }
    if (!isMoved && notice === null) break;
    const next = isMoved ? sessionAfter(session, before.handoff, after, at) : session;
    if (next !== session || notice !== null)
      tables.sessions.save(notice === null ? next : { ...next, notice }, at, session);
  }
  tellBot(tables, before.handoff, handoff, at, kept);
  return true;
}
