/** Applies an attempt's outcome to its ledger. Pure. */
import type { Refusal } from "../../../infobip/outcome.ts";
import type { Ledger, Step } from "../../../model/handoff.ts";
import type { HandoffSettings } from "../../settings.ts";
import { withoutQueueSteps } from "../../steps/kinds/queue.ts";
import { rulesOf } from "../../steps/step-table.ts";
import { backoffMs } from "../backoff.ts";
import { endAsClosed } from "../conversation/closed-conversation.ts";
import { replaceConversation } from "../conversation/replace-conversation.ts";
import { describeRefusal } from "../describe-refusal.ts";
import { isOver, isPending, isTagMissing, routeOf } from "../queries.ts";
import type { Run, StepOutcome } from "../step-attempt.ts";
import { withAssigneeUnread, withStep } from "../step-edits.ts";
import { park } from "./park.ts";

/** True if a route may have been done: by an earlier attempt, or by one with an unknown outcome. */
function mayBeRouted({ steps }: Ledger, { step, mayHaveHappened }: Run): boolean {
  if (step.arguments.kind === "route") return mayHaveHappened;
  return ["sent", "unknown", "done"].includes(routeOf(steps)?.state ?? "");
}

/** Records an outcome that nothing waits for any more: it changes only its step. */
function recordOutcome(ledger: Ledger, { step, isLookupOnly }: Run, outcome: StepOutcome, now: number): Ledger {
  switch (outcome.kind) {
    case "done": {
      const { result } = outcome;
      const done = withStep(ledger, { ...step, state: "done", result });
      if (result.kind !== "conversation") return done;
      return { ...done, handoff: { ...done.handoff, conversationId: result.conversationId } };
    }
    case "refused": {
      const left = withStep(ledger, { ...step, state: "refused" });
      return outcome.refusal.reason === "closed" ? endAsClosed(left) : left;
    }
    case "no-queue":
      return withStep(ledger, { ...step, state: "refused" });
    case "unknown":
      // A person may take the chat again; then the latest time of a possible effect counts.
      return withStep(ledger, { ...step, state: "unknown", ...(!isLookupOnly && { sentAt: now }) });
    case "human":
      return withStep(ledger, { ...step, state: "skipped", result: outcome.seen });
    case "over":
      return withStep(ledger, { ...step, state: "skipped" });
  }
}

/** A step is left out after this many ERROR answers. */
const ERROR_ANSWERS_TAKEN = 3;

/** Schedules a retry. Baton looks first if an earlier send may have had an effect. */
function scheduleRetry(
  ledger: Ledger,
  { step, mayHaveHappened }: Run,
  chance: { now: number; random: number; atLeastMs: number; isUnknown: boolean; because: string },
  settings: HandoffSettings,
): Ledger {
  const { now, random, atLeastMs, isUnknown, because } = chance;
  const wait = backoffMs(step.tries, now - (step.triesSince ?? now), random, settings);
  const nextAt = now + Math.max(atLeastMs, wait ?? 0);
  const state = isUnknown || mayHaveHappened ? "unknown" : "ready";
  const next = withStep(ledger, { ...step, state, nextAt });
  if (wait !== null) return next;
  const { giveUp } = rulesOf(step);
  if (giveUp !== null) return withStep(ledger, giveUp(step, now));
  return isPending(ledger) ? park(next, because) : withStep(ledger, { ...step, state: "refused" });
}

