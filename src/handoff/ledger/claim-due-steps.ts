/** Says which steps of a ledger come next. Pure: no I/O, no clock. */
import type { Handoff, Ledger, Step } from "../../model/handoff.ts";
import type { HandoffSettings } from "../settings.ts";
import { withoutNeedlessSweep, withSweepAt } from "../steps/kinds/sweep.ts";
import type { Phase, Surroundings } from "../steps/step-kind.ts";
import { rulesOf } from "../steps/step-table.ts";
import { conversationOf, isSettled, routeOf } from "./queries.ts";
import type { Run } from "./step-attempt.ts";
import { nextThreshold } from "./transitions/apply-policy.ts";

const hasErred = ({ result }: Step): boolean => result?.kind === "error-answer";

/** True if later steps wait for this one. They do not wait after an ERROR answer: that step is retried beside the others. */
const isAwaited = (step: Step, steps: readonly Step[]): boolean =>
  !isSettled(step) && !hasErred(step) && rulesOf(step).isAwaited(step, steps);

const isContextAwaited = (steps: readonly Step[]): boolean =>
  steps.some((it) => rulesOf(it).isContext && isAwaited(it, steps));

/** Further pages of the note, and tags added later, stand behind the route in the ledger and are done before it. */
const isBeforeRoute = (step: Step, route: Step): boolean =>
  step.position < route.position || rulesOf(step).isAlwaysBeforeRoute;

/** Returns the phase of a handoff, for its steps; null: nothing is done for it now. */
function phaseOf({ state, returnedBecause }: Handoff): Phase | null {
  switch (state) {
    case "pending":
    case "routed":
    case "assigned":
      return "open";
    case "returned":
      return returnedBecause === "closed" || returnedBecause === "deleted" ? "over" : "returned";
    case "parked":
    case "cancelled":
      return "over";
    case "deferred":
      return null;
  }
}

/** True if such a step has work while the handoff is in this state. */
export function isWanted(step: Step, handoff: Handoff): boolean {
  const phase = phaseOf(handoff);
  const rules = rulesOf(step);
  return phase !== null && rules.phases.includes(phase) && rules.isWanted(step, handoff);
}

/** Tries after which a release no longer waits for a failing step, so the customer does not wait either. */
const TRIES_BEFORE_RELEASE = 3;

function around(ledger: Ledger): Surroundings {
  const surroundings: Surroundings = {
    ...ledger,
    isAwaited: (step) => isAwaited(step, ledger.steps),
    isContextAwaited: () => isContextAwaited(ledger.steps),
    isBeforeRoute,
    // A step that waits for one that nobody wants any more will not come.
    isDueBeforeRelease: (step) =>
      rulesOf(step).isBeforeRelease &&
      !isSettled(step) &&
      step.tries < TRIES_BEFORE_RELEASE &&
      isWanted(step, ledger.handoff) &&
      (step.state === "sent" || rulesOf(step).isReady(step, surroundings)),
  };
  return surroundings;
}

/** True if everything that must come before a step has come. */
const isNext = (step: Step, surroundings: Surroundings): boolean =>
  isWanted(step, surroundings.handoff) && rulesOf(step).isReady(step, surroundings);

/** The same, of a step of this ledger. */
export const isNextIn = (step: Step, ledger: Ledger): boolean => isNext(step, around(ledger));

/**
 * Skips the route and what belongs to it: a person has the conversation, and the customer reads no text about waiting. `isMoot`
 * finds further steps, also on their way.
 */
export function withoutMootWithHuman(steps: readonly Step[], isMoot: (step: Step) => boolean = () => false): Step[] {
  const result = conversationOf(steps);
  return steps.map((step) => {
    // A refused request had no effect, and one that may have had one is looked up.
    const isReady = step.state === "ready" && rulesOf(step).isMootWithHuman(step);
    return isReady || isMoot(step) ? { ...step, state: "skipped", fence: step.fence + 1, result } : step;
  });
}

