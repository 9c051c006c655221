import type { Event, HandoffRequested, Priority } from "../events/event.ts";
import type { Facts } from "../events/facts.ts";
import { conditionsSeen, type SeenCondition, type Situation } from "./condition.ts";
import { type Condition, type Flow, REQUESTED, type Rule } from "./flow.ts";
import { isWorking, type KnownHours, nothingKnown } from "./hours.ts";
import { isTagName } from "./tag.ts";
import { render } from "./template.ts";

/** The session that an event belongs to, as the rules see it. */
export interface Subject {
  bot: string;
  session: string;
  conversationId: string | null;
  facts: Facts;
}

export interface Escalation {
  rule: string;
  reason: string;
  tags: string[];
  priority: Priority;
  queue: string | null;
  /** Handed over now, or at opening, or not at all because nobody is there. */
  course: "now" | "defer" | "decline";
  /** For the customer, rendered. */
  message: string | null;
  /** Fields that the bot asked for and the flow or the platform does not accept. */
  leftOut: { tags: string[]; queue: string | null; priority: Priority | null };
  /** The conditions that held. */
  why: SeenCondition[];
}

/** Somebody asked for a person in so many words: where no rule of the flow covers that, this one does. */
export const requestedRule: Rule = {
  name: REQUESTED,
  reason: REQUESTED,
  when: [{ event: ["handoff.requested"] }],
  tags: [],
};

/**
 * A session's attributes beyond this many forget the oldest: a bot that invents names must not grow a row for ever.
 * Names that are whole numbers count as the oldest, since JavaScript puts such keys first.
 */
const MAX_ATTRIBUTES = 200;

const mergedAttributes = (known: Facts["attributes"], told: Event["attributes"]): Facts["attributes"] => {
  if (told === undefined) return known;
  const merged = new Map(Object.entries(known));
  for (const [name, value] of Object.entries(told)) {
    merged.delete(name);
    if (value !== null) merged.set(name, value);
  }
  return Object.fromEntries([...merged].slice(-MAX_ATTRIBUTES));
};

const mergedCustomer = (known: Facts["customer"], told: Facts["customer"] | undefined): Facts["customer"] =>
  told === undefined
    ? known
    : { ...known, ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) };

/** Tells whether an event shows that the bot understood its customer. */
function isUnderstood(flow: Flow, facts: Facts, event: Event): boolean {
  if (event.type === "bot.message") return facts.isAnswerable;
  const confidence = event.type === "customer.message" ? event.intent?.confidence : undefined;
  return confidence !== undefined && confidence >= flow.confidentFrom;
}

/** True: an answer of the bot would show that it understood. */
function isAnswerable({ isAnswerable: was }: Facts, { type }: Event): boolean {
  switch (type) {
    case "customer.message":
      return true;
    case "bot.message":
    case "bot.fallback":
    case "bot.error":
    case "session.started":
      return false;
    case "handoff.requested":
    case "session.ended":
      return was;
  }
}

/** The facts of a round with one more event. */
export function withEvent(flow: Flow, facts: Facts, event: Event): Facts {
  const isReset = event.type === "session.started" || isUnderstood(flow, facts, event);
  return {
    ...facts,
    customer: mergedCustomer(facts.customer, event.customer),
    attributes: mergedAttributes(facts.attributes, event.attributes),
    language: event.language ?? facts.language,
    channel: event.channel ?? facts.channel,
    fallbacks: isReset ? 0 : facts.fallbacks + (event.type === "bot.fallback" ? 1 : 0),
    errors: isReset ? 0 : facts.errors + (event.type === "bot.error" ? 1 : 0),
    isAnswerable: isAnswerable(facts, event),
  };
}

/** The conditions that a `when` saw, all holding; null as soon as one does not. */
function held(condition: Condition, situation: Situation): SeenCondition[] | null {
  // Most conditions are for other events: no need to go through their keys.
  if (condition.event?.includes(situation.event.type) === false) return null;
  const all: SeenCondition[] = [];
  for (const seen of conditionsSeen(condition, situation)) {
    if (!seen.held) return null;
    all.push(seen);
  }
  return all;
}

const accepted = <T>(wanted: T | undefined, allowed: readonly T[] | undefined): T | undefined =>
  wanted === undefined || allowed === undefined || allowed.includes(wanted) ? wanted : undefined;

function escalationOf(rule: Rule, why: SeenCondition[], subject: Subject, situation: Situation): Escalation {
  const { flow, event, now, known } = situation;
  const request: Partial<HandoffRequested> = event.type === "handoff.requested" ? event : {};
  const priority = accepted(request.priority, flow.accept.priorities);
  const queue = accepted(request.queue, flow.accept.queues);
  const isAccepted = (tag: string): boolean => isTagName(tag) && (flow.accept.tags?.includes(tag) ?? true);
  const asked = request.tags ?? [];
  const tags = new Set([...flow.tags, ...rule.tags, ...asked.filter(isAccepted)]);
  const outside = isWorking(flow.hours, now, known) ? undefined : flow.outsideHours;
  const course = outside === undefined || outside.do === "queue" ? "now" : outside.do;
  const { message: outsideMessage = [] } = outside ?? {};
  // A text that declines or defers never falls back to one that speaks of a transfer.
  const messages =
    course === "now" ? [...outsideMessage, ...(rule.message ?? []), ...(flow.message ?? [])] : outsideMessage;
  const view = { ...subject, reason: rule.reason };
  return {
    rule: rule.name,
    reason: rule.reason,
    tags: [...tags],
    priority: priority ?? rule.priority ?? flow.conversation.priority,
    queue: queue ?? rule.queue ?? flow.conversation.queue ?? null,
    course,
    message: messages.length === 0 ? null : render(messages, view, flow.note),
    leftOut: {
      tags: [...new Set(asked)].filter((tag) => !tags.has(tag)),
      queue: queue === undefined ? (request.queue ?? null) : null,
      priority: priority === undefined ? (request.priority ?? null) : null,
    },
    why,
  };
}

/** Decides about an event of a session whose bot is in control: returns the new facts, and the handoff that it calls for, if any. */
export function decide(
  flow: Flow,
  subject: Subject,
  event: Event,
  now: number,
  known: KnownHours = nothingKnown,
): { facts: Facts; escalation: Escalation | null } {
  const facts = withEvent(flow, subject.facts, event);
  const situation: Situation = { flow, facts, event, now, known };
  for (const rule of [...flow.rules, requestedRule]) {
    for (const condition of rule.when) {
      const why = held(condition, situation);
      if (why !== null) return { facts, escalation: escalationOf(rule, why, { ...subject, facts }, situation) };
    }
  }
  return { facts, escalation: null };
}
