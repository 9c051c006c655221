import type { Event, HandoffRequested, Priority } from "../events/event.ts";
import type { Facts } from "../events/facts.ts";
import { TOO_MANY } from "./at-most.ts";
import { type CheckedCondition, checkConditions, type Situation } from "./conditions/check-conditions.ts";
import { checkLimit } from "./conditions/check-limit.ts";
import type { Condition } from "./conditions/schema.ts";
import type { Flow } from "./flow.ts";
import { isWorking, type KnownHours, nothingKnown } from "./hours.ts";
import { type Absence, absenceOf, REQUESTED, type Rule } from "./rule.ts";
import { hasPlaceholder, isTagName, renderTag } from "./tag.ts";
import { render } from "./text/template.ts";
import { textsFor } from "./text/text-schema.ts";

/** The session of an event, for the rules. */
export interface Subject {
  bot: string;
  session: string;
  conversationId: string | null;
  /** Time at which the bot last got its customer back; null: never. */
  returnedAt?: number | null;
  /** True: a handoff of the session is open, so that the event opens no further one. */
  isOpen?: boolean;
  facts: Facts;
}

export interface Escalation {
  rule: string;
  reason: string;
  tags: string[];
  priority: Priority;
  queue: string | null;
  /**
   * `now`: hand over now. `defer`: at opening. `decline`: not at all, since no agent is available. `limit`: not at all, since
   * the session had its most handoffs. `suggest`: the bot asks its customer first.
   */
  course: "now" | "defer" | "decline" | "limit" | "suggest";
  /** Rendered text for the customer. */
  message: string | null;
  /** Fields that the bot asked for and the flow or the platform does not accept. */
  leftOut: { tags: string[]; queue: string | null; priority: Priority | null };
  /** Conditions that matched. */
  why: CheckedCondition[];
}

/** Rule for an explicit request of a person that no rule of the flow covers. */
export const requestedRule: Rule = {
  name: REQUESTED,
  reason: REQUESTED,
  do: "hand-over",
  when: [{ event: ["handoff.requested"] }],
  tags: [],
};

/**
 * A session keeps this many attributes and forgets the oldest: a bot that invents names must not grow a row for ever. Names that
 * are whole numbers count as the oldest, since JavaScript puts such keys first.
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

/** Adds an event, received at `now`, to the facts of a round. */
export function withEvent(flow: Flow, facts: Facts, event: Event, now: number): Facts {
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
    messages: facts.messages + (event.type === "customer.message" ? 1 : 0),
    startedAt: facts.startedAt ?? now,
  };
}

/** Lists every key of a condition with its value; null as soon as one does not match. */
function matchAll(condition: Condition, situation: Situation): CheckedCondition[] | null {
  // Most conditions are for other events: their keys need no look.
  if (condition.event?.includes(situation.event.type) === false) return null;
  const all: CheckedCondition[] = [];
  for (const seen of checkConditions(condition, situation)) {
    if (!seen.held) return null;
    all.push(seen);
  }
  return all;
}

function matchAny(conditions: readonly Condition[], situation: Situation): CheckedCondition[] | null {
  for (const condition of conditions) {
    const seen = matchAll(condition, situation);
    if (seen !== null) return seen;
  }
  return null;
}

/** True if a rule applies to an event: a request for a person answers a suggestion, and is no reason for one. */
export const isFor = (rule: Rule, event: Event): boolean => rule.do !== "suggest" || event.type !== "handoff.requested";

/** Conditions by which a rule matches; null: it does not. */
function reasonsOf(rule: Rule, situation: Situation): CheckedCondition[] | null {
  if (!isFor(rule, situation.event)) return null;
  const why = matchAny(rule.when, situation);
  return why === null || (rule.unless !== undefined && matchAny(rule.unless, situation) !== null) ? null : why;
}

/** A subject and its event as conditions see them. `facts` count the event. */
export const situationOf = (
  flow: Flow,
  { bot, session, returnedAt = null }: Subject,
  facts: Facts,
  event: Event,
  now: number,
  known: KnownHours,
): Situation => ({ flow, bot, session, returnedAt, facts, event, now, known });

