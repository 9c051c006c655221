/** Words after the request: when, and in which of a ledger's steps, they reach the agent. Pure. */
import type { Event } from "../../events/event.ts";
import type { Handoff, Ledger, Step } from "../../model/handoff.ts";
import { isSettled } from "./queries.ts";
import { freshStep, newStep, nextPosition } from "./step-edits.ts";

/** Several messages in a row become one note. The agent waits no longer than this for it. */
const BATCH_MS = 2_000;
/** More notes than this do not delay the route of their customer. */
const BATCHES_BEFORE_ROUTE = 3;
const NAME = "note:further";

type Words = Extract<Step["arguments"], { kind: "words" }>;

/** True if the agent does not see an event's words by themselves. */
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
 * Marks an open handoff for one more event of its session. Unchanged if the event has no words, or if a note to come will have
 * them. `hasJoined`: its session came to the handoff by it, with words of before.
 */
export function withWords(handoff: Handoff, event: Event, now: number, hasJoined = false): Handoff {
  if (handoff.toldUntil === null || !(hasJoined || isNews(event, handoff))) return handoff;
  // A bot that asks, or ends its session, has nothing more to say.
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
      // The words wait with the rest of the handoff.
      return { ...handoff, wordsAt: now, updatedAt };
    case "returned":
    case "cancelled":
      return handoff;
  }
}

/** Resets a step of words. */
export const freshWords = (step: Step, args: Words, nextAt: number): Step => ({
  ...freshStep(step, nextAt),
  arguments: args,
});

/** Gives waiting words a step: one for the whole handoff, which starts again with each batch. */
export function withWordsStep({ handoff, steps }: Ledger): Ledger {
  const { wordsAt, toldUntil } = handoff;
  if (wordsAt === null || toldUntil === null) return { handoff, steps };
  const known = steps.find(({ arguments: args }) => args.kind === "words");
  if (known?.arguments.kind !== "words") {
    const args: Words = { kind: "words", pages: [], batch: 0, after: toldUntil, lost: 0 };
    return { handoff, steps: [...steps, newStep(nextPosition(steps), NAME, args, wordsAt)] };
  }
  const isWaiting = known.state === "ready" && known.tries === 0 && known.nextAt > wordsAt;
  if (!isSettled(known) && !isWaiting) return { handoff, steps };
  const ready = freshWords(known, known.arguments, wordsAt);
  return { handoff, steps: steps.map((step) => (step === known ? ready : step)) };
}

/** True for a note whose content is built when it is sent. */
export const isUnwritten = ({ arguments: args }: Step): boolean =>
  (args.kind === "note" && args.content === null) || (args.kind === "words" && args.pages.length === 0);

/** True for words that the agent should read before the route. Words that failed once, or take long, do not delay it. */
export const holdsRoute = ({ arguments: args, state, tries }: Step): boolean =>
  args.kind === "words" &&
  args.batch <= BATCHES_BEFORE_ROUTE &&
  ((state === "ready" && tries === 0) || (state === "sent" && tries === 1));

/** Finishes a page; the next one follows, if there is one. */
export function pageDone(step: Step, now: number): Step {
  if (step.arguments.kind !== "words") return step;
  const args = { ...step.arguments, pages: step.arguments.pages.slice(1), lost: 0 };
  return args.pages.length > 0
    ? freshWords(step, args, now)
    : { ...step, arguments: args, state: "done", result: { kind: "plain" } };
}

/** The agent sees these words themselves, so the step is done; other words since then get notes. */
export function seenByAgent({ handoff, steps }: Ledger, step: Step, now: number): Ledger {
  if (step.arguments.kind !== "words") return { handoff, steps };
  const done: Step = { ...step, arguments: { ...step.arguments, pages: [] }, state: "done" };
  return {
    handoff: { ...handoff, onChannel: true, toldUntil: step.arguments.after, wordsAt: now },
    steps: steps.map((it) => (it.position === step.position ? done : it)),
  };
}

/** Drops a page that the platform refuses. The other pages go on, and the next note says that one is missing. */
export function pageLost(step: Step, now: number): Step {
  if (step.arguments.kind !== "words") return step;
  const args = { ...step.arguments, pages: step.arguments.pages.slice(1), lost: step.arguments.lost + 1 };
  return args.pages.length > 0 ? freshWords(step, args, now) : { ...step, arguments: args, state: "refused" };
}
