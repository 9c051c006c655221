/** Invariant 21: the customer's words in a round reach the agent, once and in order. */
import type { Conversation } from "../../src/emulator/state/state.ts";
import type { Ledger } from "../../src/model/handoff.ts";
import type { FinalState } from "./final-checker.ts";
import { EVERY } from "./history.ts";
import { type Violation, writeOf } from "./invariants.ts";
import { WORDS } from "./scenario.ts";

interface Said {
  words: string;
  /** Its position among the events of its session. */
  place: number;
  at: number;
}

const wordsIn = (text: string): string[] => text.match(WORDS) ?? [];

/** Words of a session from the start of the round in which it requested or joined a handoff to the end of that round. */
function saidIn({ handoff }: Ledger, sessionId: number, { record, history }: FinalState): Said[] {
  const { events } = record.read((tables) => tables.events.page(sessionId, 0, EVERY));
  const asked = events.findIndex(({ handoffId }) => handoffId === handoff.id);
  if (asked === -1 && sessionId !== handoff.sessionId) return [];
  const marks = events.flatMap(({ type }, place) => (/^session\./.test(type) ? [place] : []));
  const rounds = history.roundsOf(sessionId).map((last) => events.filter(({ seq }) => seq <= last).length);
  const begun = [...marks, ...rounds].filter((place) => place <= asked);
  const from = Math.max(0, ...begun);
  const to = marks.find((place) => place > asked) ?? events.length;
  return events.slice(from, to).flatMap(({ type, body, occurredAt }, index) => {
    if (type !== "customer.message") return [];
    return wordsIn(body).map((words) => ({ words, place: from + index, at: occurredAt }));
  });
}

/** Notes of a conversation, each once, in the order in which they first left. */
function notesOf({ id, notes }: Conversation, { exchanges }: FinalState): string[] {
  const there = new Set(notes.map(({ content }) => String(content)));
  const sent = exchanges.flatMap((one) =>
    writeOf(one) === "createNote" && one.conversationId === id ? [String(one.body.content)] : [],
  );
  return [...new Set(sent)].filter((content) => there.has(content));
}

/** Invariant 25: a note holds only words of its own bot's sessions. */
function checkOwnWords({ handoff }: Ledger, rest: FinalState, violate: (violation: Violation) => void): void {
  const { record, exchanges } = rest;
  for (const one of exchanges) {
    const content = String(one.body.content);
    if (writeOf(one) !== "createNote" || !content.includes(`[${handoff.token}`)) continue;
    for (const [words, session] of content.matchAll(/\bword-(s\d+)-n\d+x\b/g)) {
      const isOwn = record.read((tables) => tables.sessions.find(handoff.bot, session ?? "")) !== null;
      if (!isOwn) violate({ invariant: 25, what: `handoff ${handoff.id}: its note says ${words}, of another bot's` });
    }
  }
}

/** Checks the words of one session in the notes. */
function checkShown(
  said: readonly Said[],
  shown: readonly { words: string; note: number }[],
  { isMade, hasTwoClocks }: { isMade: boolean; hasTwoClocks: boolean },
  fail: (what: string) => void,
): void {
  for (const { words } of said) {
    const times = shown.filter((one) => one.words === words).length;
    if (times > 1) fail(`${words} is shown ${times} times`);
    // The agent reads later words where the customer wrote them, on a channel of the platform.
    if (times === 0 && isMade) fail(`${words} never reached the agent`);
  }
  const inOrder = shown.flatMap(({ words, note }) =>
    said.filter((one) => one.words === words).map((one) => ({ ...one, note })),
  );
  for (const [index, later] of inOrder.entries()) {
    const earlier = inOrder[index - 1];
    if (earlier === undefined) continue;
    const isByTime = earlier.at < later.at || (earlier.at === later.at && earlier.place < later.place);
    // A late event may be older than words that were sent already.
    const isByArrival = earlier.place < later.place && (earlier.note < later.note || hasTwoClocks);
    if (!isByTime && !isByArrival) fail(`${later.words} is shown after ${earlier.words}, and was said before`);
  }
}

export function checkWords(
  rest: FinalState,
  ledgers: readonly Ledger[],
  violate: (violation: Violation) => void,
): void {
  const { state, history } = rest;
  for (const ledger of ledgers) {
    const { handoff, steps } = ledger;
    checkOwnWords(ledger, rest, violate);
    const fail = (what: string): void => violate({ invariant: 21, what: `handoff ${handoff.id}: ${what}` });
    const own = state.conversations.get(handoff.conversationId ?? "");
    const isOpen = handoff.state === "routed" || handoff.state === "assigned";
    // A handoff that was given back and opened again is between two rounds.
    const wasBack = history.of(handoff.id).some((one) => one.state === "returned");
    // Baton leaves out a note that the platform refuses for good, and reports it.
    const isRefused = steps.some(
      ({ arguments: args, state: stepState }) => args.kind === "note" && stepState === "refused",
    );
    if (own === undefined || own.status === "CLOSED" || !isOpen || wasBack || isRefused) continue;
    const notes = notesOf(own, rest);
    const shown = notes.flatMap((content, note) => wordsIn(content).map((words) => ({ words, note })));
    const isMade = steps.some(({ arguments: args }) => args.kind === "conversation" && args.adopt === null);
    const followers = rest.record.read((tables) => tables.sessions.followersOf(handoff.id));
    for (const sessionId of [handoff.sessionId, ...followers.map(({ id }) => id)]) {
      checkShown(saidIn(ledger, sessionId, rest), shown, { isMade, hasTwoClocks: rest.hasTwoClocks }, fail);
    }
  }
}
