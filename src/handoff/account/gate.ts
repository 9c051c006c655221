/** What may be sent to one account now: a bounded number of attempts at once, fewer while it fails, none while it asks for a pause. */
import type { Outcome } from "../../infobip/outcome.ts";
import type { StepOutcome } from "../ledger/transitions/apply-outcome.ts";
import type { HandoffSettings } from "../settings.ts";
import { createBreaker } from "./circuit-breaker.ts";
import { createSlots } from "./semaphore.ts";

/** What a handoff may do in one turn. */
export type Pass =
  /** So many attempts may be started; their places are taken until they are given back. */
  | { kind: "go"; atMost: number; isTrial: boolean }
  | { kind: "wait"; until: number }
  /** The account does not take our credentials. */
  | { kind: "refused" };

/** `trial`: one handoff goes first, to show whether they are taken. */
type Credentials = { kind: "accepted" } | { kind: "refused" } | { kind: "trial"; handoffId: string; until: number };

/** A handoff on trial that has no answer by then, whatever the platform has against it, lets another go. */
export const TRIAL_MS = 60_000;

export interface GateDeps {
  now: () => number;
  /** Time that passes, however `now` is set. */
  steady: () => number;
  settings: HandoffSettings;
  /** It failed so often in a row that it is left alone for a while. */
  onOpen: () => void;
  /** It took our credentials and does not any more; or the other way round. */
  onRefused: () => void;
  onAccepted: () => void;
}

/** Whether an attempt's end tells that the account took our credentials, unless it was refused for them. */
export const isAnswer = (outcome: StepOutcome): boolean =>
  outcome.kind !== "unknown" &&
  (outcome.kind !== "refused" || !["not-sent", "throttled"].includes(outcome.refusal.reason));

export function createGate({ now, steady, settings, onOpen, onRefused, onAccepted }: GateDeps) {
  const slots = createSlots(settings.attemptsAtOnce);
  const breaker = createBreaker(steady, settings);
  let pausedUntil = 0;
  let throttles = 0;
  let credentials: Credentials = { kind: "accepted" };

  function pause(askedMs: number | null): void {
    throttles += 1;
    const ownMs = Math.min(settings.slowestRetryMs, settings.firstRetryMs * 2 ** Math.min(throttles - 1, 30));
    pausedUntil = Math.max(pausedUntil, steady() + (askedMs ?? ownMs));
  }

  function heldUntil(): number | null {
    const until = Math.max(pausedUntil, breaker.heldUntil() ?? 0);
    const waitMs = until - steady();
    return waitMs > 0 ? now() + waitMs : null;
  }

  const isKeptOut = (id: string): boolean =>
    credentials.kind === "refused" || (credentials.kind === "trial" && credentials.handoffId !== id);

  /** For a handoff that has one place. */
  function passed(id: string): Pass {
    if (isKeptOut(id)) {
      slots.give(1);
      return { kind: "refused" };
    }
    const until = heldUntil();
    if (until !== null) {
      slots.give(1);
      return { kind: "wait", until };
    }
    const isTrial = breaker.takeTrial();
    return { kind: "go", atMost: isTrial ? 1 : 1 + slots.takeMore(settings.stepsAtOnce - 1), isTrial };
  }

  function answered(id: string): void {
    if (credentials.kind !== "trial" || credentials.handoffId !== id) return;
    credentials = { kind: "accepted" };
    onAccepted();
  }

  return {
    /** Until when nothing may be sent; null: something may. */
    heldUntil,

    /** A handoff's turn begins; resolves when there is a place, or at once where it would have to wait for something else. */
    async enter(id: string): Promise<Pass> {
      if (isKeptOut(id)) return { kind: "refused" };
      const until = heldUntil();
      if (until !== null) return { kind: "wait", until };
      await slots.take();
      return passed(id);
    },

    /** The same where it need not wait for anything; null: it has to, or may not. */
    enterNow(id: string): Pass | null {
      if (isKeptOut(id) || heldUntil() !== null || !slots.takeNow()) return null;
      return passed(id);
    },

    /** An attempt ended, and nothing follows from it yet: its place is free. */
    leave(): void {
      slots.give(1);
    },

    /** An attempt ended: its place is the next turn's of its handoff. */
    stay: passed,

    /** The intents of a turn are written: places that it did not take are free again. */
    settled(pass: Pass, started: number): void {
      if (pass.kind !== "go") return;
      slots.give(pass.atMost - started);
      if (pass.isTrial && started === 0) breaker.giveTrialBack();
    },

    /** What a request to the account showed. */
    heard(outcome: Outcome<unknown>): void {
      if (outcome.kind === "refused" && outcome.refusal.reason === "unauthorized") {
        const isNews = credentials.kind === "accepted";
        credentials = { kind: "refused" };
        if (isNews) onRefused();
      }
      const isAsked = outcome.kind === "unknown" && outcome.retryAfterMs !== null;
      const isThrottled = outcome.kind === "refused" && outcome.refusal.reason === "throttled";
      const isNotSent = outcome.kind === "refused" && outcome.refusal.reason === "not-sent";
      if (isAsked) pause(outcome.retryAfterMs);
      if (isThrottled) pause(outcome.refusal.reason === "throttled" ? outcome.refusal.retryAfterMs : null);
      if (outcome.kind === "unknown" || isNotSent) {
        if (breaker.failed()) onOpen();
      } else if (outcome.call.status !== null) {
        breaker.succeeded();
        if (!isThrottled) throttles = 0;
      }
    },

    /** An attempt of a handoff ended. The one on trial shows whether credentials are taken, by any answer but a 429. */
    ended(id: string, outcome: StepOutcome): void {
      if (isAnswer(outcome)) answered(id);
    },
    answered,

    isRefused: (): boolean => credentials.kind !== "accepted",
    /** Null: none is on trial, or its time is over. */
    trialOf: (): string | null =>
      credentials.kind === "trial" && credentials.until > steady() ? credentials.handoffId : null,
    tryWith(handoffId: string): void {
      credentials = { kind: "trial", handoffId, until: steady() + TRIAL_MS };
    },
    accept(): void {
      credentials = { kind: "accepted" };
    },
  };
}
export type Gate = ReturnType<typeof createGate>;
