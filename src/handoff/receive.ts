/** The use case of a delivery: recognise it, decide, and commit event, session and handoff at once. */
import { createHash } from "node:crypto";
import { decide, withEvent } from "../escalation/decide.ts";
import type { Flow, Flows } from "../escalation/flow.ts";
import { redactEvent, utterancesOf } from "../escalation/transcript.ts";
import { type Event, eventSchema } from "../events/event.ts";
import { noFacts } from "../events/facts.ts";
import type { Reported } from "../events/source.ts";
import type { StoredEvent } from "../sessions/event-table.ts";
import type { DueHandoff } from "../sessions/handoff-queues.ts";
import type { Handoff, HandoffState } from "../sessions/ledger.ts";
import type { SessionRecord, Tables } from "../sessions/record.ts";
import type { Control, Session } from "../sessions/session.ts";
import { plan } from "./plan.ts";

export interface ReceiveDeps {
  record: SessionRecord;
  flows: Flows;
  now: () => number;
  /** Of a handoff: grows with time. */
  newId: () => string;
  /** A handoff was opened and is durable. */
  start: (handoff: DueHandoff) => void;
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
  /** What its commit left the session at; absent where it changed nothing. */
  left?: Pick<Session, "control" | "conversationId">;
}

/** The answer to an event: flat, so that an attribute mapping can read it. */
export interface Answer {
  outcome: Received["outcome"];
  control: Control | null;
  handoffId: string | null;
  handoffState: HandoffState | null;
  reason: string | null;
  conversationId: string | null;
  message: string | null;
}

/** Without an id of its own a delivery is the same as another of the same content for so long. */
const SAME_CONTENT_MS = 10 * 60_000;
const SEPARATOR = "\u0000";

const hashOf = (...parts: string[]): Uint8Array =>
  createHash("sha256").update(parts.join(SEPARATOR)).digest().subarray(0, 16);

function knownDelivery(
  tables: Tables,
  keys: { key: Uint8Array; contentKey: Uint8Array | null },
  now: number,
): StoredEvent | null {
  const { key, contentKey } = keys;
  return contentKey === null ? tables.events.byKey(key) : tables.events.byContent(contentKey, now - SAME_CONTENT_MS);
}

/** A session whose last chat ended begins a new round with the next event. */
function begun(session: Session): Session {
  if (session.control !== "nobody") return session;
  const { fallbacks, errors } = noFacts;
  return {
    ...session,
    control: "bot",
    epoch: session.epoch + 1,
    conversationId: null,
    facts: { ...session.facts, fallbacks, errors },
  };
}

const recordedEvents = (tables: Tables, session: Session, flow: Flow): Event[] =>
  tables.events.wordsOf(session.id, flow.note.maxMessages).map((body) => eventSchema.parse(body));

export function createReceive({ record, flows, now, newId, start, maxPending }: ReceiveDeps) {
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
    { event, hasOwnId }: Reported,
  ): Received & { opened: boolean } {
    const at = now();
    const contentKey = hasOwnId ? null : hashOf(bot, source, event.id);
    const key = hasOwnId ? hashOf(bot, source, event.id) : hashOf(bot, source, event.id, String(at));
    const known = knownDelivery(tables, { key, contentKey }, at);
    if (known !== null) {
      return { outcome: "duplicate", sessionId: known.sessionId, handoffId: known.handoffId, opened: false };
    }

    const session = begun(tables.sessions.find(bot, event.session) ?? tables.sessions.open(bot, event.session, at));
    const current = tables.handoffs.openOf(session.id);
    const conversationId = current === null ? (event.conversationId ?? session.conversationId) : session.conversationId;
    const subject = {
      id: session.id,
      epoch: session.epoch,
      bot,
      session: event.session,
      conversationId,
      facts: session.facts,
    };
    const stored = redactEvent(flow, event);
    // A parked handoff leaves the customer with the bot, so the rules go on; what they call for joins it.
    const isBots = current === null || current.state === "parked";
    const { facts, escalation } = isBots
      ? decide(flow, subject, event, at)
      : { facts: withEvent(flow, session.facts, event), escalation: null };

    const id = escalation === null || current !== null ? null : newId();
    if (escalation !== null && id !== null) {
      takePlace(tables);
      const recorded = utterancesOf([...recordedEvents(tables, session, flow), stored]);
      tables.handoffs.add(
        plan({ id, flow, subject: { ...subject, facts }, escalation, event: stored, recorded, now: at }),
      );
    }
    // A session may end while its handoff goes on: the customer still waits for the person.
    const isEnded = event.type === "session.ended" && current === null && id === null;
    const control = id !== null ? "queue" : isEnded ? "nobody" : session.control;
    tables.sessions.save(
      { ...session, ...(control !== session.control && { control }), conversationId, facts } as Session,
      at,
    );
    // Asked again while one is open: the answer speaks of that one.
    const isAsking = escalation !== null || event.type === "handoff.requested";
    const joined = isAsking ? (current?.id ?? null) : null;
    tables.events.add({
      key,
      contentKey,
      bot,
      source,
      sessionId: session.id,
      eventId: event.id,
      type: event.type,
      body: stored,
      outcome: "accepted",
      rule: escalation?.rule ?? null,
      why: escalation?.why ?? null,
      handoffId: id ?? joined,
      occurredAt: Date.parse(event.at),
      receivedAt: at,
    });
    const left = { control, conversationId };
    return { outcome: "accepted", sessionId: session.id, handoffId: id ?? joined, left, opened: id !== null };
  }

  /** One event. Resolves once it is durable; the handoff it opened, if any, is started and not waited for. */
  async function receive(bot: string, source: string, reported: Reported): Promise<Received> {
    const flow = flows.get(bot);
    if (flow === undefined) throw new Error(`bot '${bot}' has no flow`);
    const { opened, ...received } = await record.commit((tables) => take(tables, flow, bot, source, reported));
    if (opened && received.handoffId !== null) start({ id: received.handoffId, bot, account: flow.account });
    return received;
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
        eventId: contentId,
        type: "ignored",
        body: {},
        outcome: "ignored",
        rule: null,
        why: null,
        handoffId: null,
        occurredAt: at,
        receivedAt: at,
      });
    });
    return { outcome: "ignored", sessionId: null, handoffId: null };
  }

  /** What to tell the bot, as things stand now. Of a handoff that may have changed since; of a mere event not. */
  const answer = ({ outcome, sessionId, handoffId, left }: Received): Answer =>
    record.read((tables) => {
      const isKnown = left !== undefined && handoffId === null;
      const session = isKnown ? left : sessionId === null ? null : tables.sessions.byId(sessionId);
      const handoff: Handoff | null = handoffId === null ? null : tables.handoffs.byId(handoffId);
      const isProved = handoff?.state === "routed" && handoff.routedBy === "baton";
      return {
        outcome,
        control: session?.control ?? null,
        handoffId,
        handoffState: handoff?.state ?? null,
        reason: handoff?.reason ?? null,
        conversationId: handoff?.conversationId ?? session?.conversationId ?? null,
        message: isProved ? handoff.message : null,
      };
    });

  return { receive, ignore, answer };
}
export type Receive = ReturnType<typeof createReceive>;
