/** The use case of a delivery: recognises it, decides, and commits event, session and handoff at once. */
import { TOO_MANY } from "../../escalation/at-most.ts";
import { decide, type Escalation, withEvent } from "../../escalation/decide.ts";
import type { Flow } from "../../escalation/flow.ts";
import type { KnownHours } from "../../escalation/hours.ts";
import { redactEvent } from "../../escalation/redaction/redact-event.ts";
import type { Event } from "../../events/event.ts";
import { type Facts, withHandoff } from "../../events/facts.ts";
import type { Reported } from "../../events/source.ts";
import type { Log } from "../../log.ts";
import type { Meter } from "../../metrics/meter.ts";
import type { Handoff } from "../../model/handoff.ts";
import type { Session } from "../../model/session.ts";
import type { SessionRecord, Tables } from "../../store/store.ts";
import type { DueHandoff } from "../../store/tables/handoffs/due-handoffs.ts";
import { following, placeOf } from "../ledger/conversation/shared-handoff.ts";
import { withRound } from "../ledger/round.ts";
import { type Begin, createFirstTurns } from "../run/begin-handoff.ts";
import { controlOf } from "../save/control.ts";
import { addToHandoff, welcomeBack } from "./add-to-handoff.ts";
import { createBacklog } from "./backlog.ts";
import { conversationOfEvent } from "./choose-conversation.ts";
import { withoutConversation } from "./conversation-owner.ts";
import { hashOf } from "./dedupe-key.ts";
import { type Answer, answerTo, dropSaid, type Received } from "./event-answer.ts";
import { createRecogniseDelivery } from "./known-delivery.ts";
import { type OpenHandoffDeps, openHandoff } from "./open-handoff.ts";

export interface ReceiveDeps extends Omit<OpenHandoffDeps, "takePlace"> {
  record: SessionRecord;
  now: () => number;
  /** A durable handoff has something to do at a time. */
  start: (handoff: DueHandoff, at: number) => void;
  begin: Begin;
  /** Working hours of an account at Infobip, as far as they are known. */
  knownHours: (account: string) => KnownHours;
  /** Most pending handoffs. No further one is opened beyond. */
  maxPending: number;
  meter: Meter;
  log: Log;
}

/** The rule that matched, and what followed from it. */
interface Decided {
  reason: string;
  course: "opened" | "deferred" | "joined" | "declined" | "suggested";
}
interface Taken extends Received {
  due: Due | null;
  decided: Decided | null;
  /** True: the customer is told that the session had its most handoffs. */
  isLimited: boolean;
}

const LIMITED = "a session had its most handoffs: its customer asks again and gets no further one";

/** A handoff that has something to do, with its time. */
interface Due {
  id: string;
  at: number;
  /** True if it was just opened and starts at once. */
  isFirst: boolean;
}
const dueOf = (handoff: Handoff | null): Due | null =>
  handoff === null || handoff.dueAt === null ? null : { id: handoff.id, at: handoff.dueAt, isFirst: false };

/** Tells the customer that no agent is available each time they ask, else once in a round. */
const isDeclineSaid = ({ isDeclined }: Facts, { type }: Event, { why }: Escalation): boolean =>
  !isDeclined || type === "handoff.requested" || why.some(({ key }) => key === "text" || key === "intent");

const isSuggestion = (flow: Flow, rule: string | null): boolean =>
  flow.rules.some((it) => it.name === rule && it.do === "suggest");

/** The rule's reason, as the flow has it now. */
const reasonOf = (flow: Flow, rule: string | null): string | null =>
  rule === null ? null : (flow.rules.find(({ name }) => name === rule)?.reason ?? rule);

