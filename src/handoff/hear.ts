/** The use case of what the platform reports: recognise it, keep the newest word of its conversation, and act on it. */
import type { Flow, Flows } from "../escalation/flow.ts";
import { redact } from "../escalation/redact.ts";
import type { PlatformEvent } from "../events/platform-event.ts";
import type { Pushed } from "../events/sources/conversations.ts";
import type { Log } from "../log.ts";
import type { DueHandoff } from "../sessions/handoff-queues.ts";
import { type KnownConversation, unheard, type Word, withWord } from "../sessions/known-conversation.ts";
import type { Handoff } from "../sessions/ledger.ts";
import type { SessionRecord, Tables } from "../sessions/record.ts";
import type { Session } from "../sessions/session.ts";
import { hashOf } from "./delivery-key.ts";
import { follow } from "./follow.ts";
import { heard } from "./heard.ts";
import { keep } from "./keep.ts";
import { addCallback, agentOf } from "./tell-bot.ts";
import { tellState } from "./tell-state.ts";

export interface HearDeps {
  record: SessionRecord;
  flows: Flows;
  now: () => number;
  /** A handoff has something to do, or stands otherwise: whoever waits for it is told. */
  start: (handoff: DueHandoff) => void;
  /** A handoff's state changed: its bot may have to be told. */
  changed: () => void;
  log: Log;
}

/** How a push was taken. */
export type Heard = "accepted" | "duplicate" | "ignored";

const SOURCE = "conversations";

/** A session's own words, as the record may keep them. */
const keptText = (flow: Flow | undefined, text: string | undefined): string | undefined =>
  flow?.note.transcript && text !== undefined ? redact(text, flow.note) : undefined;

const wordOf = ({ at, type, status, assignee, queueId }: PlatformEvent): Word => ({
  at,
  ...(status !== undefined && { status }),
  ...(assignee !== undefined && { assignee }),
  ...(queueId !== undefined && { queueId }),
  ...(type === "customer.wrote" && { author: "customer" as const }),
  ...(type === "agent.wrote" && { author: "agent" as const }),
});

/** A chat that no handoff brought to the platform: a person may take it from the bot, and give it back. */
function withWordOf(session: Session, known: KnownConversation): Session {
  const { control, ...rest } = session;
  const isOver = known.status === "closed" || known.status === "deleted" || known.status === "solved";
  if (!isOver && known.assignee === "human") return { ...rest, control: "agent", agentId: known.agentId };
  if (control !== "agent") return session;
  const { agentId: _, ...common } = session;
  if (!isOver) return { ...common, control: "bot" };
  // The next round counts anew, as after a handoff.
  const facts = { ...session.facts, fallbacks: 0, errors: 0 };
  return { ...common, control: "bot", epoch: session.epoch + 1, facts };
}

export function createHear({ record, flows, now, start, changed, log }: HearDeps) {
  const botsOf = new Map<string, string[]>();
  for (const [bot, { account }] of flows) botsOf.set(account, [...(botsOf.get(account) ?? []), bot]);

  /** Within a commit: what the newest word means for the handoff. Returns it where it changed. */
  function act(tables: Tables, handoff: Handoff, session: Session, known: KnownConversation): Handoff | null {
    const before = tables.handoffs.ledger(handoff.id);
    if (before === null) return null;
    const isLatest = tables.handoffs.lastOf(session.id)?.id === handoff.id;
    const mayReopen = isLatest && session.epoch === handoff.epoch + 1 && session.control !== "nobody";
    const after = heard(before, known, mayReopen);
    if (after === before) return null;
    const at = now();
    const { ledger, ...said } = follow(before, after, at);
    const due = { ...ledger, handoff: { ...ledger.handoff, dueAt: at, updatedAt: at } };
    keep(tables, before, due, at, { flows, ...said });
    return due.handoff;
  }

  /** Within a commit: keeps the newest word of a conversation, and acts on it. */
  function learn(tables: Tables, account: string, conversationId: string, word: Word) {
    const at = now();
    const before = tables.conversations.find(account, conversationId) ?? unheard(account, conversationId);
    const known = withWord(before, word, at);
    tables.conversations.save(known);
    const handoff = tables.handoffs.ofConversation(account, conversationId);
    const session =
      handoff === null
        ? tables.sessions.inConversation(conversationId, botsOf.get(account) ?? [])
        : tables.sessions.byId(handoff.sessionId);
    if (session === null) return { session, handoff, moved: null };
    if (handoff !== null) return { session, handoff, moved: act(tables, handoff, session, known) };
    const next = withWordOf(session, known);
    if (next.control !== session.control) tables.sessions.save(next, at);
    return { session, handoff, moved: null };
  }

  function told(handoff: Handoff | null): void {
    if (handoff === null) return;
    tellState(log, handoff);
    changed();
    start(handoff);
  }

  function take(tables: Tables, account: string, { id, wireType, event }: Pushed) {
    const at = now();
    const key = hashOf(account, SOURCE, id);
    if (tables.events.byKey(key) !== null) return { heard: "duplicate" as const, moved: null };
    const about = event === null ? null : learn(tables, account, event.conversationId, wordOf(event));
    const flow = about?.session == null ? undefined : flows.get(about.session.bot);
    const text = keptText(flow, event?.text);
    const { text: _, ...facts } = event ?? {};
    tables.events.add({
      key,
      contentKey: null,
      // Of a conversation that is no session's: nobody's.
      bot: about?.session?.bot ?? "",
      source: SOURCE,
      sessionId: about?.session?.id ?? null,
      eventId: id,
      type: event?.type ?? wireType,
      body: { ...facts, account, wireType, ...(text !== undefined && { text }) },
      outcome: event === null ? "ignored" : "accepted",
      rule: null,
      why: null,
      handoffId: about?.handoff?.id ?? null,
      message: null,
      occurredAt: event?.at ?? at,
      receivedAt: at,
    });
    if (event?.type === "agent.wrote" && about?.handoff != null && event.text !== undefined) {
      const handoff = about.moved ?? about.handoff;
      addCallback(tables, flows, "agent.message", handoff, at, { text: event.text, agent: agentOf(tables, handoff) });
    }
    return { heard: event === null ? ("ignored" as const) : ("accepted" as const), moved: about?.moved ?? null };
  }

  return {
    /** One push. Resolves once it is durable; a second one of the same content changes nothing. */
    async hear(account: string, pushed: Pushed): Promise<Heard> {
      const { heard: how, moved } = await record.commit((tables) => take(tables, account, pushed));
      told(moved);
      if (moved === null && pushed.event?.type === "agent.wrote") changed();
      return how;
    },

    /** What a look at the platform showed of a conversation. */
    async see(account: string, conversationId: string, word: Word): Promise<void> {
      const { moved } = await record.commit((tables) => learn(tables, account, conversationId, word));
      told(moved);
    },
  };
}
export type Hear = ReturnType<typeof createHear>;
