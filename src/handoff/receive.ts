/** The use case of a delivery: recognise it, decide, and commit event, session and handoff at once. */
import { decide, type Escalation, withEvent } from "../escalation/decide.ts";
import type { Flow, Flows } from "../escalation/flow.ts";
import type { KnownHours } from "../escalation/hours.ts";
import { redactEvent } from "../escalation/transcript.ts";
import type { Event } from "../events/event.ts";
import type { Facts } from "../events/facts.ts";
import type { Reported } from "../events/source.ts";
import type { DueHandoff } from "../sessions/handoff-queues.ts";
import type { Handoff, HandoffState } from "../sessions/ledger.ts";
import type { SessionRecord, Tables } from "../sessions/record.ts";
import type { Control, Session } from "../sessions/session.ts";
import { controlOf } from "./control.ts";
import { hashOf } from "./delivery-key.ts";
import { keep } from "./keep.ts";
import { createRecogniseDelivery } from "./known-delivery.ts";
import { isBackAgain, withCustomerBack, withCustomerLeft } from "./left.ts";
import { leftOutOf } from "./left-out.ts";
import { conversationFor, leaveTo } from "./next-conversation.ts";
import { following, openFor, openIn } from "./one-line.ts";
import { plan } from "./plan.ts";
import { raiseHandoff } from "./raise.ts";
import { withRound } from "./round.ts";
import { withWords } from "./words.ts";

export interface ReceiveDeps {
  record: SessionRecord;
  flows: Flows;
  now: () => number;
  /** Of a handoff: grows with time. */
  newId: () => string;
  /** A handoff is durable and has something to do, at a time. */
  start: (handoff: DueHandoff, at: number) => void;
  /** What is known of an account's working hours at Infobip. */
  knownHours: (account: string) => KnownHours;
  /** When people of a flow are there; not later than `at`: they are. */
  opensAt: (flow: Flow, at: number) => number;
  /** Pending handoffs; with more, no further one is opened. */
  maxPending: number;
}

const BACKLOG_FULL = "BACKLOG_FULL";

/** Thrown, so that the commit takes back what it began: so many handoffs are pending that no more are opened. */
export const isBacklogFull = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === BACKLOG_FULL;

/** A delivery as it is answered; `handoffId` is what the caller may wait for. */
export interface Received {
  outcome: "accepted" | "duplicate" | "ignored";
  sessionId: number | null;
  handoffId: string | null;
  /** For the customer, with this answer and no other. */
  message: string | null;
  /** Of the rule that held where no handoff followed: nobody is there. */
  reason: string | null;
  /** The fields that could not be used, or not whole; absent where there are none. */
  leftOut?: readonly string[];
  /** What its commit left the session at; absent where it changed nothing. */
  left?: Pick<Session, "control" | "conversationId">;
}

/** A handoff that has something to do, and when. */
interface Due {
  id: string;
  at: number;
}
const dueOf = (handoff: Handoff | null): Due | null =>
  handoff === null || handoff.dueAt === null ? null : { id: handoff.id, at: handoff.dueAt };

/** The answer to an event: flat, so that an attribute mapping can read it. */
export interface Answer {
  outcome: Received["outcome"];
  control: Control | null;
  handoffId: string | null;
  handoffState: HandoffState | null;
  reason: string | null;
  conversationId: string | null;
  message: string | null;
  /** The fields that could not be used, or not whole; absent where there are none. */
  leftOut?: readonly string[];
}

/** A text that waited for this answer, and what is to be said of the handoff. */
const joinedTexts = (...texts: (string | null)[]): string | null => {
  const said = new Set(texts.filter((text) => text !== null));
  return said.size === 0 ? null : [...said].join("\n");
};

/** What the bot may say of a handoff as it stands: of a transfer only once it is proved. */
function saidOf({ state, message, routedBy, returnedBecause, decision }: Handoff): string | null {
  const isSaid = state === "deferred" || (state === "returned" && returnedBecause === "nobody-there");
  const isProved =
    state === "routed" && routedBy === "baton" && (decision.texts === "return" || decision.isUnposted === true);
  return isSaid || isProved ? message : null;
}

interface Place {
  found: Session | null;
  /** The open handoff that it is in. */
  open: Handoff | null;
}

function placeOf(tables: Tables, bot: string, name: string): Place {
  const found = tables.sessions.find(bot, name);
  return { found, open: found === null ? null : openFor(tables, found) };
}

/** What a further event left of the handoff that is open. */
interface Added {
  handoff: Handoff;
  /** The fields of a request that come too late. */
  leftOut: readonly string[];
}

