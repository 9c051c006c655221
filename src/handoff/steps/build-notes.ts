/** Builds the agent's notes, in the commit that sends them: all words until then. */

import type { Flows } from "../../escalation/flow.ts";
import { furtherNotesOf, notesOf } from "../../escalation/text/context.ts";
import { type NoteSettings, noteSettingsOf } from "../../escalation/text/note.ts";
import { isOfChat, type Line, linesOf, openingOf, type Told } from "../../escalation/text/transcript.ts";
import type { HandoffRequested } from "../../events/event.ts";
import { noFacts } from "../../events/facts.ts";
import { NOTE_MAX } from "../../infobip/schema.ts";
import type { Handoff, Ledger, Step } from "../../model/handoff.ts";
import type { Tables } from "../../store/store.ts";
import type { WordsOf } from "../../store/tables/words.ts";
import { isUnwritten } from "../ledger/later-words.ts";
import { conversationOf } from "../ledger/queries.ts";
import { newStep, nextPosition } from "../ledger/step-edits.ts";

/** Newest events of a chat in a note; the others are counted. */
const NEWEST = 1_000;
/** Events in one further note. */
const BATCH = 200;
/** Enough events before a fallback to find the message that it is about. */
const FEW = 5;
/** Sources of chats on the platform's own channels, for a conversation whose channel is unknown. */
const OF_PLATFORM = new Set(["answers", "flow", "infobip-bot"]);
const NO_CHANNEL = "NO_CHANNEL";

interface Written {
  tables: Tables;
  flows: Flows;
  now: number;
}

/** Settings for a bot without a flow: nothing is redacted, since that was done when it was recorded. */
const OF_NO_FLOW: NoteSettings = {
  enabled: true,
  transcript: true,
  contact: true,
  maxMessages: 50,
  redact: [],
  phonesOf: [],
};

function noteOf(flows: Flows, { bot }: Handoff): NoteSettings {
  const flow = flows.get(bot);
  return flow === undefined ? OF_NO_FLOW : noteSettingsOf(flow);
}

function toldOf({ id }: Handoff, words: readonly WordsOf[]): Told[] {
  const opener = words.find(({ handoffId }) => handoffId === id)?.seq;
  return words.map(({ seq, event, handoffId }) => {
    const request = seq === opener ? "opener" : handoffId === id ? "again" : "before";
    return { seq, of: event, request };
  });
}

/** True if the agent sees what the customer writes; null: Baton has to look it up. */
function isOnChannel(tables: Tables, { handoff, steps }: Ledger, words: readonly WordsOf[]): boolean | null {
  const step = steps.find(({ arguments: args }) => args.kind === "conversation");
  if (step?.arguments.kind !== "conversation" || step.arguments.adopt === null) return false;
  const channel = conversationOf(steps)?.channel ?? null;
  if (channel !== null) return channel !== NO_CHANNEL;
  const opener = words.find(({ handoffId }) => handoffId === handoff.id);
  return (opener !== undefined && OF_PLATFORM.has(opener.source)) || isWrittenTo(tables, handoff) || null;
}

/** True if the platform reported messages of the customer in it. */
const isWrittenTo = (tables: Tables, { account, conversationId }: Handoff): boolean =>
  conversationId !== null && (tables.conversations.find(account, conversationId)?.customerMessages ?? 0) > 0;

/** Puts pages into their existing steps, and further ones into new steps. */
function withPages(steps: readonly Step[], pages: readonly string[], now: number): Step[] {
  const place = new Map(
    steps.flatMap((step) => (step.arguments.kind === "note" ? [[step.arguments.part, step.position] as const] : [])),
  );
  const written = steps.map((step): Step => {
    const args = step.arguments;
    if (args.kind !== "note") return step;
    const content = pages[args.part - 1];
    if (content === undefined) return step;
    return { ...step, state: "ready", nextAt: now, arguments: { ...args, content } };
  });
  const further = pages.flatMap((content, index) => (place.has(index + 1) ? [] : [{ content, part: index + 1 }]));
  const first = nextPosition(steps);
  return [
    ...written,
    ...further.map(({ content, part }, index) =>
      newStep(first + index, `note:${part}`, { kind: "note", content, part }, now),
    ),
  ];
}

