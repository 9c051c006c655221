/** What an attempt's outcome does to its ledger. Pure. */
import type { Call, Refusal, Unknown } from "../../../infobip/outcome.ts";
import type { ConversationResult, HandoffState, Ledger, Step, StepResult } from "../../../model/handoff.ts";
import type { HandoffSettings } from "../../settings.ts";
import { backoffMs } from "../backoff.ts";
import { closed } from "../conversation/closed-conversation.ts";
import { replaced } from "../conversation/replace-conversation.ts";
import { explained } from "../describe-refusal.ts";
import { pageDone, pageLost, seenByAgent } from "../later-words.ts";
import { isTagMissing, type Run } from "../next-steps.ts";
import { nobodyThere } from "./apply-no-agent.ts";
import { isPending, parked } from "./park.ts";

export type StepOutcome =
  | { kind: "done"; result: StepResult; call: Call | null }
  | { kind: "refused"; refusal: Refusal; call: Call }
  | {
      kind: "unknown";
      why: Unknown | "internal" | "assignee-unread" | "duplicates-unread" | "not-seen-yet";
      call: Call | null;
      retryAfterMs?: number | null;
    }
  /** The account has no queue of this name or id. */
  | { kind: "no-queue"; queue: string; call: Call }
  /** A person has the conversation by now, by what was just read of it. */
  | { kind: "human"; seen: ConversationResult; call: Call }
  /** Before a repeated route: the conversation is closed, so the chat is over. */
  | { kind: "over"; call: Call };

const withStep = (ledger: Ledger, step: Step): Ledger => ({
  ...ledger,
  steps: ledger.steps.map((it) => (it.position === step.position ? step : it)),
});

/** Whether a route may have been done: by an earlier attempt, or by one whose answer is not known, whatever step was refused now. */
function mayBeRouted({ steps }: Ledger, { step, mayHaveHappened }: Run): boolean {
  if (step.arguments.kind === "route") return mayHaveHappened;
  return steps.some((it) => it.arguments.kind === "route" && ["sent", "unknown", "done"].includes(it.state));
}

const OVER = new Set<HandoffState>(["returned", "cancelled"]);
/** What is done for a handoff that is over. */
const AFTERWARDS = new Set<Step["arguments"]["kind"]>(["sweep", "untag", "text", "release", "words"]);

/** The answer to something that nobody waits for any more: the step says what happened, and nothing follows from it. */
function noted(ledger: Ledger, { step, isLook }: Run, outcome: StepOutcome, now: number): Ledger {
  switch (outcome.kind) {
    case "done": {
      const { result } = outcome;
      const done = withStep(ledger, { ...step, state: "done", result });
      if (result.kind !== "conversation") return done;
      return { ...done, handoff: { ...done.handoff, conversationId: result.conversationId } };
    }
    case "refused": {
      const left = withStep(ledger, { ...step, state: "refused" });
      return outcome.refusal.reason === "closed" ? closed(left) : left;
    }
    case "no-queue":
      return withStep(ledger, { ...step, state: "refused" });
    case "unknown":
      // A person may take the chat up again, and then it counts until when this may have had its effect.
      return withStep(ledger, { ...step, state: "unknown", ...(!isLook && { sentAt: now }) });
    case "human":
    case "over":
      return withStep(ledger, { ...step, state: "skipped" });
  }
}

/** A step of which the platform says ERROR so often is left out. */
const ERROR_ANSWERS_TAKEN = 3;

/** The account has no such queue: no further step that names it is worth a call. */
const withoutQueue = (ledger: Ledger, queue: string): Ledger => ({
  ...ledger,
  steps: ledger.steps.map((step) =>
    step.arguments.kind === "queue" && step.arguments.queue === queue && step.state === "ready"
      ? { ...step, state: "refused" as const }
      : step,
  ),
});

/** Tried again by the schedule; looked up first when an earlier send may have had an effect. */
function again(
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
  if (step.arguments.kind === "words") return withStep(ledger, pageLost(step, now));
  return isPending(ledger) ? parked(next, because) : withStep(ledger, { ...step, state: "refused" });
}

