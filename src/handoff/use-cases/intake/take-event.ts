/** Records one event with its session and its handoff, within the commit of its delivery. */
import type { Flow } from "../../../escalation/flow.ts";
import type { KnownHours } from "../../../escalation/hours.ts";
import type { ParsedEvent } from "../../../events/source.ts";
import type { Tables } from "../../../store/store.ts";
import type { StoredEvent } from "../../../store/tables/events.ts";
import { placeOf } from "../../ledger/conversation/shared-handoff.ts";
import { withRound } from "../../ledger/round.ts";
import { addToHandoff, welcomeBack } from "../add-to-handoff.ts";
import { createBacklog } from "../backlog.ts";
import { conversationOfEvent } from "../choose-conversation.ts";
import { dropSaid, type Received } from "../event-answer.ts";
import { type OpenHandoffDeps, openHandoff } from "../open-handoff.ts";
import { createRecogniseDelivery } from "../repeats/recognise-event.ts";
import { type Conclusion, concludeIntake, type Effects } from "./conclude-intake.ts";
import { decideIntake, type Intake } from "./decide-intake.ts";

export interface TakeEventDeps extends Pick<OpenHandoffDeps, "flows" | "opensAt"> {
  now: () => number;
  /** Working hours of an account at Infobip, as far as they are known. */
  knownHours: (account: string) => KnownHours;
  /** Most pending handoffs. No further one is opened beyond. */
  maxPending: number;
}

interface Sender {
  flow: Flow;
  bot: string;
  source: string;
}

export interface Taken extends Received, Pick<Conclusion, "due" | "decided" | "isLimited"> {}

const isSuggestion = (flow: Flow, rule: string | null): boolean =>
  flow.rules.some((it) => it.name === rule && it.do === "suggest");

/** The rule's reason, as the flow has it now. */
const reasonOf = (flow: Flow, rule: string | null): string | null =>
  rule === null ? null : (flow.rules.find(({ name }) => name === rule)?.reason ?? rule);

export function createTakeEvent({ flows, now, knownHours, opensAt, maxPending }: TakeEventDeps) {
  const recognise = createRecogniseDelivery();
  const takePlace = createBacklog(maxPending);

  /** Answers a repeated event as the first time. */
  function repeat(tables: Tables, flow: Flow, { sessionId, handoffId, message, rule }: StoredEvent, at: number): Taken {
    if (handoffId !== null && sessionId !== null) dropSaid(tables, sessionId, handoffId, at);
    return {
      ...{ outcome: "duplicate", sessionId, handoffId, message, reason: reasonOf(flow, rule) },
      ...{ due: null, decided: null, isLimited: false },
      ...(handoffId === null && isSuggestion(flow, rule) && { suggestion: true }),
    };
  }

  /** Opens the handoff of the event, or applies the event to the open one. */
  function carryOut(
    tables: Tables,
    flow: Flow,
    intake: Intake,
    { event: { conversationId }, traceparent }: ParsedEvent,
    { isLeftOut, newId, at }: { isLeftOut: boolean; newId: () => string; at: number },
  ): Effects {
    const { session, subject, escalation, current, hasJoined, stored } = intake;
    if (current !== null) {
      const further = { sessionId: session.id, escalation, event: stored, hasJoined, at };
      const added = addToHandoff(tables, { flows, takePlace }, current, further);
      return {
        opened: null,
        added: added.handoff,
        leftOut: [...(isLeftOut ? ["conversationId"] : []), ...added.leftOut],
      };
    }
    if (intake.act !== "open" || escalation === null)
      return { opened: null, added: null, leftOut: isLeftOut ? ["conversationId"] : [] };
    const asked = { conversationId, isLeftOut };
    const opening = { flow, session, subject, escalation, asked, traceparent, at };
    const opened = openHandoff(tables, { flows, takePlace, opensAt, newId }, opening);
    return { opened: opened.handoff, added: null, leftOut: opened.isLeftOut ? ["conversationId"] : [] };
  }

  return (tables: Tables, { flow, bot, source }: Sender, reported: ParsedEvent, newId: () => string): Taken => {
    const { event: given, hasSenderId, leftOut = [], comesTo, unheard } = reported;
    const at = now();
    const place = placeOf(tables, bot, given.session);
    const before = { session: place.found, open: place.open, at };
    const delivery = recognise(tables, { bot, source, event: given, hasSenderId, unheard }, before);
    if (delivery.known !== null) return repeat(tables, flow, delivery.known, at);

    const { found, open } = welcomeBack(tables, flows, place, given, at);
    const row = found ?? tables.sessions.open(bot, given.session, at);
    const begun = withRound(row, {
      type: given.type,
      hasOpenHandoff: open !== null,
      newRoundAfterMs: flow.newRoundAfter * 1_000,
      now: at,
    });
    // Nobody handed the round before over, or its handoff is over.
    if (found !== null && begun.epoch > found.epoch && flow.transcript === "handoff")
      tables.events.emptyWords(found.id, found.epoch);
    const conversation = conversationOfEvent(tables, flows, flow, begun, given, {
      hasOpenHandoff: open !== null,
      comesTo,
      at,
    });
    const intake = decideIntake({
      ...{ flow, session: begun, open, conversation, event: given, at },
      knownHours: knownHours(flow.account),
    });
    const { isLeftOut } = conversation;
    const effects = carryOut(tables, flow, intake, reported, { isLeftOut, newId, at });
    const { session, handoffId, message, reason, ...others } = concludeIntake(intake, effects, at);
    const missing = [...leftOut, ...effects.leftOut];
    const { event, stored, escalation } = intake;
    // A standing handoff may have written to its session.
    const hasHandoff = place.open !== null || intake.current !== null;
    tables.sessions.save(session, at, hasHandoff ? null : row);
    tables.events.add({
      key: delivery.key,
      contentKey: delivery.contentKey,
      bot,
      source,
      sessionId: session.id,
      epoch: session.epoch,
      eventId: event.id,
      type: event.type,
      body: stored,
      outcome: "accepted",
      rule: escalation?.rule ?? null,
      why: escalation?.why ?? null,
      handoffId,
      message,
      leftOut: missing.length === 0 ? undefined : missing,
      occurredAt: Date.parse(event.at),
      receivedAt: at,
    });
    return {
      ...{ outcome: "accepted", sessionId: session.id, handoffId, message, reason },
      left: { control: session.control, conversationId: session.conversationId },
      ...(intake.act === "suggest" && { suggestion: true }),
      ...(missing.length > 0 && { leftOut: missing }),
      ...others,
    };
  };
}