function withOpening({ tables, flows, now }: Written, ledger: Ledger): Ledger {
  const { handoff, steps } = ledger;
  const note = noteOf(flows, handoff);
  const session = tables.sessions.byId(handoff.sessionId);
  const { words, total, last } = tables.events.newestWords(handoff, NEWEST);
  const told = toldOf(handoff, words);
  const opener = told.find(({ request }) => request === "opener")?.of;
  const request: Partial<HandoffRequested> = opener?.type === "handoff.requested" ? opener : {};
  const lines = openingOf(told, handoff.routedBy !== "answers");
  const unread = total - words.length + (request.transcriptLeftOut ?? 0);
  const pages = notesOf(
    note,
    {
      bot: handoff.bot,
      session: handoff.session,
      reason: handoff.reason,
      conversationId: handoff.conversationId,
      facts: session?.facts ?? noFacts,
    },
    request,
    { lines, leftOut: unread },
    handoff.token,
    NOTE_MAX,
  );
  return {
    handoff: { ...handoff, toldUntil: last, wordsAt: null, onChannel: isOnChannel(tables, ledger, words) },
    steps: withPages(steps, pages, now),
  };
}

/**
 * Lines of `batch`, and the earlier words of sessions that joined with it. The rest of the round shows which lines of a
 * transcript are new.
 */
function linesOfBatch(
  { tables }: Written,
  handoff: Handoff,
  batch: readonly WordsOf[],
  earlier: readonly WordsOf[],
): Line[] {
  const first = batch[0]?.seq ?? Number.MAX_SAFE_INTEGER;
  const news = new Set([...earlier, ...batch].map(({ seq }) => seq));
  const isEndShown = handoff.routedBy !== "answers";
  const hasTranscript = batch.some(({ event }) => event.type === "handoff.requested" && event.transcript !== undefined);
  // A fallback is about the message before it, which an earlier note may have.
  const before = tables.events
    .wordsUntil(handoff, first - 1, hasTranscript ? NEWEST : FEW)
    .filter(({ seq }) => !news.has(seq));
  const known = before.map(({ seq, event, handoffId }): Told => {
    const isOpener = handoffId === handoff.id && !before.some((it) => it.handoffId === handoffId && it.seq < seq);
    return { seq, of: event, request: isOpener ? "opener" : "before" };
  });
  const isEarlier = new Set(earlier.map(({ seq }) => seq));
  const fresh = [...earlier, ...batch]
    .toSorted((a, b) => a.occurredAt - b.occurredAt || a.seq - b.seq)
    .map(({ seq, event }): Told => ({ seq, of: event, request: isEarlier.has(seq) ? "before" : "again" }));
  return linesOf([...known, ...fresh], isEndShown)
    .filter(({ seq }) => news.has(seq))
    .map(({ of }) => of);
}

function withFurther(written: Written, { handoff, steps }: Ledger): Ledger {
  const { tables, flows, now } = written;
  const note = noteOf(flows, handoff);
  const step = steps.find(({ arguments: args }) => args.kind === "words");
  if (step?.arguments.kind !== "words" || handoff.toldUntil === null) return { handoff, steps };
  const waiting = tables.events.wordsAfter(handoff, handoff.toldUntil, BATCH);
  const isChatShown = note.transcript && handoff.onChannel !== true && !isWrittenTo(tables, handoff);
  const batch = step.arguments.batch + 1;
  const after = handoff.toldUntil;
  const { lost } = step.arguments;
  for (let count = waiting.length; ; count = Math.ceil(count / 2)) {
    const taken = waiting.slice(0, count);
    const isAll = count === waiting.length && waiting.length < BATCH;
    const end = taken.at(-1)?.seq ?? after;
    // A session may have come by an event without words, after the last ones.
    const newcomers = tables.events.wordsOfNewcomers(handoff, after, isAll ? Number.MAX_SAFE_INTEGER : end, NEWEST);
    // Leaves out the words themselves if the flow keeps none, or if the agent sees them anyway.
    const lines = linesOfBatch(written, handoff, taken, newcomers.words).filter(
      (line) => note.enabled && (isChatShown || !isOfChat(line)),
    );
    const said = { lines, leftOut: 0, lost };
    const token = `${handoff.token}/${batch}`;
    const { pages, isWhole } = furtherNotesOf(note, handoff.bot, said, token, NOTE_MAX);
    if (!isWhole && count > 1) continue;
    const told = { ...handoff, toldUntil: Math.max(end, newcomers.last), wordsAt: isAll ? null : now };
    const withStep = (next: Step): Ledger => ({ handoff: told, steps: steps.map((it) => (it === step ? next : it)) });
    if (lines.length > 0) {
      return withStep({ ...step, nextAt: now, arguments: { kind: "words", pages, batch, after, lost } });
    }
    // The agent sees all of it already.
    return isAll ? withStep({ ...step, state: "done" }) : withFurther(written, { handoff: told, steps });
  }
}

/** Writes the content of a note that is due into the ledger. */
export function withNotes(written: Written, ledger: Ledger, due: Step): Ledger {
  if (!isUnwritten(due)) return ledger;
  return due.arguments.kind === "note" ? withOpening(written, ledger) : withFurther(written, ledger);
}