export function createReceive(deps: ReceiveDeps) {
  const { record, flows, now, newId, start, begin, knownHours, opensAt, maxPending, meter, log } = deps;
  const recognise = createRecogniseDelivery();
  const takePlace = createBacklog(maxPending);
  const opening = { flows, takePlace, opensAt };

  function take(
    tables: Tables,
    flow: Flow,
    bot: string,
    source: string,
    { event: given, hasOwnId, leftOut, comesTo, unheard, traceparent }: Reported,
    idOf: () => string,
  ): Taken {
    const at = now();
    const place = placeOf(tables, bot, given.session);
    const before = { session: place.found, open: place.open, at };
    const delivery = recognise(tables, { bot, source, event: given, hasOwnId, unheard }, before);
    if (delivery.known !== null) {
      const { sessionId, handoffId, message, rule } = delivery.known;
      const reason = reasonOf(flow, rule);
      const isSuggested = handoffId === null && isSuggestion(flow, rule);
      if (handoffId !== null && sessionId !== null) dropSaid(tables, sessionId, handoffId, at);
      return {
        ...{ outcome: "duplicate", sessionId, handoffId, message, reason, due: null, decided: null, isLimited: false },
        ...(isSuggested && { suggestion: true }),
      };
    }

    const { key, contentKey } = delivery;
    const { found, open } = welcomeBack(tables, flows, place, given, at);
    const begun = withRound(found ?? tables.sessions.open(bot, given.session, at), {
      type: given.type,
      hasOpenHandoff: open !== null,
      newRoundAfterMs: flow.newRoundAfter * 1_000,
      now: at,
    });
    // Nobody handed the round before over, or its handoff is over.
    if (found !== null && begun.epoch > found.epoch && flow.transcript === "handoff")
      tables.events.emptyWords(found.id, found.epoch);
    const named = conversationOfEvent(tables, flows, flow, begun, given, {
      hasOpenHandoff: open !== null,
      comesTo,
      at,
    });
    const event = named.isLeftOut ? withoutConversation(given) : given;
    const others = event.type === "session.ended" ? null : named.own;
    const session = others === null ? begun : following(begun, others);
    const current = open ?? others;
    const subject = {
      id: session.id,
      epoch: session.epoch,
      bot,
      session: event.session,
      conversationId: others === null ? named.conversationId : session.conversationId,
      returnedAt: session.returnedAt,
      isOpen: current !== null,
      facts: session.facts,
    };
    const stored = redactEvent(flow, event);
    // The rules go on while a handoff waits, and what they request joins it. A customer with an agent needs no rule; the bot may
    // still ask Baton to pass on context.
    const isWithBot = current === null || current.state === "parked" || current.state === "deferred";
    const isJudged = session.control !== "agent" || event.type === "handoff.requested";
    const judged = isJudged
      ? decide(flow, subject, event, at, knownHours(flow.account))
      : { facts: withEvent(flow, session.facts, event, at), escalation: null };
    const { facts } = judged;
    // The bot does not ask customers whether they want what they already wait for.
    const escalation = judged.escalation?.course === "suggest" && current !== null ? null : judged.escalation;

    const isSuggested = escalation?.course === "suggest";
    const isDeclined =
      escalation !== null && current === null && (escalation.course === "decline" || escalation.course === "limit");
    const { handoff: opened, isLeftOut } =
      escalation === null || current !== null || isDeclined || isSuggested
        ? { handoff: null, isLeftOut: named.isLeftOut }
        : openHandoff(
            tables,
            { ...opening, newId: idOf },
            {
              ...{ flow, session, subject: { ...subject, facts }, escalation, at },
              asked: { conversationId: given.conversationId, isLeftOut: named.isLeftOut },
              traceparent,
            },
          );
    const further = { sessionId: session.id, escalation, event: stored, at };
    const added = current === null ? null : addToHandoff(tables, { flows, takePlace }, current, further);
    const isEnded = event.type === "session.ended" && current === null && opened === null;
    const standing = opened?.state === "pending" ? opened : (added?.handoff ?? null);
    const control = isEnded ? "nobody" : standing === null ? session.control : controlOf(standing);
    const { conversationId } = opened ?? subject;
    const isSaid = isSuggested || (isDeclined && isDeclineSaid(session.facts, event, escalation));
    const own = isSaid ? escalation.message : null;
    // A customer who left gets no text.
    const message = own ?? (event.type === "session.ended" ? null : session.notice);
    const notice = own === null ? null : session.notice;
    const known = isDeclined ? { ...facts, isDeclined } : opened === null ? facts : withHandoff(facts, at);
    tables.sessions.save(
      {
        ...session,
        ...(control !== session.control && { control }),
        conversationId,
        facts: known,
        notice,
        ...(opened !== null && { follows: null, followsEpoch: null }),
      } as Session,
      at,
    );
    // A repeated request gets an answer about the handoff that is open.
    const isAsking =
      (escalation !== null && !isSuggested && isWithBot) || others !== null || event.type === "handoff.requested";
    const handoffId = opened?.id ?? (isAsking ? (current?.id ?? null) : null);
    const missing = [...(leftOut ?? []), ...(isLeftOut ? ["conversationId"] : []), ...(added?.leftOut ?? [])];
    tables.events.add({
      key,
      contentKey,
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
    const reason = isDeclined || isSuggested ? escalation.reason : null;
    const course = isSuggested
      ? "suggested"
      : isDeclined
        ? "declined"
        : opened === null
          ? "joined"
          : opened.state === "deferred"
            ? "deferred"
            : "opened";
    return {
      outcome: "accepted",
      sessionId: session.id,
      handoffId,
      message,
      reason,
      ...(isSuggested && { suggestion: true }),
      left: { control, conversationId },
      ...(missing.length > 0 && { leftOut: missing }),
      isLimited: isSaid && escalation.course === "limit",
      due:
        opened !== null
          ? { id: opened.id, at, isFirst: opened.state === "pending" }
          : added === null || added.handoff === current
            ? null
            : dueOf(added.handoff),
      decided: escalation === null ? null : { reason: escalation.reason, course },
    };
  }

  function countEvent(
    flow: string,
    bot: string,
    source: string,
    outcome: Received["outcome"],
    decided: Decided | null,
  ) {
    meter.count("events", { bot, source, outcome });
    if (outcome === "duplicate") meter.count("duplicates", { of: "event" });
    if (decided !== null) meter.count("decisions", { flow, ...decided });
  }

  /**
   * Records the events of one delivery in their order: all or none, so that a refused delivery comes again unchanged. Resolves
   * once they are durable. Starts the handoffs that they opened and does not wait for them.
   */
  async function receiveAll(bot: string, source: string, reported: readonly Reported[]): Promise<Received[]> {
    const flow = flows.get(bot);
    if (flow === undefined) throw new Error(`bot '${bot}' has no flow`);
    const { account } = flow;
    const firstTurns = createFirstTurns(begin, newId);
    const commit = () =>
      record.commit((tables) => {
        firstTurns.reset();
        const all = reported.map((one) => take(tables, flow, bot, source, one, firstTurns.newId));
        for (const { due } of all) if (due?.isFirst) firstTurns.write(tables, { id: due.id, bot, account });
        return all;
      });
    let isDurable = false;
    try {
      // An event is recorded whatever happens to its handoff.
      const taken = await commit().catch((error: unknown) => {
        if (!firstTurns.hasFailed()) throw error;
        return commit();
      });
      isDurable = true;
      return taken.map(({ due, decided, isLimited, ...received }, index) => {
        countEvent(flow.name, bot, source, received.outcome, decided);
        if (isLimited)
          log.error({ reason: TOO_MANY, bot, flow: flow.name, account, count: flow.atMost.handoffs }, LIMITED);
        if (due !== null && !firstTurns.has(due.id)) start({ id: due.id, bot, account }, due.at);
        // A duplicate has the same body, and so the same fields are left out.
        const leftOut = reported[index]?.leftOut;
        return leftOut === undefined ? received : { leftOut, ...received };
      });
    } finally {
      firstTurns.end(isDurable);
    }
  }

  async function receive(bot: string, source: string, reported: Reported): Promise<Received> {
    const [received] = await receiveAll(bot, source, [reported]);
    if (received === undefined) throw new Error("an event that was taken has an answer");
    return received;
  }

  /** Records a payload that Baton does not use, without its content. */
  async function ignore(bot: string, source: string, contentId: string): Promise<Received> {
    const at = now();
    await record.commit((tables) => {
      const key = hashOf(bot, source, "ignored", contentId);
      if (tables.events.byKey(key) !== null) return;
      tables.events.add({
        key,
        contentKey: null,
        bot,
        source,
        sessionId: null,
        epoch: null,
        eventId: contentId,
        type: "ignored",
        body: {},
        outcome: "ignored",
        rule: null,
        why: null,
        handoffId: null,
        message: null,
        occurredAt: at,
        receivedAt: at,
      });
    });
    meter.count("events", { bot, source, outcome: "ignored" });
    return { outcome: "ignored", sessionId: null, handoffId: null, message: null, reason: null };
  }

  return {
    receive,
    receiveAll,
    ignore,
    /** Answers with the present state. */
    answer: (received: Received): Answer => record.read((tables) => answerTo(tables, received)),
  };
}
export type Receive = ReturnType<typeof createReceive>;