/** True if an answer that nobody read may have shown a person who has the conversation. */
const isAnswerLost = ({ arguments: args, state, sends }: Step): boolean =>
  args.kind === "priority" && (state === "unknown" || (state === "sent" && sends > 1));

/** True if the conversation is known and has all that an agent needs to see first. */
export const isInContext = (steps: readonly Step[]): boolean =>
  conversationOf(steps) !== null && !isContextAwaited(steps);

/** True if this handoff, or another one, has put the conversation into the line. */
const isRouted = (route: Step | undefined): boolean =>
  route?.state === "done" || (route?.state === "skipped" && route.result?.kind === "route");

/** Applies the state that the steps have led to. */
export function stateOf({ handoff, steps }: Ledger, now: number): Handoff {
  const route = routeOf(steps);
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

/** Starts up to `atMost` of the next steps, and sets the due time. */
export function claimDueSteps(
  ledger: Ledger,
  now: number,
  settings: HandoffSettings,
  atMost = Number.POSITIVE_INFINITY,
): { ledger: Ledger; run: Run[] } {
  const conversation = conversationOf(ledger.steps);
  // An earlier look no longer counts once the handoff waits again.
  const { handoff } = ledger;
  const hasHuman = handoff.state === "assigned" || (handoff.state !== "routed" && conversation?.assignee === "human");
  const needed = hasHuman ? withoutMootWithHuman(ledger.steps) : ledger.steps;
  const before: Ledger = {
    handoff,
    steps: conversation === null ? needed : withoutNeedlessSweep(needed),
  };
  const surroundings = around(before);
  const isUnread = conversation?.isAssigneeUnread === true || before.steps.some(isAnswerLost);

  const run: Run[] = [];
  const steps = before.steps.map((step): Step => {
    const isDue = (step.state === "ready" || step.state === "unknown") && step.nextAt <= now;
    if (!isDue || !isNext(step, surroundings) || run.length >= atMost) return step;
    const mayHaveHappened = step.state === "unknown";
    const isLookupOnly =
      mayHaveHappened && rulesOf(step).canBeFound(step) && now < (step.sentAt ?? 0) + settings.quietMs;
    const isFresh = Math.abs(now - (conversation?.seenAt ?? 0)) <= settings.freshMs && !isUnread;
    const isStale = rulesOf(step).goesStale && !isFresh;
    const counted = isLookupOnly ? {} : { sends: step.sends + 1, tries: step.tries + 1, sentAt: now };
    const sent: Step = {
      ...step,
      state: "sent",
      ...counted,
      nextAt: now,
      fence: step.fence + 1,
      firstSentAt: step.firstSentAt ?? now,
      triesSince: step.triesSince ?? now,
    };
    run.push({ step: sent, conversationId: handoff.conversationId, mayHaveHappened, isLookupOnly, isStale });
    return sent;
  });

  const isCreating = run.some(({ step: { arguments: args } }) => args.kind === "conversation" && args.adopt === null);
  const swept = isCreating ? withSweepAt(steps, now + settings.lateMs) : steps;
  const after = { handoff: stateOf({ handoff: before.handoff, steps: swept }, now), steps: swept };
  const surroundingsAfter = around(after);
  // The end of a step on its way brings the next turn.
  const times = swept
    .filter((step) => !isSettled(step) && step.state !== "sent" && isNext(step, surroundingsAfter))
    .map(({ nextAt }) => nextAt);
  const threshold = after.handoff.state === "deferred" ? after.handoff.deferredUntil : nextThreshold(after.handoff);
  if (threshold !== null) times.push(threshold);
  const dueAt = times.length === 0 ? null : Math.min(...times);
  const parking = after.handoff.state === "parked" ? {} : { parkedBecause: null, parkedFor: null };
  return { ledger: { handoff: { ...after.handoff, ...parking, dueAt, updatedAt: now }, steps: swept }, run };
}
