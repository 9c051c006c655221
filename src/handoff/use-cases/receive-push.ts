/** The use case of a report of the platform: recognises it, keeps the newest state of its conversation, and acts on it. */
import type { Flow, Flows } from "../../escalation/flow.ts";
import { redactWords } from "../../escalation/redaction/redact.ts";
import { factsOfNextRound } from "../../events/facts.ts";
import { type PlatformEvent, withoutWords } from "../../events/platform-event.ts";
import type { Pushed } from "../../events/sources/conversations.ts";
import type { Log } from "../../log.ts";
import type { Meter } from "../../metrics/meter.ts";
import {
  believedAt,
  type KnownConversation,
  mergeObservation,
  type Observation,
  unknownState,
} from "../../model/conversation-state.ts";
import type { Handoff } from "../../model/handoff.ts";
import type { Session } from "../../model/session.ts";
import type { SessionRecord, Tables } from "../../store/store.ts";
import type { DueHandoff } from "../../store/tables/handoffs/due-handoffs.ts";
import { withoutSuperseded } from "../ledger/conversation/closed-conversation.ts";
import { lastFor } from "../ledger/conversation/shared-handoff.ts";
import { applyConversationState } from "../ledger/transitions/apply-conversation-state.ts";
import { applyPolicy } from "../ledger/transitions/apply-policy.ts";
import { addCallback, agentOf } from "../save/enqueue-callbacks.ts";
import { countChange, tellState } from "../save/log-state.ts";
import { saveLedger } from "../save/save-ledger.ts";
import { isSharedWith } from "./conversation-owner.ts";
import { findPush, PUSHED, pushKey } from "./repeats/recognise-push.ts";

export interface ReceivePushDeps {
  record: SessionRecord;
  flows: Flows;
  now: () => number;
  /** A handoff has something to do, or changed its state: callers that wait for it get an answer. */
  start: (handoff: DueHandoff) => void;
  /** A handoff's state changed: callbacks to its bot may be due. */
  changed: () => void;
  /** Called for each handoff that a report changed. */
  moved: (handoff: Handoff) => void;
  log: Log;
  meter: Meter;
}

/** A change of a handoff. */
interface Moved {
  before: Handoff;
  after: Handoff;
}

/** Outcome of a push. */
export type PushOutcome = "accepted" | "duplicate" | "ignored";

/** Reduces an event to what the record may keep: the flow decides about a session's words. */
function withoutUnkept(flow: Flow | undefined, event: PlatformEvent): PlatformEvent {
  if (!flow?.note.transcript) return withoutWords(event);
  return event.text === undefined ? event : { ...event, text: redactWords(event.text, flow.note) };
}

/** True if a message has content to report. */
const saysSomething = ({ text, url, contentType }: PlatformEvent): boolean =>
  text !== undefined || url !== undefined || contentType !== undefined;

const observationIn = ({ at, type, status, assignee, queueId }: PlatformEvent): Observation => ({
  at,
  ...(status !== undefined && { status }),
  ...(assignee !== undefined && { assignee }),
  ...(queueId !== undefined && { queueId }),
  ...(type === "customer.wrote" && { author: "customer" as const }),
  ...(type === "agent.wrote" && { author: "agent" as const }),
});

const agentIn = (session: Session): string | null => (session.control === "agent" ? session.agentId : null);

/** A person may take a chat that no handoff opened from the bot, and give it back. */
function applyObservation(session: Session, known: KnownConversation): Session {
  const { control, ...rest } = session;
  const isOver = known.status === "closed" || known.status === "deleted" || known.status === "solved";
  if (!isOver && known.assignee === "human") return { ...rest, control: "agent", agentId: known.agentId };
  if (control !== "agent") return session;
  const { agentId: _, ...common } = session;
  if (!isOver) return { ...common, control: "bot" };
  return { ...common, control: "bot", epoch: session.epoch + 1, facts: factsOfNextRound(session.facts) };
}