function applyRefusal(
  ledger: Ledger,
  run: Run,
  refusal: Refusal,
  now: number,
  random: number,
  settings: HandoffSettings,
): Ledger {
  const { step } = run;
  const { isEssential, isApart, acceptsMissingTag, giveUp } = rulesOf(step);
  const giveUpStep = (): Ledger => withStep(ledger, giveUp?.(step, now) ?? { ...step, state: "refused" });
  /** The conversation is closed or no longer exists. */
  const loseConversation = (): Ledger => {
    // A sweep handles other conversations than the handoff's own.
    if (isApart) return giveUpStep();
    // A parked handoff was not routed either: it starts with a new conversation once it is resumed.
    const isBefore = isPending(ledger) || ledger.handoff.state === "parked";
    if (mayBeRouted(ledger, run) || !isBefore) return endAsClosed(giveUpStep());
    return replaceConversation(withStep(ledger, { ...step, state: "ready" }), now, settings);
  };
  switch (refusal.reason) {
    case "throttled":
    case "not-sent": {
      const atLeastMs = refusal.reason === "throttled" ? (refusal.retryAfterMs ?? 0) : 0;
      return scheduleRetry(
        ledger,
        run,
        { now, random, atLeastMs, isUnknown: false, because: describeRefusal(refusal) },
        settings,
      );
    }
    case "unauthorized":
      if (!isPending(ledger)) {
        return scheduleRetry(ledger, run, { now, random, atLeastMs: 0, isUnknown: false, because: "" }, settings);
      }
      return park(
        withStep(ledger, { ...step, state: run.mayHaveHappened ? "unknown" : "ready" }),
        describeRefusal(refusal),
        "credentials",
      );
    case "unknown-id":
      // A queue is gone: steps that name it are left out, or retried until the queues are read again.
      if (refusal.id !== null && refusal.id !== ledger.handoff.conversationId) {
        if (!isEssential) return giveUpStep();
        return scheduleRetry(
          ledger,
          run,
          { now, random, atLeastMs: 0, isUnknown: false, because: describeRefusal(refusal) },
          settings,
        );
      }
      return loseConversation();
    case "closed":
      return loseConversation();
    case "unknown-tag":
      // A missing tag needs no removal.
      if (isTagMissing(step) || acceptsMissingTag) return giveUpStep();
      return withStep(ledger, {
        ...step,
        state: "ready",
        nextAt: now,
        // Later steps still do not wait for a step that has erred.
        result: step.result?.kind === "error-answer" ? { ...step.result, isTagMissing: true } : { kind: "tag-missing" },
      });
    case "error-answer": {
      // ERROR may mean a passing failure or a final one: the answer does not tell.
      const times = (step.result?.kind === "error-answer" ? step.result.times : 0) + 1;
      if (isEssential) return park(giveUpStep(), describeRefusal(refusal));
      if (times >= ERROR_ANSWERS_TAKEN) return giveUpStep();
      const erred: Step = { ...step, result: { kind: "error-answer", times, isTagMissing: isTagMissing(step) } };
      const chance = { now, random, atLeastMs: 0, isUnknown: false, because: describeRefusal(refusal) };
      return scheduleRetry(ledger, { ...run, step: erred }, chance, settings);
    }
    case "tag-exists":
    case "too-large":
    case "invalid":
      // A chat without a tag or a note is better than a chat without an agent.
      return isEssential ? park(giveUpStep(), describeRefusal(refusal)) : giveUpStep();
  }
}

/** True if an attempt found the handoff's conversation closed. A sweep goes to other conversations. */
export const showsClosed = ({ step }: Run, outcome: StepOutcome): boolean =>
  !rulesOf(step).isApart &&
  (outcome.kind === "over" || (outcome.kind === "refused" && outcome.refusal.reason === "closed"));

/**
 * Applies the end of an attempt to the ledger. A late outcome, after the step was reset, changes nothing, unless it shows that the
 * conversation of a handoff that is over has ended.
 */
export function applyOutcome(
  ledger: Ledger,
  run: Run,
  outcome: StepOutcome,
  now: number,
  random: number,
  settings: HandoffSettings,
): Ledger {
  const step = ledger.steps.find((it) => it.position === run.step.position);
  if (step === undefined || step.state !== "sent" || step.fence !== run.step.fence) {
    const isItsEnd = showsClosed(run, outcome) && run.conversationId === ledger.handoff.conversationId;
    return isOver(ledger.handoff) && isItsEnd ? endAsClosed(ledger) : ledger;
  }
  // Leftovers of its creates are cleared away in any state.
  if (isOver(ledger.handoff) && !rulesOf(step).phases.includes("returned"))
    return recordOutcome(ledger, { ...run, step }, outcome, now);
  const current: Run = { ...run, step };
  switch (outcome.kind) {
    case "done":
      return rulesOf(step).applyResult(ledger, step, outcome.result, now);
    case "refused":
      return applyRefusal(ledger, current, outcome.refusal, now, random, settings);
    case "no-queue":
      return withoutQueueSteps(withStep(ledger, { ...step, state: "refused" }), outcome.queue);
    case "unknown": {
      const because = "the platform's answers stayed unclear for a day: look at the conversation, then retry or cancel";
      // The request may have had its effect until now; a look sends nothing.
      const doubted = run.isLookupOnly ? current : { ...current, step: { ...step, sentAt: now } };
      // An effect that was not seen is looked for once more when it must be there, and only then is the request repeated.
      const quietMs = outcome.why === "not-seen-yet" ? (step.sentAt ?? 0) + settings.quietMs - now : 0;
      const atLeastMs = Math.max(quietMs, outcome.retryAfterMs ?? 0);
      const heeded =
        outcome.why === "assignee-unread" ? { ...ledger, steps: withAssigneeUnread(ledger.steps) } : ledger;
      return scheduleRetry(heeded, doubted, { now, random, atLeastMs, isUnknown: true, because }, settings);
    }
    case "human": {
      const { seen } = outcome;
      const skipped = withStep(ledger, { ...step, state: "skipped", result: seen });
      const steps = skipped.steps.map((it) => (it.arguments.kind === "conversation" ? { ...it, result: seen } : it));
      if (isOver(skipped.handoff)) return { ...skipped, steps };
      return { steps, handoff: { ...skipped.handoff, state: "assigned", agentId: seen.agentId } };
    }
    case "over": {
      const isRouted = step.arguments.kind === "route" && current.mayHaveHappened;
      const ended: Step = isRouted
        ? { ...step, state: "done", result: { kind: "plain" } }
        : { ...step, state: "skipped" };
      return endAsClosed(withStep(ledger, ended));
    }
  }
}
