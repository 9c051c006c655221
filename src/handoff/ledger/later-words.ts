/** What is said after the ask, and how it reaches the agent: when, and in which of a ledger's steps. Pure. */
import type { Event } from "../../events/event.ts";
import type { Handoff, Ledger, Step } from "../../model/handoff.ts";
import { newStep } from "./plan.ts";
import { nextPosition } from "./transitions/apply-no-agent.ts";

/** Somebody who writes in several messages is read in one note; an agent waits no longer than that for it. */
const BATCH_MS = 2_000;
/** More notes than this for one that is not routed yet do not keep its customer waiting. */
const BATCHES_BEFORE_ROUTE = 3;
const NAME = "note:further";

type Words = Extract<Step["arguments"], { kind: "words" }>;

/** Whether an event says something that the agent does not see by themselves. */
function isNews({ type }: Event, { onChannel, routedBy }: Handoff): boolean {
  switch (type) {
    case "customer.message":
    case "bot.message":
    case "bot.fallback":
      return onChannel !== true;
    case "handoff.requested":
      return true;
    case "session.ended":
      // The chatbot's own element ends its session when it passes the customer on.
      return routedBy !== "answers";
    case "bot.error":
    case "session.started":
      return false;
  }
}

/**
 * An open handoff with one more event of its session. The same where there is nothing to tell: no words, or a note that is
 * still to be written and will have them, or others that wait already.
 */
export function withWords(handoff: Handoff, event: Event, now: number): Handoff {
  if (handoff.toldUntil === null || !isNews(event, handoff)) return handoff;
  // A bot that asks, or ends its session, says all it has to say.
  const isWhole = event.type === "handoff.requested" || event.type === "session.ended";
  const isPrompt = handoff.state === "pending" || isWhole;
  const wordsAt = isPrompt ? now : now + BATCH_MS;
  if (handoff.wordsAt !== null && handoff.wordsAt <= wordsAt) return handoff;
  const updatedAt = Math.max(handoff.updatedAt, now);
  switch (handoff.state) {
    case "pending":
    case "routed":
    case "assigned":
      return { ...handoff, wordsAt, dueAt: Math.min(handoff.dueAt ?? wordsAt, wordsAt), updatedAt };
    case "deferred":
    case "parked":
      // They wait with the rest of it.
      return { ...handoff, wordsAt: now, updatedAt };
    case "returned":
    case "cancelled":
      return handoff;
  }
}

const isResting = ({ state }: Step): boolean => state === "done" || state === "refused" || state === "skipped";

/** A step of words as if none of it had been sent. */
export const freshWords = (step: Step, args: Words, nextAt: number): Step => ({
  ...step,
  arguments: args,
  state: "ready",
  sends: 0,
  firstSentAt: null,
  tries: 0,
  triesSince: null,
  sentAt: null,
  nextAt,
  result: null,
});

/** A ledger whose words that wait have a step: one for all of a handoff, which begins anew with each batch. */
export function withWordsStep({ handoff, steps }: Ledger): Ledger {
  const { wordsAt, toldUntil } = handoff;
  if (wordsAt === null || toldUntil === null) return { handoff, steps };
  const known = steps.find(({ arguments: args }) => args.kind === "words");
  if (known?.arguments.kind !== "words") {
    const args: Words = { kind: "words", pages: [], batch: 0, after: toldUntil, lost: 0 };
    return { handoff, steps: [...steps, newStep(nextPosition(steps), NAME, args, wordsAt)] };
  }
  const isWaiting = known.state === "ready" && known.tries === 0 && known.nextAt > wordsAt;
  if (!isResting(known) && !isWaiting) return { handoff, steps };
  const ready = freshWords(known, known.arguments, wordsAt);
  return { handoff, steps: steps.map((step) => (step === known ? ready : step)) };
}

/** A note whose content is put together when it is sent. */
export const isUnwritten = ({ arguments: args }: Step): boolean =>
  (args.kind === "note" && args.content === null) || (args.kind === "words" && args.pages.length === 0);

/** Said before the route, it is read before; but what fails once, or does not end, keeps nobody waiting. */
export const holdsRoute = ({ arguments: args, state, tries }: Step): boolean =>
  args.kind === "words" &&
  args.batch <= BATCHES_BEFORE_ROUTE &&
  ((state === "ready" && tries === 0) || (state === "sent" && tries === 1));

/** A page is written: the next one, or none. */
export function pageDone(step: Step, now: number): Step {
  if (step.arguments.kind !== "words") return step;
  const args = { ...step.arguments, pages: step.arguments.pages.slice(1), lost: 0 };
  return args.pages.length > 0
    ? freshWords(step, args, now)
    : { ...step, arguments: args, state: "done", result: { kind: "plain" } };
}

/** The agent sees the words that were to be told: what else there is in them is told in their place. */
export function seenByAgent({ handoff, steps }: Ledger, step: Step, now: number): Ledger {
  if (step.arguments.kind !== "words") return { handoff, steps };
  const done: Step = { ...step, arguments: { ...step.arguments, pages: [] }, state: "done" };
  return {
    handoff: { ...handoff, onChannel: true, toldUntil: step.arguments.after, wordsAt: now },
    steps: steps.map((it) => (it.position === step.position ? done : it)),
  };
}

/** A page that the platform does not take: the others go on, and the next note says that one is missing. */
export function pageLost(step: Step, now: number): Step {
  if (step.arguments.kind !== "words") return step;
  const args = { ...step.arguments, pages: step.arguments.pages.slice(1), lost: step.arguments.lost + 1 };
  return args.pages.length > 0 ? freshWords(step, args, now) : { ...step, arguments: args, state: "refused" };
}