export function createReceivePush({ record, flows, now, start, changed, moved: onMoved, log, meter }: ReceivePushDeps) {
  const botsOf = new Map<string, string[]>();
  for (const [bot, { account }] of flows) botsOf.set(account, [...(botsOf.get(account) ?? []), bot]);

  /** Applies the newest state of a conversation to a handoff, within a commit. Returns its change; null: none. */
  function applyState(tables: Tables, handoff: Handoff, isNewest: boolean, known: KnownConversation): Moved | null {
    const before = tables.handoffs.ledger(handoff.id);
    const session = tables.sessions.byId(handoff.sessionId);
    if (before === null || session === null) return null;
    const isLatest = isNewest && lastFor(tables, session)?.id === handoff.id;
    const mayReopen = isLatest && session.epoch === handoff.epoch + 1 && session.control !== "nobody";
    const after = applyConversationState(before, known, mayReopen);
    if (after === before) return null;
    const at = now();
    const { ledger, ...said } = applyPolicy(before, after, at);
    // The newest handoff has the conversation, so only that one takes the steps of a hand-back.
    const steps = isNewest ? ledger.steps : withoutSuperseded(ledger.steps);
    const due = { steps, handoff: { ...ledger.handoff, dueAt: at, updatedAt: at } };
    saveLedger(tables, before, due, at, { flows, ...said });
    return { before: before.handoff, after: due.handoff };
  }

  /** Keeps the newest state of a conversation, within a commit, and acts on it. */
  function recordObservation(tables: Tables, account: string, conversationId: string, word: Observation) {
    const at = now();
    const before = tables.conversations.find(account, conversationId) ?? unknownState(account, conversationId);
    const known = mergeObservation(before, word, at);
    tables.conversations.save(known);
    const handoffs = tables.handoffs.inConversation(account, conversationId);
    const [newest = null] = handoffs;
    if (newest !== null) {
      const moved = handoffs.flatMap((handoff) => applyState(tables, handoff, handoff === newest, known) ?? []);
      return { session: tables.sessions.byId(newest.sessionId), handoffs, moved };
    }
    const sessions = tables.sessions.inConversation(conversationId, botsOf.get(account) ?? []);
    const its = sessions.find(({ control }) => control === "agent") ?? sessions[0] ?? null;
    for (const session of sessions) {
      if (its === null || !isSharedWith(flows, its.bot, session.bot)) continue;
      const next = applyObservation(session, known);
      if (next.control !== session.control || agentIn(next) !== agentIn(session))
        tables.sessions.save(next, at, session);
    }
    return { session: its, handoffs, moved: [] };
  }

  function reportChanges(moved: readonly Moved[]): void {
    for (const { before, after } of moved) {
      tellState(log, after);
      countChange(meter, before, after);
      onMoved(after);
      changed();
      start(after);
    }
  }

  /** Passes an agent's message on to the bot. */
  function enqueueMessage(tables: Tables, handoff: Handoff, event: PlatformEvent, at: number): void {
    const { text = null, url = null, contentType = null, author } = event;
    const agent = agentOf(tables, handoff);
    const isTheirs = author === undefined || author.id === agent?.id;
    addCallback(tables, flows, "agent.message", handoff, at, {
      contentType,
      url,
      text,
      agent: isTheirs ? (agent ?? author) : author,
    });
  }

  function takePush(tables: Tables, account: string, pushed: Pushed) {
    const at = now();
    const { id, wireType, event } = pushed;
    const first = findPush(tables, account, pushed);
    if (first !== null) {
      // The message was already counted and passed on. Only this envelope may say who has the conversation.
      const { author, ...said } = event === null ? { at, author: undefined } : observationIn(event);
      // A repetition counts with the time of the first, also if that lay in the future.
      const word = author === undefined ? { ...said, at: believedAt(said.at, first.receivedAt) } : said;
      const moved = event === null ? [] : recordObservation(tables, account, event.conversationId, word).moved;
      return { outcome: "duplicate" as const, moved };
    }
    const about =
      event === null ? null : recordObservation(tables, account, event.conversationId, observationIn(event));
    const flow = about?.session == null ? undefined : flows.get(about.session.bot);
    tables.events.add({
      key: pushKey(account, id),
      contentKey: null,
      // Empty: the conversation belongs to no session.
      bot: about?.session?.bot ?? "",
      source: PUSHED,
      sessionId: about?.session?.id ?? null,
      epoch: null,
      eventId: id,
      type: event?.type ?? wireType,
      body: { ...(event !== null && withoutUnkept(flow, event)), account, wireType },
      outcome: event === null ? "ignored" : "accepted",
      rule: null,
      why: null,
      handoffId: about?.handoffs[0]?.id ?? null,
      message: null,
      occurredAt: event?.at ?? at,
      receivedAt: at,
    });
    const moved = about?.moved ?? [];
    if (event?.type === "agent.wrote" && saysSomething(event)) {
      for (const before of about?.handoffs ?? []) {
        enqueueMessage(tables, moved.find(({ after }) => after.id === before.id)?.after ?? before, event, at);
      }
    }
    return { outcome: event === null ? ("ignored" as const) : ("accepted" as const), moved };
  }

  return {
    /** Records one push. Resolves once it is durable; a repetition of the same content changes nothing. */
    async receivePush(account: string, pushed: Pushed): Promise<PushOutcome> {
      const { outcome, moved } = await record.commit((tables) => takePush(tables, account, pushed));
      meter.count("pushes", { account, outcome });
      if (outcome === "duplicate") meter.count("duplicates", { of: "push" });
      reportChanges(moved);
      if (moved.length === 0 && pushed.event?.type === "agent.wrote") changed();
      return outcome;
    },

    /** Records the state of a conversation that Baton read at the platform. */
    async receiveState(account: string, conversationId: string, word: Observation): Promise<void> {
      const { moved } = await record.commit((tables) => recordObservation(tables, account, conversationId, word));
      reportChanges(moved);
    },
  };
}
export type ReceivePush = ReturnType<typeof createReceivePush>;
