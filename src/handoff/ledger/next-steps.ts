/** What a ledger calls for next. Pure: no I/O, no clock. */
import type { ConversationResult, Handoff, Ledger, Step } from "../../model/handoff.ts";
import type { HandoffSettings } from "../settings.ts";
import { isClosedByUs } from "./conversation/released.ts";
import { holdsRoute } from "./later-words.ts";
import { nextThreshold } from "./transitions/apply-policy.ts";

/** A step to run now, its intent already in the ledger. */
export interface Run {
  step: Step;
  /** An earlier send may have had its effect: look for that before anything is repeated. */
  mayHaveHappened: boolean;
  /** So short ago that its effect may not be there to be seen yet: what is not found is not repeated now. */
  isLook: boolean;
  /** Look at the conversation before it is routed: somebody may have come. */
  isStale: boolean;
}

const SETTLED = new Set<Step["state"]>(["done", "skipped", "refused"]);
export const isSettled = (step: Step): boolean => SETTLED.has(step.state);
/** Whether a tag is known not to exist yet at the platform. */
export const isTagMissing = ({ result }: Step): boolean =>
  result?.kind === "tag-missing" || (result?.kind === "error-answer" && result.isTagMissing);

const hasErred = ({ result }: Step): boolean => result?.kind === "error-answer";
/**
 * Whether what comes later waits for a step. It does not where the platform answered ERROR: that is tried again beside the
 * rest, and so are the notes that are read after it.
 */
const isAwaited = (step: Step, steps: readonly Step[]): boolean => {
  if (isSettled(step) || hasErred(step)) return false;
  const args = step.arguments;
  return (
    args.kind !== "note" ||
    !steps.some((it) => it.arguments.kind === "note" && it.arguments.part < args.part && hasErred(it) && !isSettled(it))
  );
};

/** The note's further pages, and tags that were added later, come after the route in the ledger and are done before it. */
const isBeforeRoute = (step: Step, route: Step): boolean =>
  step.position < route.position || step.arguments.kind === "note" || step.arguments.kind === "tag";

const isOver = (handoff: Handoff): boolean => ["returned", "cancelled", "parked"].includes(handoff.state);

const CONTEXT = new Set<Step["arguments"]["kind"]>(["tag", "note", "metadata"]);
const isContext = (step: Step): boolean => CONTEXT.has(step.arguments.kind);
const isBeforeQueue = (step: Step): boolean => isContext(step) || step.arguments.kind === "agents";

/** What is for a customer whom no person has yet. */
const WITHOUT_HUMAN = new Set<Step["arguments"]["kind"]>(["agents", "queue", "route", "priority", "release"]);

/** What the conversation step saw, once it is done. */
export function conversationOf(steps: readonly Step[]): ConversationResult | null {
  const result = steps.find((step) => step.arguments.kind === "conversation")?.result;
  return result?.kind === "conversation" ? result : null;
}

/** Whether what a step did can be told from what others did: the rest is simply done once more, to the same effect. */
function canBeFound({ arguments: args }: Step): boolean {
  switch (args.kind) {
    case "conversation":
      return args.adopt === null;
    case "tag":
    case "note":
    case "words":
    case "route":
    case "text":
      return true;
    case "metadata":
    case "agents":
    case "queue":
    case "priority":
    case "untag":
    case "release":
    case "sweep":
      return false;
  }
}

/** How often a new conversation was asked for. */
export function createsOf(steps: readonly Step[]): number {
  const step = steps.find(({ arguments: { kind } }) => kind === "conversation");
  return step?.arguments.kind === "conversation" && step.arguments.adopt === null ? step.sends : 0;
}

