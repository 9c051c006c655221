/** Runs two versions of a flow over recorded chats, and tells where their decisions differ. Pure. */
import type { Event } from "../events/event.ts";
import { type Facts, factsOfNextRound, noFacts, withHandoff } from "../events/facts.ts";
import { decide, type Escalation } from "./decide.ts";
import type { Flow } from "./flow.ts";
import { eventIn, type RecordedHandoff, returnedBefore } from "./past/history.ts";

/** A round of a chat: what its bot reported until a handoff was opened, or all of it. */
export interface RecordedRound {
  epoch: number;
  /** Bodies of the bot's events after redaction, in their order. `receivedAt` is in milliseconds since the epoch. */
  events: readonly { body: unknown; receivedAt: number; rule: string | null }[];
}

export interface RecordedChat {
  bot: string;
  session: string;
  rounds: readonly RecordedRound[];
  handoffs: readonly RecordedHandoff[];
}

/** The first hand-over of a round; without one, its first refusal or suggestion. */
export type Outcome = Pick<Escalation, "course" | "reason" | "tags" | "priority" | "queue" | "message"> & {
  rule: string;
  event: Event["type"];
  /** When the event came, in milliseconds since the epoch. */
  at: number;
};

export interface ComparedRound {
  epoch: number;
  before: Outcome | null;
  after: Outcome | null;
  /** Fields of the outcome that differ; `moment`: another event leads to it. Empty if one of the two is null. */
  fields: ("course" | "reason" | "tags" | "priority" | "queue" | "message" | "moment")[];
  /** True: the changed flow would change the outcome. */
  isChanged: boolean;
  /** True: the current flow, run now, fires the rule that was recorded. Redaction and unknown hours can make it false. */
  isAsRecorded: boolean;
}

const FIELDS = ["course", "reason", "tags", "priority", "queue", "message"] as const;
const isHandOver = (course: Escalation["course"]): boolean => course === "now" || course === "defer";

interface Played {
  outcome: Outcome | null;
  /** The first rule that fired. */
  rule: string | null;
  facts: Facts;
}

/** Yields before each event. */
function* play(flow: Flow, chat: RecordedChat, round: RecordedRound, before: Facts): Generator<undefined, Played> {
  let facts = before;
  let first: Outcome | null = null;
  const returnedAt = returnedBefore(chat.handoffs, round.epoch, round.events[0]?.receivedAt ?? 0);
  for (const { body, receivedAt } of round.events) {
    yield;
    const event = eventIn(body);
    // Erasure leaves events without content.
    if (event === null) continue;
    const subject = { bot: chat.bot, session: chat.session, conversationId: null, returnedAt, facts };
    const decided = decide(flow, subject, event, receivedAt);
    facts = decided.facts;
    const { escalation } = decided;
    if (escalation === null) continue;
    const { course, reason, tags, priority, queue, message, rule } = escalation;
    const outcome: Outcome = {
      course,
      reason,
      tags,
      priority,
      queue,
      message,
      rule,
      event: event.type,
      at: receivedAt,
    };
    first ??= outcome;
    if (isHandOver(course)) return { outcome, rule: first.rule, facts: withHandoff(facts, receivedAt) };
  }
  return { outcome: first, rule: first?.rule ?? null, facts };
}

function fieldsThatDiffer(before: Outcome | null, after: Outcome | null): ComparedRound["fields"] {
  if (before === null || after === null) return [];
  const differ = FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return before.at === after.at && before.event === after.event ? differ : [...differ, "moment"];
}

/**
 * Runs both flows over a chat, round by round. Each counts what its own decisions leave. It yields before each event, so that its
 * caller may do other work in between.
 */
export function* comparingFlows(
  current: Flow,
  changed: Flow,
  chat: RecordedChat,
): Generator<undefined, ComparedRound[]> {
  let [now, then] = [noFacts, noFacts];
  const compared: ComparedRound[] = [];
  for (const round of chat.rounds) {
    const before = yield* play(current, chat, round, now);
    const after = yield* play(changed, chat, round, then);
    [now, then] = [factsOfNextRound(before.facts), factsOfNextRound(after.facts)];
    const fields = fieldsThatDiffer(before.outcome, after.outcome);
    compared.push({
      epoch: round.epoch,
      before: before.outcome,
      after: after.outcome,
      fields,
      isChanged: (before.outcome === null) !== (after.outcome === null) || fields.length > 0,
      isAsRecorded: before.rule === (round.events.find(({ rule }) => rule !== null)?.rule ?? null),
    });
  }
  return compared;
}

/** The same at one go. */
export function compareFlows(current: Flow, changed: Flow, chat: RecordedChat): ComparedRound[] {
  const comparing = comparingFlows(current, changed, chat);
  for (let step = comparing.next(); ; step = comparing.next()) if (step.done) return step.value;
}

export type ChangeKind = "handed over" | "not handed over" | "handed over otherwise" | "asked or refused otherwise";

/** The change of a round whose outcome would change. */
export function changeKindOf({ before, after }: Pick<ComparedRound, "before" | "after">): ChangeKind {
  const [was, would] = [before !== null && isHandOver(before.course), after !== null && isHandOver(after.course)];
  if (was && would) return "handed over otherwise";
  if (would) return "handed over";
  return was ? "not handed over" : "asked or refused otherwise";
}

const COURSES = {
  now: "",
  defer: "at opening",
  decline: "refused",
  limit: "had its most",
  suggest: "asks first",
} as const;

/** Renders the parts of an outcome that the customer and the agent would see. `fields`: those that differ from another one. */
export function describeOutcome(outcome: Outcome | null, fields: ComparedRound["fields"]): string {
  if (outcome === null) return "stays with the bot";
  const { course, reason, tags, priority, queue, message, at } = outcome;
  const all = {
    course: COURSES[course],
    reason,
    tags: `tags ${tags.join(" ") || "none"}`,
    priority,
    queue: `queue ${queue ?? "by the account's rules"}`,
    message: `“${message ?? ""}”`,
    moment: `at ${new Date(at).toISOString()}`,
  };
  const own = fields.length === 0 ? (["course", "reason"] as const) : fields;
  const wanted = own.map((field) => all[field]).filter((text) => text !== "");
  return wanted.length === 0 ? reason : wanted.join(", ");
}

/** Finds the flow in place that a changed flow would replace. */
export const flowToReplace = (flows: readonly Flow[], changed: Flow): Flow | undefined =>
  flows.find(({ name }) => name === changed.name) ??
  flows.find(({ bots }) => bots.some((bot) => changed.bots.includes(bot)));