const accepted = <T>(wanted: T | undefined, allowed: readonly T[] | undefined): T | undefined =>
  wanted === undefined || allowed === undefined || allowed.includes(wanted) ? wanted : undefined;

const queueOf = ({ queues }: Flow, situation: Situation): string | undefined =>
  queues.find(({ when }) => matchAny(when, situation) !== null)?.queue;

type OutsideHours = Absence["outsideHours"];

function courseOf(rule: Rule, outside: OutsideHours, isLimited: boolean): Escalation["course"] {
  if (isLimited) return "limit";
  if (rule.do === "suggest" && outside?.do !== "decline") return "suggest";
  return outside === undefined || outside.do === "queue" ? "now" : outside.do;
}

function escalationOf(rule: Rule, why: CheckedCondition[], subject: Subject, situation: Situation): Escalation {
  const { flow, event, now, known } = situation;
  const request: Partial<HandoffRequested> = event.type === "handoff.requested" ? event : {};
  const priority = accepted(request.priority, flow.accept.priorities);
  const queue = accepted(request.queue, flow.accept.queues);
  const isAccepted = (tag: string): boolean => isTagName(tag) && (flow.accept.tags?.includes(tag) ?? true);
  const asked = request.tags ?? [];
  const declared = [...flow.tags, ...rule.tags].flatMap((tag) =>
    hasPlaceholder(tag) ? (renderTag(tag, subject.facts, flow.note) ?? []) : tag,
  );
  const tags = new Set([...declared, ...asked.filter(isAccepted)]);
  const { outsideHours } = absenceOf(flow, rule.name);
  const outside = isWorking(flow.hours, now, known) ? undefined : outsideHours;
  const limit = subject.isOpen === true ? null : checkLimit(flow.atMost, subject.facts, now);
  const course = courseOf(rule, outside, limit !== null);
  const texts = (of: Rule["message"]): readonly string[] => textsFor(of, subject.facts.language, flow.language);
  // A text that asks, declines or defers never falls back to one that speaks of a transfer.
  const messages = {
    suggest: texts(rule.message),
    limit: texts(flow.atMost.message),
    decline: texts(outside?.message),
    defer: texts(outside?.message),
    now: [...texts(outside?.message), ...texts(rule.message), ...texts(flow.message)],
  }[course];
  const reason = limit === null ? rule.reason : TOO_MANY;
  const view = { ...subject, reason };
  return {
    rule: limit === null ? rule.name : TOO_MANY,
    reason,
    tags: [...tags],
    priority: priority ?? rule.priority ?? flow.conversation.priority,
    queue: queue ?? rule.queue ?? queueOf(flow, situation) ?? flow.conversation.queue ?? null,
    course,
    message: messages.length === 0 ? null : render(messages, view, flow.note),
    leftOut: {
      tags: [...new Set(asked)].filter((tag) => !tags.has(tag)),
      queue: queue === undefined ? (request.queue ?? null) : null,
      priority: priority === undefined ? (request.priority ?? null) : null,
    },
    why: limit === null ? why : [...why, limit],
  };
}

/** Decides about an event of a session whose bot is in control: returns the new facts, and the escalation, if any. */
export function decide(
  flow: Flow,
  subject: Subject,
  event: Event,
  now: number,
  known: KnownHours = nothingKnown,
): { facts: Facts; escalation: Escalation | null } {
  const facts = withEvent(flow, subject.facts, event, now);
  const situation = situationOf(flow, subject, facts, event, now, known);
  for (const rule of [...flow.rules, requestedRule]) {
    const why = reasonsOf(rule, situation);
    if (why === null) continue;
    const escalation = escalationOf(rule, why, { ...subject, facts }, situation);
    // The bot does not ask customers whether they want what they already wait for.
    return { facts, escalation: escalation.course === "suggest" && subject.isOpen === true ? null : escalation };
  }
  return { facts, escalation: null };
}