/** Whether a handoff in this state leaves anything to do for such a step. */
function isWanted({ arguments: args }: Step, { state, returnedBecause }: Handoff): boolean {
  switch (state) {
    case "pending":
    case "routed":
    case "assigned":
      return args.kind !== "untag" && (args.kind !== "text" || (args.moment !== "returned" && state === "routed"));
    case "returned":
      // Whatever became of the handoff, what its creates left is cleared away. A closed conversation takes nothing more.
      if (returnedBecause === "closed" || returnedBecause === "deleted") return args.kind === "sweep";
      return (
        ["sweep", "untag", "release", "words"].includes(args.kind) ||
        (args.kind === "text" && args.moment === "returned")
      );
    case "parked":
    case "cancelled":
      return args.kind === "sweep";
    case "deferred":
      return false;
  }
}

const BEFORE_RELEASE = new Set<Step["arguments"]["kind"]>([
  "tag",
  "note",
  "words",
  "metadata",
  "priority",
  "text",
  "untag",
]);
/** What will not succeed must not keep a customer waiting. */
const TRIES_BEFORE_RELEASE = 3;
/** A conversation that is closed takes no more: whatever is on its way comes first. */
const isBeforeRelease = (step: Step): boolean =>
  BEFORE_RELEASE.has(step.arguments.kind) && !isSettled(step) && step.tries < TRIES_BEFORE_RELEASE;

/** Whether everything that must come before a step has come. */
function isNext(step: Step, { handoff, steps }: Ledger): boolean {
  const args = step.arguments;
  if (!isWanted(step, handoff)) return false;
  switch (args.kind) {
    case "conversation":
      return true;
    case "tag":
    case "metadata":
    case "text":
    case "priority":
    case "untag":
      return handoff.conversationId !== null;
    case "release":
      return handoff.conversationId !== null && !steps.some((it) => isBeforeRelease(it) && isWanted(it, handoff));
    case "note":
      // In the order in which they are read.
      return (
        handoff.conversationId !== null &&
        steps.every((it) => it.arguments.kind !== "note" || it.arguments.part >= args.part || isSettled(it))
      );
    case "words":
      // After what the agent reads first.
      return (
        handoff.conversationId !== null &&
        handoff.toldUntil !== null &&
        !isClosedByUs(steps) &&
        steps.every((it) => it.arguments.kind !== "note" || isSettled(it))
      );
    case "queue":
      if (args.moment === "after-route")
        return steps.some((it) => it.arguments.kind === "route" && it.state === "done");
      return conversationOf(steps) !== null && !steps.filter(isBeforeQueue).some((it) => isAwaited(it, steps));
    case "agents":
      return conversationOf(steps) !== null && !steps.filter(isContext).some((it) => isAwaited(it, steps));
    case "route":
      return (
        conversationOf(steps) !== null &&
        !steps.some((it) => (isBeforeRoute(it, step) && isAwaited(it, steps)) || holdsRoute(it))
      );
    case "sweep":
      return createsOf(steps) > 1 && (conversationOf(steps) !== null || isOver(handoff));
  }
}

/** A human has the conversation: it keeps its context, is not routed, and the customer is told nothing of waiting. */
function withoutRoute(steps: readonly Step[]): Step[] {
  const isMoot = ({ arguments: args }: Step): boolean =>
    (WITHOUT_HUMAN.has(args.kind) && !(args.kind === "release" && args.because === "ended")) ||
    (args.kind === "text" && args.moment !== "returned");
  return steps.map((step) =>
    // What was sent and refused did nothing either; what may have been done is looked for.
    isMoot(step) && step.state === "ready" ? { ...step, state: "skipped" as const } : step,
  );
}

/** A single create leaves nothing behind. */
const withoutSweep = (steps: readonly Step[]): Step[] =>
  steps.map((step) =>
    step.arguments.kind === "sweep" && step.state === "ready" && createsOf(steps) <= 1
      ? { ...step, state: "skipped" as const }
      : step,
  );

/** Whether the conversation is known and has all that an agent needs to see first. */
export const isInContext = (steps: readonly Step[]): boolean =>
  conversationOf(steps) !== null && !steps.filter(isContext).some((it) => isAwaited(it, steps));

/** Routed: by this handoff, or by another one that has put the conversation into the line already. */
const isRouted = (route: Step | undefined): boolean =>
  route?.state === "done" || (route?.state === "skipped" && route.result?.kind === "route");