function refused(
  ledger: Ledger,
  run: Run,
  refusal: Refusal,
  now: number,
  random: number,
  settings: HandoffSettings,
): Ledger {
  const { step } = run;
  const kind = step.arguments.kind;
  const isEssential = kind === "conversation" || kind === "route";
  const given = (): Ledger => withStep(ledger, kind === "words" ? pageLost(step, now) : { ...step, state: "refused" });
  /** The conversation is closed or not there any more. */
  const gone = (): Ledger => {
    // What creates left behind is another conversation than the handoff's own.
    if (kind === "sweep") return given();
    // What is parked was not routed either: it goes on with a new one once it is resumed.
    const isBefore = isPending(ledger) || ledger.handoff.state === "parked";
    if (mayBeRouted(ledger, run) || !isBefore) return closed(given());
    return replaced(withStep(ledger, { ...step, state: "ready" }), now, settings);
  };
  switch (refusal.reason) {
    case "throttled":
    case "not-sent": {
      const atLeastMs = refusal.reason === "throttled" ? (refusal.retryAfterMs ?? 0) : 0;
      return again(ledger, run, { now, random, atLeastMs, isUnknown: false, because: explained(refusal) }, settings);
    }
    case "unauthorized":
      if (!isPending(ledger)) {
        return again(ledger, run, { now, random, atLeastMs: 0, isUnknown: false, because: "" }, settings);
      }
      return parked(
        withStep(ledger, { ...step, state: run.mayHaveHappened ? "unknown" : "ready" }),
        explained(refusal),
        "credentials",
      );
    case "unknown-id":
      // A queue that is gone: what names it is left out, or tried again until the queues are read anew.
      if (refusal.id !== null && refusal.id !== ledger.handoff.conversationId) {
        if (!isEssential) return given();
        return again(
          ledger,
          run,
          { now, random, atLeastMs: 0, isUnknown: false, because: explained(refusal) },
          settings,
        );
      }
      return gone();
    case "closed":
      return gone();
    case "unknown-tag":
      // What is not there needs no taking off.
      if (isTagMissing(step) || kind === "untag") return given();
      return withStep(ledger, {
        ...step,
        state: "ready",
        nextAt: now,
        // Nobody waits again for one that has erred.
        result: step.result?.kind === "error-answer" ? { ...step.result, isTagMissing: true } : { kind: "tag-missing" },
      });
    case "error-answer": {
      // The platform's passing weakness, or its last word: the answer does not tell.
      const times = (step.result?.kind === "error-answer" ? step.result.times : 0) + 1;
      if (isEssential) return parked(given(), explained(refusal));
      if (times >= ERROR_ANSWERS_TAKEN) return given();
      const erred: Step = { ...step, result: { kind: "error-answer", times, isTagMissing: isTagMissing(step) } };
      const chance = { now, random, atLeastMs: 0, isUnknown: false, because: explained(refusal) };
      return again(ledger, { ...run, step: erred }, chance, settings);
    }
    case "tag-exists":
    case "too-large":
    case "invalid":
      // A tag or a note less is better than nobody coming.
      return isEssential ? parked(given(), explained(refusal)) : given();
  }
}

/** The ledger after an attempt ended. An outcome that comes too late, when the step was reset, changes nothing. */
export function settle(
  ledger: Ledger,
  run: Run,
  outcome: StepOutcome,
  now: number,
  random: number,
  settings: HandoffSettings,
): Ledger {
  const step = ledger.steps.find((it) => it.position === run.step.position);
  if (step === undefined || step.state !== "sent" || step.fence !== run.step.fence) return ledger;
  // Whatever became of the handoff, what its creates left is cleared away.
  if (OVER.has(ledger.handoff.state) && !AFTERWARDS.has(step.arguments.kind))
    return noted(ledger, { ...run, step }, outcome, now);
  const current: Run = { ...run, step };
  switch (outcome.kind) {
    case "done": {
      const { result } = outcome;
      const isWords = step.arguments.kind === "words";
      if (result.kind === "on-channel") return seenByAgent(ledger, step, now);
      const ended: Step = isWords ? pageDone(step, now) : { ...step, state: "done", result };
      const written = withStep(ledger, ended);
      // No message of the customer was found in it.
      const done = isWords ? { ...written, handoff: { ...written.handoff, onChannel: false } } : written;
      if (result.kind === "conversation") {
        const opened = { ...done, handoff: { ...done.handoff, conversationId: result.conversationId } };
        const queue = step.arguments.kind === "conversation" ? step.arguments.queue : null;
        return result.isQueueUnknown === true && queue !== null ? withoutQueue(opened, queue) : opened;
      }
      // Somebody may have taken it while that was asked.
      const isNobody = result.kind === "agents" && result.isAnybody === false && isPending(done);
      if (result.kind === "agents") return isNobody ? nobodyThere(done, now) : done;
      if (step.arguments.kind !== "release" || OVER.has(done.handoff.state)) return done;
      return { ...done, handoff: { ...done.handoff, state: "returned", returnedBecause: step.arguments.because } };
    }
    case "refused":
      return refused(ledger, current, outcome.refusal, now, random, settings);
    case "no-queue":
      return withoutQueue(withStep(ledger, { ...step, state: "refused" }), outcome.queue);
    case "unknown": {
      const because = "the platform's answers stayed unclear for a day: look at the conversation, then retry or cancel";
      // It may have had its effect until now; a look sends nothing.
      const doubted = run.isLook ? current : { ...current, step: { ...step, sentAt: now } };
      // What was not seen is looked for once more when it must be there, and only then repeated.
      const quietMs = outcome.why === "not-seen-yet" ? (step.sentAt ?? 0) + settings.quietMs - now : 0;
      const atLeastMs = Math.max(quietMs, outcome.retryAfterMs ?? 0);
      return again(ledger, doubted, { now, random, atLeastMs, isUnknown: true, because }, settings);
    }
    case "human": {
      const skipped = withStep(ledger, { ...step, state: "skipped" });
      const { seen } = outcome;
      const steps = skipped.steps.map((it) => (it.arguments.kind === "conversation" ? { ...it, result: seen } : it));
      if (OVER.has(skipped.handoff.state)) return { ...skipped, steps };
      return { steps, handoff: { ...skipped.handoff, state: "assigned", agentId: seen.agentId } };
    }
    case "over":
      return closed(withStep(ledger, { ...step, state: "done", result: { kind: "plain" } }));
  }
}
