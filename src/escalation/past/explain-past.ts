/** Explains one recorded event of the past, with the facts that its session had then as far as the record holds them. Pure. */
import type { Event } from "../../events/event.ts";
import { type Facts, factsOfNextRound, noFacts, withHandoff } from "../../events/facts.ts";
import { type Escalation, withEvent } from "../decide.ts";
import { type ExplainedRule, explain } from "../explain.ts";
import type { Flow } from "../flow.ts";
import { isSchedule } from "../hours.ts";
import { signsOfHidden } from "../redaction/find.ts";
import { eventIn, type RecordedEvent, type RecordedHandoff, returnedBefore, type SessionHistory } from "./history.ts";

/** Reasons why the decision may come out otherwise than it did. */
export type PastLimit =
  | "no-words"
  | "redacted"
  | "earlier-forgotten"
  | "handoff-open"
  | "hours-unknown"
  | "rule-is-gone"
  | "decided-otherwise";

export interface ExplainedPast {
  recorded: Pick<RecordedEvent, "seq" | "id" | "receivedAt" | "rule" | "handoffId">;
  event: Event;
  /** The flow as it is now, over the facts of then with the event. */
  rules: ExplainedRule[];
  escalation: Escalation | null;
  facts: Facts;
  /** True: the flow as it is now fires the rule that was recorded. */
  isAsRecorded: boolean;
  limits: PastLimit[];
}

const LIMITS: Record<PastLimit, string> = {
  "no-words": "The record has no words of this event, so no rule finds a phrase in it.",
  redacted:
    "The record holds what redaction left of its words: a rule that looked for what is hidden does not find it.",
  "earlier-forgotten":
    "Earlier events of this session are no longer recorded: counters, attributes and earlier handoffs may be incomplete.",
  "handoff-open":
    "A handoff was open. While an agent has the customer the rules are asked about requests alone; before, what they find joins it.",
  "hours-unknown": "The record does not hold Infobip's working hours of then: they count as open.",
  "rule-is-gone": "The rule that fired then is no longer in the flow.",
  "decided-otherwise": "The flow has changed since, or the record lacks what a rule looked at.",
};
export const describeLimit = (limit: PastLimit): string => LIMITS[limit];

const isIn = (epoch: number | null, { epoch: other }: RecordedEvent): boolean =>
  epoch === null || other === null || epoch === other;

/** A handoff that an earlier event opened. Events of one delivery have one time, so their order counts. */
function isOpenedBefore({ id, openedAt }: RecordedHandoff, events: readonly RecordedEvent[], index: number): boolean {
  const opener = events.findIndex(({ handoffId }) => handoffId === id);
  return opener === -1 ? openedAt < (events[index]?.receivedAt ?? 0) : opener < index;
}

/** The facts of a session before an event: each event adds to them, each round begins anew. */
function factsBefore(flow: Flow, { events, handoffs }: SessionHistory, index: number): Facts {
  const opened = handoffs.filter((it) => isOpenedBefore(it, events, index)).map(({ openedAt }) => openedAt);
  let facts = opened.sort((a, b) => a - b).reduce(withHandoff, noFacts);
  let epoch: number | null = null;
  for (const recorded of events.slice(0, index + 1)) {
    if (!isIn(epoch, recorded)) facts = factsOfNextRound(facts);
    epoch = recorded.epoch ?? epoch;
    const event = recorded === events[index] ? null : eventIn(recorded.body);
    if (event !== null) facts = withEvent(flow, facts, event, recorded.receivedAt);
  }
  return facts;
}

const wordsOf = (event: Event): string | undefined => {
  switch (event.type) {
    case "customer.message":
    case "bot.message":
    case "bot.fallback":
      return event.text;
    case "handoff.requested":
      return [event.reason, event.summary, ...(event.transcript ?? []).map(({ text }) => text)].join("\n");
    case "bot.error":
      return event.error;
    case "session.started":
    case "session.ended":
      return undefined;
  }
};

/** Explains the event of this index; null: there is none, or the record no longer holds what it said. */
export function explainPast(flow: Flow, history: SessionHistory, index: number): ExplainedPast | null {
  const { bot, session, events, handoffs, createdAt } = history;
  const recorded = events[index];
  const event = recorded === undefined ? null : eventIn(recorded.body);
  if (recorded === undefined || event === null) return null;
  const { seq, id, receivedAt, rule, handoffId } = recorded;

  const epoch = recorded.epoch ?? history.now.epoch;
  // A round lasts until its handoff is over. A handoff of another session was open when this one joined it.
  const isOpen =
    handoffs.some((it) => it.epoch === epoch && isOpenedBefore(it, events, index)) ||
    (handoffId !== null && !handoffs.some((it) => it.id === handoffId));
  const began = events.find((it) => it.epoch === recorded.epoch)?.receivedAt ?? receivedAt;
  const subject = {
    ...{ bot, session, conversationId: event.conversationId ?? null, isOpen },
    returnedAt: returnedBefore(handoffs, epoch, began),
    facts: factsBefore(flow, history, index),
  };
  const { facts, rules, escalation } = explain(flow, subject, event, receivedAt);

  const isAsRecorded = (escalation?.rule ?? null) === rule;
  const words = wordsOf(event);
  const isKnownRule = rule === null || [...rules.map((it) => it.rule), escalation?.rule].includes(rule);
  const { hours } = flow;
  const limits: [PastLimit, boolean][] = [
    ["no-words", words === "" && event.type !== "handoff.requested"],
    ["redacted", words !== undefined && signsOfHidden(flow.note).some((sign) => words.includes(sign))],
    ["earlier-forgotten", createdAt < (events[0]?.receivedAt ?? 0)],
    ["handoff-open", isOpen],
    ["hours-unknown", hours !== undefined && !isSchedule(hours)],
    ["rule-is-gone", !isKnownRule],
    ["decided-otherwise", !isAsRecorded && isKnownRule && !isOpen],
  ];
  return {
    recorded: { seq, id, receivedAt, rule, handoffId },
    ...{ event, rules, escalation, facts, isAsRecorded },
    limits: limits.flatMap(([limit, holds]) => (holds ? [limit] : [])),
  };
}
