/** Admits attempts to one account: a bounded number at once, fewer while it fails, none while it asks for a pause. */
import type { Outcome } from "../../infobip/outcome.ts";
import type { StepOutcome } from "../ledger/step-attempt.ts";
import type { HandoffSettings } from "../settings.ts";
import { createBreaker } from "./circuit-breaker.ts";
import { createSlots } from "./semaphore.ts";

/** Permit of a handoff for one turn. */
export type Permit =
  /** Up to `atMost` attempts may start. Their places are taken until they are given back. */
  | { kind: "go"; atMost: number; isTrial: boolean }
  /** In milliseconds: the clock may be set before the permit is used. */
  | { kind: "wait"; forMs: number }
  /** The account refuses our credentials. */
  | { kind: "refused" };

/** `trial`: one handoff goes first, to show whether the account accepts them. */
type Credentials = { kind: "accepted" } | { kind: "refused" } | { kind: "trial"; handoffId: string; until: number };

/** A handoff on trial lets another go if it has no answer by then, whatever the cause. */
export const TRIAL_MS = 60_000;

export interface GateDeps {
  now: () => number;
  /** A clock that only moves forward, however `now` is set. */
  steady: () => number;
  settings: HandoffSettings;
  /** The account failed so often in a row that Baton leaves it alone for a while. */
  onOpen: () => void;
  /** `onRefused`: the account no longer accepts our credentials. `onAccepted`: it does again. */
  onRefused: () => void;
  onAccepted: () => void;
}

/** True if the end of an attempt shows that the account accepted our credentials, unless it refused them. */
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

  const heldForMs = (): number => Math.max(0, Math.max(pausedUntil, breaker.heldUntil() ?? 0) - steady());
  function heldUntil(): number | null {
    const forMs = heldForMs();
    return forMs > 0 ? now() + forMs : null;
  }

  const isBlocked = (id: string): boolean =>
    credentials.kind === "refused" || (credentials.kind === "trial" && credentials.handoffId !== id);

  /** Gives the permit to a handoff that has one place. */
  function permit(id: string): Permit {
    if (isBlocked(id)) {
      slots.give(1);
      return { kind: "refused" };
    }
    const forMs = heldForMs();
    if (forMs > 0) {
      slots.give(1);
      return { kind: "wait", forMs };
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
    /** Time until which nothing may be sent; null: requests may be sent. */
    heldUntil,

    /** Begins a handoff's turn. Resolves once there is a place, or at once if the handoff has to wait for something else. */
    async acquire(id: string): Promise<Permit> {
      if (isBlocked(id)) return { kind: "refused" };
      const forMs = heldForMs();
      if (forMs > 0) return { kind: "wait", forMs };
      await slots.take();
      return permit(id);
    },

    /** Begins the turn if it need not wait; null: it has to wait, or may not go. */
    acquireNow(id: string): Permit | null {
      if (isBlocked(id) || heldUntil() !== null || !slots.takeNow()) return null;
      return permit(id);
    },

    /** Frees the place of an attempt that ended, when nothing follows yet. */
    release(): void {
      slots.give(1);
    },

    /** Keeps the place of an attempt that ended for the next turn of its handoff. */
    renew: permit,

    /** Frees the places that a turn did not use, once its intents are written. */
    returnUnused(permit: Permit, started: number): void {
      if (permit.kind !== "go") return;
      slots.give(permit.atMost - started);
      if (permit.isTrial && started === 0) breaker.giveTrialBack();
    },

    /** Takes in the outcome of a request to the account. */
    recordResponse(outcome: Outcome<unknown>): void {
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

    /** Takes in the end of a handoff's attempt. Any answer but a 429 to the one on trial shows that credentials are accepted. */
    recordOutcome(id: string, outcome: StepOutcome): void {
      if (isAnswer(outcome)) answered(id);
    },
    answered,

    isRefused: (): boolean => credentials.kind !== "accepted",
    /** Null: no handoff is on trial, or its time is over. */
    trialOf: (): string | null =>
      credentials.kind === "trial" && credentials.until > steady() ? credentials.handoffId : null,
    probe(handoffId: string): void {
      credentials = { kind: "trial", handoffId, until: steady() + TRIAL_MS };
    },
    accept(): void {
      credentials = { kind: "accepted" };
    },
  };
}
export type Gate = ReturnType<typeof createGate>;