/** The state that the steps have led to. */
export function stateOf({ handoff, steps }: Ledger, now: number): Handoff {
  const route = steps.find((step) => step.arguments.kind === "route");
  // An agent may be faster than the answer to the route.
  const routedAt = handoff.routedAt ?? (isRouted(route) ? now : null);
  if (handoff.state !== "pending") return routedAt === handoff.routedAt ? handoff : { ...handoff, routedAt };
  const conversation = conversationOf(steps);
  const hasHuman = conversation?.assignee === "human";
  if (hasHuman && isInContext(steps)) return { ...handoff, state: "assigned", agentId: conversation.agentId };
  if (isRouted(route) && isInContext(steps)) return { ...handoff, state: "routed", routedAt: now, waitingSince: now };
  // The chatbot's own element routes, and finds tags and note in place.
  if (handoff.routedBy === "answers" && isInContext(steps))
    return { ...handoff, state: "routed", routedAt: now, waitingSince: now };
  return handoff;
}

/** Every create puts off the last look for what creates left. */
const withSweep = (step: Step, nextAt: number): Step =>
  step.arguments.kind === "sweep" && step.state !== "sent" ? { ...step, state: "ready", nextAt } : step;

/** Starts `atMost` of the steps whose turn it is, and says when to look again. */
export function advance(
  ledger: Ledger,
  now: number,
  settings: HandoffSettings,
  atMost = Number.POSITIVE_INFINITY,
): { ledger: Ledger; run: Run[] } {
  const conversation = conversationOf(ledger.steps);
  // An earlier look counts no more, once it waits again.
  const { state } = ledger.handoff;
  const hasHuman = state === "assigned" || (state !== "routed" && conversation?.assignee === "human");
  const needed = hasHuman ? withoutRoute(ledger.steps) : ledger.steps;
  const before: Ledger = { handoff: ledger.handoff, steps: conversation === null ? needed : withoutSweep(needed) };

  const run: Run[] = [];
  const steps = before.steps.map((step): Step => {
    const isDue = (step.state === "ready" || step.state === "unknown") && step.nextAt <= now;
    if (!isDue || !isNext(step, before) || run.length >= atMost) return step;
    const mayHaveHappened = step.state === "unknown";
    const isLook = mayHaveHappened && canBeFound(step) && now < (step.sentAt ?? 0) + settings.quietMs;
    const isStale = step.arguments.kind === "route" && Math.abs(now - (conversation?.seenAt ?? 0)) > settings.freshMs;
    const counted = isLook ? {} : { sends: step.sends + 1, tries: step.tries + 1, sentAt: now };
    const sent: Step = {
      ...step,
      state: "sent",
      ...counted,
      nextAt: now,
      fence: step.fence + 1,
      firstSentAt: step.firstSentAt ?? now,
      triesSince: step.triesSince ?? now,
    };
    run.push({ step: sent, mayHaveHappened, isLook, isStale });
    return sent;
  });

  const isCreating = run.some(({ step: { arguments: args } }) => args.kind === "conversation" && args.adopt === null);
  const swept = isCreating ? steps.map((step) => withSweep(step, now + settings.lateMs)) : steps;
  const after = { handoff: stateOf({ handoff: before.handoff, steps: swept }, now), steps: swept };
  // What is on its way brings the next turn by its end.
  const times = swept
    .filter((step) => !isSettled(step) && step.state !== "sent" && isNext(step, after))
    .map(({ nextAt }) => nextAt);
  const threshold = after.handoff.state === "deferred" ? after.handoff.deferredUntil : nextThreshold(after.handoff);
  if (threshold !== null) times.push(threshold);
  const dueAt = times.length === 0 ? null : Math.min(...times);
  const parking = after.handoff.state === "parked" ? {} : { parkedBecause: null, parkedFor: null };
  return { ledger: { handoff: { ...after.handoff, ...parking, dueAt, updatedAt: now }, steps: swept }, run };
}