/** A text that waits for the next answer and is said with this one, of the handoff as it stands. */
function dropSaid(tables: Tables, sessionId: number, handoffId: string, at: number): void {
  const session = tables.sessions.byId(sessionId);
  const handoff = session?.notice == null ? null : tables.handoffs.byId(handoffId);
  if (session === null || handoff === null || saidOf(handoff) !== session.notice) return;
  tables.sessions.save({ ...session, notice: null }, at);
}

/** Whether a customer is told that nobody is there: each time they ask, else once in a round. */
const isDeclineSaid = ({ isDeclined }: Facts, { type }: Event, { why }: Escalation): boolean =>
  !isDeclined || type === "handoff.requested" || why.some(({ key }) => key === "text" || key === "intent");

/** The rule's reason, as the flow has it now. */
const reasonOf = (flow: Flow, rule: string | null): string | null =>
  rule === null ? null : (flow.rules.find(({ name }) => name === rule)?.reason ?? rule);

export function createReceive(deps: ReceiveDeps) {
  const { record, flows, now, newId, start, knownHours, opensAt, maxPending } = deps;
  const recognise = createRecogniseDelivery();
  /** Opened and, for all that is known, pending: counted again only when there seems to be no place left. */
  let pendingAtMost = Number.POSITIVE_INFINITY;

  function takePlace(tables: Tables): void {
    if (pendingAtMost >= maxPending) pendingAtMost = tables.handoffs.pending(maxPending);
    if (pendingAtMost >= maxPending) {
      throw Object.assign(new Error("too many handoffs are pending"), { code: BACKLOG_FULL });
    }
    pendingAtMost += 1;
  }

  function take(
    tables: Tables,
    flow: Flow,
    bot: string,
    source: string,
    { event, hasOwnId, leftOut }: Reported,
  ): Received & { due: Due | null } {
    const at = now();
    const place = placeOf(tables, bot, event.session);
    const before = { session: place.found, open: place.open, at };
    const delivery = recognise(tables, { bot, source, event, hasOwnId }, before);
    if (delivery.known !== null) {
      const { sessionId, handoffId, message, rule } = delivery.known;
      const reason = handoffId === null ? reasonOf(flow, rule) : null;
      if (handoffId !== null && sessionId !== null) dropSaid(tables, sessionId, handoffId, at);
      return { outcome: "duplicate", sessionId, handoffId, message, reason, due: null };
    }

    const { key, contentKey } = delivery;
    const { found, open } = welcomed(tables, place, event, at);
    const begun = withRound(found ?? tables.sessions.open(bot, event.session, at), {
      type: event.type,
      hasOpenHandoff: open !== null,
      newRoundAfterMs: flow.newRoundAfter * 1_000,
      now: at,
    });
    const wanted =
      open === null && event.type !== "session.ended" ? (event.conversationId ?? begun.conversationId) : null;
    const others = openIn(tables, flow.account, bot, wanted);
    const session = others === null ? begun : following(begun, others);
    const current = open ?? others;
    const named = current === null ? (event.conversationId ?? session.conversationId) : session.conversationId;
    const subject = {
      id: session.id,
      epoch: session.epoch,
      bot,
      session: event.session,
      conversationId: named,
      facts: session.facts,
    };
    const stored = redactEvent(flow, event);
    // While a handoff waits the rules go on: what they call for joins it. Somebody whom an agent has needs no rule; the bot
    // may still ask for context to be passed on.
    const isWithBot = current === null || current.state === "parked" || current.state === "deferred";
    const isJudged = session.control !== "agent" || event.type === "handoff.requested";
    const { facts, escalation } = isJudged
      ? decide(flow, subject, event, at, knownHours(flow.account))
      : { facts: withEvent(flow, session.facts, event), escalation: null };

    const isDeclined = escalation !== null && current === null && escalation.course === "decline";
    const id = escalation === null || current !== null || isDeclined ? null : newId();
    const { adopt, reopen, continues } =
      id === null
        ? { adopt: named, reopen: false, continues: null }
        : conversationFor(tables, flow, session, named, at);
    let isWithQueue = false;
    if (escalation !== null && id !== null) {
      takePlace(tables);
      const ledger = plan({
        id,
        flow,
        subject: { ...subject, conversationId: adopt, facts },
        escalation,
        continues,
        reopen,
        opensAt: opensAt(flow, at),
        now: at,
      });
      if (adopt !== null) leaveTo(tables, flow.account, adopt);
      tables.handoffs.add(ledger);
      isWithQueue = ledger.handoff.state === "pending";
    }
    const added = current === null ? null : addTo(tables, current, session.id, escalation, stored, at);
    const isEnded = event.type === "session.ended" && current === null && id === null;
    const control = isWithQueue
      ? "queue"
      : isEnded
        ? "nobody"
        : added === null
          ? session.control
          : controlOf(added.handoff);
    const declined = isDeclined && isDeclineSaid(session.facts, event, escalation) ? escalation.message : null;
    // Whoever left hears nothing more.
    const message = declined ?? (event.type === "session.ended" ? null : session.notice);
    const notice = declined === null ? null : session.notice;
    const known = isDeclined ? { ...facts, isDeclined } : facts;
    tables.sessions.save(
      {
        ...session,
        ...(control !== session.control && { control }),
        conversationId: adopt,
        facts: known,
        notice,
        ...(id !== null && { follows: null, followsEpoch: null }),
      } as Session,
      at,
    );
    // Asked again while one is open: the answer speaks of that one.
    const isAsking = (escalation !== null && isWithBot) || others !== null || event.type === "handoff.requested";
    const handoffId = id ?? (isAsking ? (current?.id ?? null) : null);
    const missing = [...(leftOut ?? []), ...(added?.leftOut ?? [])];
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
    const reason = isDeclined ? escalation.reason : null;
    return {
      outcome: "accepted",
      sessionId: session.id,
      handoffId,
      message,
      reason,
      left: { control, conversationId: adopt },
      ...(missing.length > 0 && { leftOut: missing }),
      due: id !== null ? { id, at } : added === null || added.handoff === current ? null : dueOf(added.handoff),
    };
  }

  /** A customer who left and is here again. */
  function welcomed(tables: Tables, place: Place, event: Event, at: number): Place {
    const { found, open } = place;
    if (found === null || open === null || !isBackAgain(found, event.type)) return place;
    const before = tables.handoffs.ledger(open.id);
    if (before === null) return place;
    keep(tables, before, withCustomerBack(before, at), at, { flows });
    return placeOf(tables, found.bot, found.session);
  }

  /** What a further event of the session means for the handoff that is open. */
  function addTo(
    tables: Tables,
    current: Handoff,
    sessionId: number,
    escalation: Escalation | null,
    event: Event,
    at: number,
  ): Added {
    // Who shares the conversation from another session is still there.
    const isLeft =
      event.type === "session.ended" &&
      current.sessionId === sessionId &&
      tables.sessions.followersOf(current.id).length === 0;
    const before = escalation === null && !isLeft ? null : tables.handoffs.ledger(current.id);
    if (before === null) {
      const handoff = withWords(current, event, at);
      if (handoff !== current) tables.handoffs.save(handoff, current);
      return { handoff, leftOut: [] };
    }
    const told = { handoff: withWords(before.handoff, event, at), steps: before.steps };
    const raised = escalation === null ? { ledger: told, leftOut: [] } : raiseHandoff(told, escalation, event, at);
    const after = isLeft ? withCustomerLeft(raised.ledger, at) : raised.ledger;
    if (current.state === "deferred" && after.handoff.state === "pending") takePlace(tables);
    if (after.handoff === before.handoff && after.steps === before.steps)
      return { handoff: current, leftOut: raised.leftOut };
    keep(tables, before, after, at, { flows });
    return { handoff: after.handoff, leftOut: raised.leftOut };
  }

  /** One event. Resolves once it is durable; the handoff it opened, if any, is started and not waited for. */
  async function receive(bot: string, source: string, reported: Reported): Promise<Received> {
    const flow = flows.get(bot);
    if (flow === undefined) throw new Error(`bot '${bot}' has no flow`);
    const { due, ...received } = await record.commit((tables) => take(tables, flow, bot, source, reported));
    if (due !== null) start({ id: due.id, bot, account: flow.account }, due.at);
    // A duplicate says it again: it is the same body.
    return reported.leftOut === undefined ? received : { leftOut: reported.leftOut, ...received };
  }

  /** A payload that says nothing we use: it leaves a trace, without its content. */
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
    return { outcome: "ignored", sessionId: null, handoffId: null, message: null, reason: null };
  }

  /** What to tell the bot, as things stand now. Of a handoff that may have changed since; of a mere event not. */
  const answer = ({ outcome, sessionId, handoffId, message, reason, leftOut, left }: Received): Answer =>
    record.read((tables) => {
      const isKnown = left !== undefined && handoffId === null;
      const session = isKnown ? left : sessionId === null ? null : tables.sessions.byId(sessionId);
      const handoff: Handoff | null = handoffId === null ? null : tables.handoffs.byId(handoffId);
      const missing = new Set([...(leftOut ?? []), ...(handoff === null ? [] : leftOutOf(handoff))]);
      return {
        outcome,
        control: session?.control ?? null,
        handoffId,
        handoffState: handoff?.state ?? null,
        reason: handoff?.reason ?? reason,
        conversationId: handoff?.conversationId ?? session?.conversationId ?? null,
        message: joinedTexts(message, handoff === null ? null : saidOf(handoff)),
        ...(missing.size > 0 && { leftOut: [...missing] }),
      };
    });

  return { receive, ignore, answer };
}
export type Receive = ReturnType<typeof createReceive>;
